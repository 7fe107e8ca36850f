import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/** What one test task did, whichever tool ran it. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0 }

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }
}

/** test:seeded of a package writes .reports/test-seeded.json there. */
export function reportFile(folder: string, task: string): string {
  return path.join(folder, '.reports', `${task.replaceAll(':', '-')}.json`)
}

/** Before a run: what is not written again must not be counted again. */
export function forgetReports(root: string): void {
  for (const file of globSync(['*/.reports/*.json', '{packages,apps}/*/.reports/*.json'], {
    cwd: root,
  }))
    rmSync(path.join(root, file), { force: true })
}

/** Undefined where the task wrote none: it has no tests of that kind, or broke before the end. */
export function readReport(file: string): Counts | undefined {
  if (!existsSync(file)) return undefined
  return countsOf(JSON.parse(readFileSync(file, 'utf8')))
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests?: number
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
}

export function countsOf(report: VitestReport | PlaywrightReport): Counts {
  if ('stats' in report) {
    const { expected, unexpected, flaky, skipped } = report.stats
    // Passed at the second try is not passed: nothing is tried twice here.
    return { passed: expected, failed: unexpected + flaky, skipped }
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}
