import { table } from '../product/table.ts'
import { isTestTask, type Outcome } from './outcome.ts'
import type { Counts } from './reports.ts'

export interface RunSeeds {
  /** For the cached tests: theirs changes only when somebody asks for it. */
  readonly unit: string
  readonly run: string
}

/** Task by task what ran; the static tasks in one line, unless they failed. */
export function resultTable(outcomes: readonly Outcome[], seeds: RunSeeds): string[] {
  const tests = outcomes.filter(isTestTask)
  const others = outcomes.filter((outcome) => !isTestTask(outcome))
  const rows = [['task', 'tests run', 'failed', 'skipped', 'cached', 'seed', '']]
  if (others.length > 0) {
    const names = [...new Set(others.map(({ task }) => task.replace(':root', '')))].sort()
    const cached = others.filter((outcome) => outcome.cached).length
    rows.push([names.join(', '), '', '', '', `${cached} of ${others.length}`, '', ''])
  }
  for (const outcome of others) {
    if (outcome.remark === undefined) continue
    const failed = outcome.counts.failed > 0 ? '1' : ''
    rows.push([nameOf(outcome), '', failed, '', '', '', `✗ ${outcome.remark}`])
  }
  for (const outcome of [...tests].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))) {
    const { passed, failed, skipped } = outcome.counts
    const seeded = /:(seeded|process|browser)$/.test(outcome.task)
    rows.push([
      nameOf(outcome),
      String(passed + failed),
      String(failed),
      String(skipped),
      outcome.cached ? 'yes' : 'no',
      seeded ? seeds.run : seeds.unit,
      failed > 0 ? `✗ ${outcome.remark ?? ''}` : '',
    ])
  }
  return table(rows)
}

const nameOf = ({ package: owner, task }: Outcome): string =>
  `${owner === '//' ? 'tools' : owner.replace('@quorail/', '')} ${task}`

/** The last line of a run, and nothing else on it. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
