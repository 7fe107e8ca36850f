/** What an operation costs: by process, by kind of thread of each node, and how long batches were in each stage. */
import type { Measurement } from '../harness/measure.ts'
import { number, type Table } from '../harness/report.ts'
import { raftStages } from './stages.ts'
import { threadKinds } from './threads.ts'

export const costTables = (all: readonly Measurement[]): readonly Table[] =>
  [processTable(all), threadTable(all), stageTable(all)].filter(({ rows }) => rows.length > 0)

/** Of `what`, for each operation. */
export const eachOf = ({ counts }: Measurement, what: string): number =>
  (counts[what] ?? Number.NaN) / (counts.operations ?? 1)

const shown = (value: number): string => (Number.isNaN(value) ? '' : number(value))

function processTable(all: readonly Measurement[]): Table {
  return {
    title: 'What an operation costs: CPU in µs by process; syncs, and bytes that the disk wrote',
    columns: [
      ...['case', 'CPU µs', 'leader', 'follower', 'other', 'caller'],
      ...['syncs', 'bytes'],
    ],
    rows: all.map((found) => [
      found.name,
      number(found.cpuMicrosPerOperation),
      ...['leader micros', 'follower micros', 'other follower micros', 'callerMicros'].map((what) =>
        number(found.counts[what] === undefined ? 0 : eachOf(found, what)),
      ),
      ...['syncs', 'diskBytes'].map((what) => shown(eachOf(found, what))),
    ]),
  }
}

/** Only Node's threads have names; of both followers together, and of each in `--json`. */
function threadTable(all: readonly Measurement[]): Table {
  const followers = ['follower', 'other follower']
  const known = all.filter(({ counts }) => 'follower SQLite micros' in counts)
  return {
    title: 'CPU of an operation in µs by kind of thread: leader, then both followers together',
    columns: ['case', ...threadKinds, ...threadKinds.map((kind) => `followers: ${kind}`)],
    rows: known.map((found) => [
      found.name,
      ...threadKinds.map((kind) => shown(eachOf(found, `leader ${kind} micros`))),
      ...threadKinds.map((kind) =>
        shown(followers.reduce((sum, of) => sum + eachOf(found, `${of} ${kind} micros`), 0)),
      ),
    ]),
  }
}

function stageTable(all: readonly Measurement[]): Table {
  const known = all.filter(({ counts }) => 'leader stage queue batches' in counts)
  const mean = ({ counts }: Measurement, sum: string, of: string) =>
    (counts[`leader stage ${sum}`] ?? 0) / (counts[`leader stage ${of}`] || Number.NaN)
  return {
    title:
      'Stages of the leader, by its /metrics: entries in a batch; a batch in each stage and a call in the node, mean in ms; garbage collection for each operation, µs',
    columns: ['case', 'entries', ...raftStages, 'call', 'collector'],
    rows: known.map((found) => [
      found.name,
      shown(mean(found, 'append entries', 'append batches')),
      ...raftStages.map((stage) => shown(mean(found, `${stage} micros`, `${stage} batches`) / 1e3)),
      shown(mean(found, 'calls micros', 'calls') / 1e3),
      shown(eachOf(found, 'leader stage collector micros')),
    ]),
  }
}
