import type { Command, PutStations, Refusal, Reply, TrainTimesView } from '@quorail/booking-fsm'
import type { FeedProblem } from './feed-problem.ts'
import { type GtfsPlan, readGtfs } from './read-gtfs.ts'
import { reconcile, type TimetableChanges, type TrainToImport } from './reconcile.ts'
import { formatChanges, formatProblems, formatReport, type ImportReport } from './report.ts'

export interface ImportGtfsOptions {
  /** A zip file or a folder. */
  readonly source: string
  readonly nowMs: number
  /** yyyymmdd: runs are opened from this day on. */
  readonly fromDate?: number | undefined
  readonly daysAhead?: number
  /** yyyymmdd */
  readonly shiftDatesTo?: number | undefined
  /** Gives up an import that was left open (its sender died), of which there can be one. */
  readonly abortOpenImport?: boolean
  /** Logs one command and answers its reply; retries under the same request id are its matter. */
  send(command: Command): Promise<Reply>
  /**
   * The trains on sale with their days from a date (yyyymmdd) on, as new as everything sent before. It is asked
   * once the import is open: from there on no other import adds a train.
   */
  trainsOnSale(fromDate: number): Promise<readonly TrainTimesView[]>
  /** Takes lines for a person. */
  log(text: string): void
}

export type ImportResult =
  | {
      readonly status: 'imported'
      readonly importId: number
      readonly report: ImportReport
      readonly changes: TimetableChanges
    }
  /** Not GTFS; nothing was sent. */
  | { readonly status: 'unreadable'; readonly fatal: readonly FeedProblem[] }
  /** Sound, but without a train that can be sold; nothing was sent. */
  | { readonly status: 'empty'; readonly report: ImportReport }
  /** The cluster refused a command; the import was given up and nothing of it is on sale. */
  | { readonly status: 'refused'; readonly command: Command; readonly refusal: Refusal }

/** Reads and checks a whole feed, then sends it; it is on sale with the last command or not at all. */
export async function importGtfs(options: ImportGtfsOptions): Promise<ImportResult> {
  const { send, log } = options
  const { fatal, plan } = readGtfs(options)
  if (plan === undefined) {
    log(formatProblems(fatal))
    return { status: 'unreadable', fatal }
  }
  const { report } = plan
  log(formatReport(report))
  if (report.runs === 0) {
    log('Nothing to import.')
    return { status: 'empty', report }
  }
  const begin: Command = { type: 'beginImport', source: plan.source }
  let begun = await send(begin)
  if (isRefused(begun, 'importNotOpen') && begun.figure > 0) {
    if (!options.abortOpenImport) {
      log(`Import ${begun.figure} is open. If nobody works on it, give it up: --abort-open-import.`)
      return refused(begin, begun, log)
    }
    await send({ type: 'abortImport', importId: begun.figure })
    log(`Import ${begun.figure}, which was open, has been given up.`)
    begun = await send(begin)
  }
  if (begun.type === 'refused') return refused(begin, begun, log)
  if (begun.type !== 'importBegun') throw new Error(`beginImport was answered with ${begun.type}`)
  return sendStaged(options, plan, begun.importId)
}

async function sendStaged(
  { send, trainsOnSale, log }: ImportGtfsOptions,
  plan: GtfsPlan,
  importId: number,
): Promise<ImportResult> {
  const commit: Command = { type: 'commitImport', importId }
  const abort: Command = { type: 'abortImport', importId }
  let found: { trains: readonly TrainToImport[]; changes: TimetableChanges } | undefined
  const done = (changes: TimetableChanges): ImportResult => {
    log(formatChanges(changes))
    log(`Import ${importId} is on sale.`)
    return { status: 'imported', importId, report: plan.report, changes }
  }
  let last: Command = abort
  try {
    found = reconcile(plan.trains, await trainsOnSale(plan.report.firstDate))
    for (const command of plan.commands(importId, found.trains)) {
      last = command
      let reply = await send(command)
      if (command.type === 'putStations' && isRefused(reply, 'featureNotActive')) {
        log('This cluster knows no zones, groups and times to change of stations yet: left out.')
        reply = await send(withoutLaterFields(command))
      }
      if (reply.type !== 'refused') continue
      await send(abort)
      return refused(command, reply, log)
    }
    last = commit
    const reply = await send(commit)
    return reply.type === 'refused' ? refused(commit, reply, log) : done(found.changes)
  } catch (error) {
    // Whether the last command was done is unknown; the abort settles it, when it can be sent.
    const settled = await send(abort).catch(() => undefined)
    const committed = last === commit ? found : undefined
    if (committed !== undefined && settled !== undefined && isRefused(settled, 'importNotOpen'))
      return done(committed.changes)
    log(
      settled?.type === 'done'
        ? `Import ${importId} was given up; nothing of it is on sale.`
        : `Import ${importId} may be open still: try again with --abort-open-import.`,
    )
    throw error
  }
}

/** As a cluster of feature level 1 takes it. */
function withoutLaterFields(command: PutStations): PutStations {
  const stations = command.stations.map(({ groupCode, changeSeconds, zone, ...station }) => station)
  return { ...command, stations }
}

function isRefused(reply: Reply, code: Refusal['code']): reply is Refusal {
  return reply.type === 'refused' && reply.code === code
}

function refused(command: Command, refusal: Refusal, log: (text: string) => void): ImportResult {
  const field = refusal.field === '' ? '' : ` (${refusal.field})`
  log(`The cluster refused ${command.type}: ${refusal.code}${field}. Nothing was put on sale.`)
  return { status: 'refused', command, refusal }
}
