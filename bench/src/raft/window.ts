/** How many AppendEntries should be under way to one follower? The study of hashicorp/raft#541 for ours. */
import { type Findings, number, type Table } from '../harness/report.ts'
import { percentilesOf } from '../harness/statistics.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { openDoors, type RaftCoreDoors } from './doors.ts'
import { type Costs, ModelCluster } from './model-cluster.ts'

export const WINDOWS = [1, 2, 4, 16, 64]

/** About what one thread of Node.js spends, with sockets and SQLite left out. */
const COSTS: Costs = { turnMs: 0.005, messageMs: 0.015, entryMs: 0.002 }

interface Setting {
  readonly linkMs: number
  readonly syncMs: number
  readonly commandsPerSecond: number
}

const LINKS = [0.05, 0.5, 5]
const SYNCS = [0.1, 1, 5]
const RATES = [1_000, 20_000, 80_000]

const SETTINGS: readonly Setting[] = RATES.flatMap((commandsPerSecond) =>
  LINKS.flatMap((linkMs) => SYNCS.map((syncMs) => ({ linkMs, syncMs, commandsPerSecond }))),
)

export const windowSubject: Subject = {
  options: { source: "DIR: another copy of raft-core's src folder instead of what is built" },
  pace: { seconds: 1, rounds: 1 },
  run,
}

export interface WindowResult extends Setting {
  readonly window: number
  readonly answeredPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly syncsPerCommand: number
  readonly appendsPerCommand: number
}

async function run({ options, pace, progress }: Request): Promise<Findings> {
  const doors = await openDoors(options.source)
  const results: WindowResult[] = []
  for (const setting of SETTINGS) {
    for (const window of WINDOWS) {
      results.push(studyWindow(doors, setting, window, pace.seconds * 1000))
      progress(results.length, SETTINGS.length * WINDOWS.length)
    }
  }
  const tables = RATES.map((rate) =>
    tableOf(
      rate,
      results.filter((one) => one.commandsPerSecond === rate),
    ),
  )
  return {
    tables,
    verdicts: [],
    notes: [
      'Virtual time: the cores are real; links, disks and processors take exactly the times given, so the figures are',
      'the same on every machine. Commands come at random moments (an open loop). *: more than could be answered.',
      `Processor: ${COSTS.turnMs * 1000} µs a turn, ${COSTS.messageMs * 1000} µs a message sent or received, ${COSTS.entryMs * 1000} µs an entry in it.`,
    ],
    measurements: [],
    figures: { costs: COSTS, results },
  }
}

/** `forMs` of virtual time. */
export function studyWindow(
  doors: RaftCoreDoors,
  setting: Setting,
  window: number,
  forMs: number,
): WindowResult {
  const cluster = new ModelCluster(doors, { ...setting, window, costs: COSTS })
  const outcome = cluster.run(forMs / 5, forMs)
  const latency = percentilesOf([outcome.latenciesMs])
  return {
    ...setting,
    window,
    answeredPerSecond: outcome.answeredPerSecond,
    p50Ms: latency?.p50 ?? Number.NaN,
    p99Ms: latency?.p99 ?? Number.NaN,
    syncsPerCommand: outcome.syncs / outcome.latenciesMs.length,
    appendsPerCommand: outcome.appends / outcome.latenciesMs.length,
  }
}

function tableOf(rate: number, results: readonly WindowResult[]): Table {
  return {
    title: `${number(rate)} commands/s: p50/p99 in ms; messages and syncs of all three nodes per command`,
    columns: ['messages under way', ...WINDOWS.map(String)],
    rows: LINKS.flatMap((linkMs) =>
      SYNCS.flatMap((syncMs) => {
        const row = results.filter((one) => one.linkMs === linkMs && one.syncMs === syncMs)
        return [
          [`link ${linkMs} ms, sync ${syncMs} ms`, ...row.map(latencyOf)],
          [
            '',
            ...row.map((one) => `${number(one.appendsPerCommand)} ${number(one.syncsPerCommand)}`),
          ],
        ]
      }),
    ),
  }
}

/** A star: commands came in faster than they were answered, and the figures grow with time. */
function latencyOf({ p50Ms, p99Ms, answeredPerSecond, commandsPerSecond }: WindowResult): string {
  const saturated = answeredPerSecond < 0.95 * commandsPerSecond
  return `${number(p50Ms)}/${number(p99Ms)}${saturated ? '*' : ''}`
}
