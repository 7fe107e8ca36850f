import { type Findings, number, type Table, type Verdict, verdict } from '../harness/report.ts'
import { type Percentiles, percentilesOf } from '../harness/statistics.ts'
import type { Calm } from './calm.ts'
import type { Cycle, Fault } from './cycle.ts'
import type { Measured } from './subject.ts'

/** design: of the longest time without an acknowledged booking, p99. */
const GAP_MS: Readonly<Record<Fault, number>> = { killed: 1_000, paused: 2_000, 'cut off': 2_000 }
const faults = Object.keys(GAP_MS) as Fault[]

interface Summary {
  readonly fault: Fault
  readonly count: number
  readonly gapMs: Percentiles
  readonly clientGapMs: Percentiles
  readonly electedMs: Percentiles
  readonly wholeAfterMs: Percentiles
}

export function findingsOf(measured: Measured): Findings {
  const { capacity, perSecond, clients, calm, cycles, kind } = measured
  const summaries = faults.flatMap((fault) => summarise(fault, cycles))
  const failed = sum(cycles.map(({ failures }) => failures))
  return {
    tables: [
      ...(summaries.length === 0 ? [] : [gapTable(summaries)]),
      loadTable(measured),
      ...failureTable(sum([failed, calm.failures])),
    ],
    verdicts: verdicts(summaries, measured),
    notes: [
      ...(cycles.length === 0 ? [] : faultNotes(clients, perSecond)),
      ...(kind === 'tmpfs' ? ['! The folder is in memory (tmpfs). Use --folder.'] : []),
    ],
    measurements: [],
    figures: { capacity, perSecond, clients, calm, cycles, summaries, fileSystem: kind },
  }
}

const faultNotes = (clients: number, perSecond: number): readonly string[] => [
  `Before a fault all three nodes were whole, and ${clients} clients of cluster-client had streams open; after it the leader came back.`,
  'A gap is the longest time between two acknowledged bookings from the last one before the fault until all nodes had caught up again.',
  `${number(perSecond)} holds fell due each second, answered or not. Under a hundred faults p99 is the longest gap.`,
]

function summarise(fault: Fault, cycles: readonly Cycle[]): Summary[] {
  const own = cycles.filter((cycle) => cycle.fault === fault)
  const of = (values: readonly number[]) => percentilesOf([Float64Array.from(values)])
  const gapMs = of(own.map((cycle) => cycle.gapMs))
  const clientGapMs = of(own.flatMap(({ clientGapsMs }) => clientGapsMs))
  const electedMs = of(own.map((cycle) => cycle.electedMs))
  const wholeAfterMs = of(own.map((cycle) => cycle.wholeAfterMs))
  if (!gapMs || !clientGapMs || !electedMs || !wholeAfterMs) return []
  return [{ fault, count: own.length, gapMs, clientGapMs, electedMs, wholeAfterMs }]
}

function gapTable(summaries: readonly Summary[]): Table {
  return {
    title: 'How long no booking was acknowledged, in milliseconds',
    columns: [
      ...['leader', 'times', 'p50', 'p99', 'max', 'one client, p50', 'p99', 'max'],
      ...['elected, p50', 'max', 'whole, p50'],
    ],
    rows: summaries.map(({ fault, count, gapMs, clientGapMs, electedMs, wholeAfterMs }) => [
      ...[fault, String(count)],
      ...[gapMs, clientGapMs].flatMap(({ p50, p99, max }) => [p50, p99, max].map(number)),
      ...[electedMs.p50, electedMs.max, wholeAfterMs.p50].map(number),
    ]),
  }
}

function loadTable({ capacity, perSecond, calm, cycles }: Measured): Table {
  return {
    title: 'Load',
    columns: ['what', '', ''],
    rows: [
      ['full load, before', number(capacity), 'holds/s'],
      ...(cycles.length === 0 ? [] : [['during the faults', number(perSecond), 'holds/s']]),
      ...(calm.minutes === 0 ? [] : calmRows(calm)),
    ],
  }
}

const calmRows = (calm: Calm): readonly (readonly string[])[] => [
  ['full load without a fault', number(calm.minutes), 'min'],
  ['holds meanwhile', number(calm.holdsPerSecond), 'holds/s'],
  ['their p99', number(calm.latencyMs?.p99 ?? 0), 'ms'],
  ['elections meanwhile', String(calm.elections), ''],
]

/** What callers were told instead of an answer. */
function failureTable(failures: Readonly<Record<string, number>>): Table[] {
  const rows = Object.entries(failures).map(([what, count]) => [what, String(count)])
  if (rows.length === 0) return []
  return [{ title: 'Calls that failed', columns: ['why', 'times'], rows }]
}

function verdicts(summaries: readonly Summary[], { calm }: Measured): Verdict[] {
  return [
    ...summaries.map(({ fault, gapMs }) =>
      verdict(`gap, leader ${fault}, p99`, gapMs.p99, 'ms', { atMost: GAP_MS[fault] }),
    ),
    // Nothing is said of a time that was not measured.
    ...(calm.minutes === 0
      ? []
      : [verdict('elections at full load', calm.elections, '', { atMost: 0 })]),
  ]
}

function sum(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of all)
    for (const [what, count] of Object.entries(one)) total[what] = (total[what] ?? 0) + count
  return total
}
