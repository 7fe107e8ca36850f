import type { FeedProblem, LeftOut } from './feed-problem.ts'

/** What an import does, for the person who asked for it. */
export interface ImportReport {
  readonly source: string
  readonly stations: number
  readonly trains: number
  readonly runs: number
  /** Trips the feed has, of which some are left out and some have no day to run on. */
  readonly trips: number
  readonly leftOut: readonly LeftOut[]
  /** Sound trips that do not run on any day that is opened. */
  readonly tripsWithoutRuns: number
  /** Days that are opened, yyyymmdd; 0 when there is none. */
  readonly firstDate: number
  readonly lastDate: number
  /** What the feed does not say and the import takes for granted. */
  readonly assumptions: readonly string[]
}

const day = (date: number) =>
  String(date).replace(/^(\d{4})(\d{2})(\d{2})$/, (_all, y, m, d) => `${y}-${m}-${d}`)

export function formatReport(report: ImportReport): string {
  const lines = [
    `${report.source}`,
    `  ${report.stations} stations, ${report.trains} trains, ${report.runs} runs`,
  ]
  if (report.runs > 0) {
    lines.push(`  on sale from ${day(report.firstDate)} to ${day(report.lastDate)}`)
  }
  const taken = report.trips - report.leftOut.length - report.tripsWithoutRuns
  lines.push(
    `  ${report.trips} trips in the feed: ${taken} taken, ${report.leftOut.length} left out, ` +
      `${report.tripsWithoutRuns} without a day to run on`,
  )
  if (report.assumptions.length > 0) lines.push('Taken for granted:')
  for (const assumption of report.assumptions) lines.push(`  - ${assumption}`)
  if (report.leftOut.length > 0) lines.push('Left out:')
  for (const { file, line, reason } of report.leftOut) lines.push(`  ${file}:${line}: ${reason}`)
  return lines.join('\n')
}

/** Why nothing was imported. */
export function formatProblems(problems: readonly FeedProblem[]): string {
  const lines = problems.map(({ file, line, column, problem }) => {
    const place = [file, ...(line === 0 ? [] : [line]), ...(column === '' ? [] : [column])].join(
      ':',
    )
    return place === '' ? `  ${problem}` : `  ${place}: ${problem}`
  })
  return ['This can not be read as GTFS; nothing was imported.', ...lines].join('\n')
}
