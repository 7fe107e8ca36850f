import path from 'node:path'
import { add, type Counts, noTests, readReport, reportFile } from './reports.ts'
import type { TaskResult } from './turbo.ts'

/** A task with what it counted. */
export interface Outcome extends TaskResult {
  readonly counts: Counts
  /** Why it counts as failed without a failed test. */
  readonly remark?: string
}

export const isTestTask = ({ task }: { readonly task: string }): boolean => task.startsWith('test')

const notReached = 'not reached: what it needs failed'

/** A task that breaks, is not reached or leaves no report is a failure, also where no test says so. */
export function outcomeOf(root: string, result: TaskResult): Outcome {
  const oneFailure: Counts = { ...noTests, failed: 1 }
  if (!isTestTask(result)) {
    if (result.exitCode === 0 || result.exitCode === undefined)
      return { ...result, counts: noTests }
    return { ...result, counts: oneFailure, remark: `exit code ${result.exitCode}` }
  }
  if (result.exitCode === undefined) return { ...result, counts: oneFailure, remark: notReached }
  const counts = readReport(reportFile(path.join(root, result.folder), result.task))
  if (counts === undefined)
    return { ...result, counts: oneFailure, remark: `no report, exit code ${result.exitCode}` }
  if (result.exitCode !== 0 && counts.failed === 0)
    return { ...result, counts: add(counts, oneFailure), remark: `exit code ${result.exitCode}` }
  return { ...result, counts }
}

export function total(outcomes: readonly Outcome[]): Counts {
  return outcomes.reduce((sum, { counts }) => add(sum, counts), noTests)
}
