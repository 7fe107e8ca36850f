import { fileSystem } from '../harness/file-system.ts'
import { compare, type Measurement } from '../harness/measure.ts'
import { type Findings, number, type Table, type Verdict, verdict } from '../harness/report.ts'
import type { ClusterCase } from './cases.ts'
import { costTables } from './cost-tables.ts'
import { cpuStageNotes, cpuStageTable, type SampledCase } from './cpu-stages.ts'

export interface Measured {
  readonly cases: readonly ClusterCase[]
  readonly measured: readonly Measurement[]
  readonly sampled: readonly SampledCase[]
  readonly missing: readonly string[]
  readonly folder: string
  /** At which number of callers the peers are compared. */
  readonly most: number
}

interface Pair {
  readonly one: ClusterCase
  readonly found: Measurement
}

const oursFirst = 'quorail, stream'
const peers: readonly string[] = ['etcd', 'postgres']

export function findingsOf(input: Measured): Findings {
  const pairs = input.cases.map((one, i) => ({ one, found: input.measured[i] as Measurement }))
  const kind = fileSystem(input.folder)
  return {
    tables: [
      ratioTable(pairs),
      speedTable(pairs),
      ...costTables(input.measured),
      ...input.sampled.map(({ name, micros }) => cpuStageTable(name, micros)),
      memoryTable(pairs),
    ],
    verdicts: verdicts(pairs, input.most),
    notes: [
      ...input.missing,
      ...notes(pairs, kind),
      ...input.sampled.flatMap(({ name, micros }) => cpuStageNotes(name, micros)),
    ],
    measurements: input.measured,
    figures: {
      fileSystem: kind,
      cpuMicrosByStage: Object.fromEntries(input.sampled.map(({ name, micros }) => [name, micros])),
      residentBytes: Object.fromEntries(pairs.map(({ one }) => [one.name, one.residentBytes])),
      failures: Object.fromEntries(pairs.map(({ one }) => [one.name, one.failures])),
    },
  }
}

const find = (pairs: readonly Pair[], system: string, callers: number): Pair | undefined =>
  pairs.find(({ one, found }) => one.system === system && one.callers === callers && isHold(found))

const isHold = ({ name }: Measurement): boolean => /hold, \d+ caller/.test(name)

function ratioTable(pairs: readonly Pair[]): Table {
  const rows = pairs
    .filter(({ one, found }) => one.system === oursFirst && isHold(found))
    .flatMap(({ one, found }) =>
      pairs
        .filter((pair) => pair.one.system !== oursFirst && pair.one.callers === one.callers)
        .filter((pair) => isHold(pair.found))
        .map((pair) => {
          const { wall, cpu } = compare(found, pair.found)
          const p99 = (found.latencyMs?.p99 ?? Number.NaN) / (pair.found.latencyMs?.p99 ?? 1)
          return [pair.one.system, String(one.callers), ...[wall, cpu, p99].map(number)]
        }),
    )
  return {
    title: 'Holds over our stream in proportion to (median of the ratios round by round)',
    columns: ['what', 'callers', 'operations/s', 'per CPU second', 'p99'],
    rows,
  }
}

function speedTable(pairs: readonly Pair[]): Table {
  return {
    title: 'Operations; latency in milliseconds, as the callers see it',
    columns: ['case', 'a second', 'least', 'most', 'p50', 'p99', 'p99.9', 'failed'],
    rows: pairs.map(({ one, found: { name, perSecond, latencyMs } }) => [
      name,
      ...[perSecond.median, perSecond.least, perSecond.most].map(number),
      ...[latencyMs?.p50, latencyMs?.p99, latencyMs?.p999].map((ms) => number(ms ?? Number.NaN)),
      String(Object.values(one.failures).reduce((sum, count) => sum + count, 0)),
    ]),
  }
}

function memoryTable(pairs: readonly Pair[]): Table {
  const bySystem = new Map<string, Record<string, number>>()
  for (const { one } of pairs) {
    const most = bySystem.get(one.system) ?? {}
    for (const [name, bytes] of Object.entries(one.residentBytes))
      most[name] = Math.max(most[name] ?? 0, bytes)
    bySystem.set(one.system, most)
  }
  return {
    title: 'Memory at most (resident, MB)',
    columns: ['what', 'leader', 'follower', 'other'],
    rows: [...bySystem].map(([system, most]) => [
      system,
      ...['leader', 'follower', 'other follower'].map((name) => number((most[name] ?? 0) / 1e6)),
    ]),
  }
}

function verdicts(pairs: readonly Pair[], most: number): readonly Verdict[] {
  const own = find(pairs, oursFirst, most)
  if (own === undefined) return []
  const better = peers
    .flatMap((name) => find(pairs, name, most) ?? [])
    .sort((a, b) => b.found.perSecond.median - a.found.perSecond.median)[0]
  const all = [
    verdict(
      `CPU of all processes for a hold, ${most} callers`,
      own.found.cpuMicrosPerOperation,
      'µs',
      {
        atMost: 115,
      },
    ),
  ]
  if (better !== undefined) {
    const named = `${better.one.system}, ${most} callers`
    const p99 = ({ latencyMs }: Measurement) => latencyMs?.p99 ?? Number.NaN
    all.unshift(
      verdict(`holds of ${named}`, compare(own.found, better.found).wall, 'times', { atLeast: 2 }),
      verdict(`p99 of ${named}`, p99(own.found) / p99(better.found), 'times', { atMost: 1 }),
    )
  }
  const [lone, etcd] = [find(pairs, oursFirst, 1), find(pairs, 'etcd', 1)]
  const p50 = (pair: Pair | undefined) => pair?.found.latencyMs?.p50 ?? Number.NaN
  if (lone !== undefined && etcd !== undefined)
    all.push(verdict('one caller, p50, of etcd', p50(lone) / p50(etcd), 'times', { atMost: 1 }))
  const [unary, other] = [find(pairs, 'quorail, unary', most), find(pairs, 'etcd', most)]
  if (unary !== undefined && other !== undefined)
    all.push(
      verdict(
        'one unary call for a hold, of etcd',
        compare(unary.found, other.found).wall,
        'times',
        {
          atLeast: 0.8,
        },
      ),
    )
  return all
}

function notes(pairs: readonly Pair[], kind: string): readonly string[] {
  const counted = pairs.some(({ found }) => Number.isFinite(found.counts.syncs ?? Number.NaN))
  const text = [
    'Callers are processes of their own; those of etcd and of unary calls write frames of HTTP/2 by hand, those of PostgreSQL are pgbench.',
    counted
      ? 'Syncs are calls of fsync and fdatasync, and on ext4 writes that are syncs as well (O_DSYNC), counted by the kernel (perf stat) in all processes of a system; the empty ones have none.'
      : '! Syncs are not counted: perf is not here, or may not (apt-get install linux-perf; run as root).',
  ]
  const disk = pairs.some(({ found }) => Number.isFinite(found.counts.diskBytes ?? Number.NaN))
  text.push(
    disk
      ? 'Bytes are what the disk of the folder wrote meanwhile by its own counter (/sys/dev/block), the file system’s journal and whatever else the machine wrote there included; what is written later than a round is not.'
      : '! Bytes are not counted: the folder is on no disk with a counter of its own.',
  )
  if (kind === 'tmpfs')
    text.push('! The folder is in memory (tmpfs): a sync does nothing there. Use --folder.')
  return text
}
