import { type Case, compare, type Measurement, measure } from '../harness/measure.ts'
import { type Findings, number, type Table, type Verdict, verdict } from '../harness/report.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { codecCases } from './codec-cases.ts'
import {
  CORE_BATCH_1,
  CORE_BATCH_64,
  CORE_CODEC_1,
  CORE_CODEC_64,
  catchUp,
  proposeRounds,
  readRounds,
} from './core-cases.ts'
import { throughCodec } from './core-trio.ts'
import { openDoors, type RaftCoreDoors } from './doors.ts'
import { COMMAND_BYTES } from './members.ts'
import { nodeCase } from './node-cases.ts'

const PROPOSE = 'propose, 256 callers'

/** design: what each is to reach in a second. */
const TARGETS: Readonly<Record<string, number>> = {
  [CORE_BATCH_64]: 1_000_000,
  [CORE_BATCH_1]: 100_000,
  [PROPOSE]: 200_000,
}

export const raftSubject: Subject = {
  options: {
    source: "DIR: another copy of raft-core's src folder instead of what is built",
    against: 'DIR: a second copy, measured side by side, to compare with',
  },
  pace: { seconds: 3, rounds: 7 },
  run,
}

async function run(request: Request): Promise<Findings> {
  const { source, against } = request.options
  const ours = casesOf(await openDoors(source)).filter(({ name }) => name.includes(request.only))
  if (ours.length === 0) throw new UsageError(`No case has "${request.only}" in its name.`)
  const others = against === undefined ? [] : await otherCases(against, ours)
  // Side by side: each case runs next to its counterpart.
  const all = ours.flatMap((one, i) => [one, ...others.slice(i, i + 1)])
  const measured = await measure(all, request.pace, request.progress)
  const stride = others.length === 0 ? 1 : 2
  const mine = measured.filter((_, i) => i % stride === 0)
  const theirs = measured.filter((_, i) => i % stride === 1)
  const tables = [
    speedTable(mine),
    latencyTable(mine),
    shareTable(mine),
    againstTable(mine, theirs),
  ]
  return {
    tables: tables.filter(({ rows }) => rows.length > 0),
    verdicts: mine.flatMap(verdictsOf),
    notes: [
      `Commands of ${COMMAND_BYTES} bytes, three nodes in one process, nothing on a disk. A round is over when all three have applied it.`,
      'Callers are a closed loop: each asks again when it has its answer.',
    ],
    measurements: measured,
    figures: {},
  }
}

async function otherCases(against: string, ours: readonly Case[]): Promise<readonly Case[]> {
  const names = new Set(ours.map(({ name }) => name))
  const cases = casesOf(await openDoors(against)).filter(({ name }) => names.has(name))
  return cases.map((one) => ({ ...one, name: `${one.name} (against)` }))
}

function casesOf(doors: RaftCoreDoors): readonly Case[] {
  const codec = throughCodec(doors)
  return [
    proposeRounds(CORE_BATCH_64, doors, 64),
    proposeRounds(CORE_BATCH_1, doors, 1),
    proposeRounds(CORE_CODEC_64, doors, 64, codec),
    proposeRounds(CORE_CODEC_1, doors, 1, codec),
    readRounds('core, 64 reads a round', doors, 64),
    readRounds('core, 1 read a round', doors, 1),
    catchUp('core and codec, catching up 64,000 entries', doors),
    ...codecCases(doors),
    nodeCase(PROPOSE, doors, 'propose', 256),
    nodeCase('propose, 1 caller', doors, 'propose', 1),
    nodeCase('proposeWith, 256 callers', doors, 'proposeWith', 256),
    nodeCase('readWith, 256 callers', doors, 'readWith', 256),
    nodeCase('readWith, 1 caller', doors, 'readWith', 1),
  ]
}

function speedTable(measured: readonly Measurement[]): Table {
  return {
    title: 'In a second',
    columns: ['case', 'median', 'least', 'most', '', 'per CPU second', 'CPU µs each', 'of target'],
    rows: measured.map(({ name, unit, perSecond, perCpuSecond, cpuMicrosPerOperation }) => {
      const target = TARGETS[name]
      return [
        name,
        number(perSecond.median),
        number(perSecond.least),
        number(perSecond.most),
        unit,
        number(perCpuSecond),
        number(cpuMicrosPerOperation),
        target === undefined ? '' : number(perSecond.median / target),
      ]
    }),
  }
}

function latencyTable(measured: readonly Measurement[]): Table {
  return {
    title: 'Latency in milliseconds, all rounds together',
    columns: ['case', 'p50', 'p90', 'p99', 'p99.9', 'most', 'count'],
    rows: measured.flatMap(({ name, latencyMs: l }) =>
      l === undefined ? [] : [[name, ...[l.p50, l.p90, l.p99, l.p999, l.max, l.count].map(number)]],
    ),
  }
}

/** What encoding and decoding add to the rounds of three cores. */
function shareTable(measured: readonly Measurement[]): Table {
  const rows = [
    [CORE_BATCH_64, CORE_CODEC_64],
    [CORE_BATCH_1, CORE_CODEC_1],
  ].flatMap(([without, having]) => {
    const plain = measured.find(({ name }) => name === without)
    const coded = measured.find(({ name }) => name === having)
    if (plain === undefined || coded === undefined) return []
    return [[coded.name, `${number(100 * (1 - compare(coded, plain).cpu))} %`]]
  })
  return { title: 'Share of the codec in the processor time', columns: ['case', 'share'], rows }
}

function againstTable(mine: readonly Measurement[], theirs: readonly Measurement[]): Table {
  return {
    title: 'Times as fast as the other source (median of the rounds)',
    columns: ['case', 'by the clock', 'by the processor'],
    rows: theirs.map((their, i) => {
      const { wall, cpu } = compare(mine[i] as Measurement, their)
      return [(mine[i] as Measurement).name, number(wall), number(cpu)]
    }),
  }
}

function verdictsOf({ name, unit, perSecond }: Measurement): readonly Verdict[] {
  const target = TARGETS[name]
  if (target === undefined) return []
  return [verdict(name, perSecond.median, `${unit}/s`, { atLeast: target })]
}
