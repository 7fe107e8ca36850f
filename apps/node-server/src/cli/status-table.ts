import { clockLimitMs } from '../host/clock-verdict.ts'
import { differ, type StatusRow } from './status-row.ts'

const columns: readonly (readonly [string, (row: StatusRow) => string])[] = [
  ['node', (row) => row.id],
  ['address', (row) => row.address],
  ['pid', (row) => (row.pid === null ? '–' : String(row.pid))],
  ['role', (row) => row.role],
  ['term', (row) => known(row, row.term)],
  ['committed', (row) => known(row, row.commitIndex)],
  ['applied', (row) => known(row, row.appliedIndex)],
  ['durable', (row) => known(row, row.durableIndex)],
  ['state hash', (row) => (row.stateHash === '' ? '–' : `${row.stateHash} @${row.hashIndex}`)],
  ['level', (row) => levels(row)],
  ['log', (row) => (row.role === 'unreachable' ? '–' : size(row.logSizeBytes))],
]

/** The cluster for a person. */
export function statusTable(rows: readonly StatusRow[]): string[] {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, of]) => of(row))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)))
  const lines = cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const said = remarks(rows)
  return said.length === 0 ? lines : [...lines, '', ...said]
}

function remarks(rows: readonly StatusRow[]): string[] {
  const up = rows.filter(({ role }) => role !== 'unreachable')
  const said: string[] = []
  if (2 * up.length <= rows.length)
    said.push(`Only ${up.length} of ${rows.length} nodes answer: too few to agree on a sale.`)
  else if (!rows.some(({ role }) => role === 'leader'))
    said.push(
      'Nobody leads at the moment: an election is under way, or the nodes do not reach each other.',
    )
  else if (up.length < rows.length)
    said.push(
      `${rows.length - up.length} of ${rows.length} nodes do not answer; the others go on selling.`,
    )
  if (differ(rows))
    said.push(
      "Two nodes have different states at the same index: what is not a majority's stops serving. Their logs say what to do.",
    )
  for (const { id, clockOffsetMs } of up)
    if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockLimitMs) {
      const by = `${(Math.abs(clockOffsetMs) / 1_000).toFixed(1)} s`
      const way = clockOffsetMs > 0 ? 'ahead of' : 'behind'
      said.push(
        `The clock of ${id} is ${by} ${way} the majority's: it does not lead. Set it right.`,
      )
    }
  return said
}

const known = (row: StatusRow, value: number): string =>
  row.role === 'unreachable' ? '–' : String(value)

/** `2`, or `1 of 2` while the others are waited for. */
function levels({ role, featureLevel, supportedFeatureLevel }: StatusRow): string {
  if (role === 'unreachable') return '–'
  const all = featureLevel === supportedFeatureLevel
  return all ? String(featureLevel) : `${featureLevel} of ${supportedFeatureLevel}`
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`
}
