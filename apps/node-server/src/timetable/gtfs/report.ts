import type { FeedProblem, LeftOut } from './feed-problem.ts'
import type { TimetableChanges, TrainDays } from './reconcile.ts'

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

/** What of it was on sale already, and what a person has to settle. */
export function formatChanges(changes: TimetableChanges): string {
  const { trainsKnown, trainsNew, daysAdded, daysThere, changed, gone } = changes
  const lines = [
    `  ${trainsKnown} trains known, ${trainsNew} new; ${daysAdded} days added, ${daysThere} already there`,
  ]
  if (changed.length > 0) {
    lines.push(
      'On sale with other times or stops than in the feed; left as they are. Cancel these runs, then import again:',
      ...changed.map(trainLine),
    )
  }
  if (gone.length > 0) {
    lines.push(
      'On sale, but no longer in the feed; left as they are. Cancel what does not go:',
      ...gone.map(trainLine),
    )
  }
  return lines.join('\n')
}

const trainLine = ({ trainId, number, dates }: TrainDays) =>
  `  ${number} (train ${trainId}): ${dates.map(day).join(', ')}`

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
