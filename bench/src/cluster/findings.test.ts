import { expect, test } from 'vitest'
import { summarise } from '../harness/measure.ts'
import { caseOf } from './cases.ts'
import { findingsOf, type Measured } from './findings.ts'

const nobody = { processes: async () => ({}), run: () => Promise.reject(new Error('not run')) }

interface Seen {
  readonly system: string
  readonly callers?: number
  readonly work?: 'hold' | 'sale'
  readonly perSecond: number
  readonly cpuMicros: number
  readonly latencyMs: number
  /** Of the open loop. */
  readonly due?: number
}

function findings(all: readonly Seen[], more: Partial<Measured> = {}) {
  const cases = all.map(({ system, work = 'hold', callers = 256, due }) =>
    caseOf(system, nobody, { work, callers, ...(due && { perSecond: due }) }, '/'),
  )
  const measured = all.map(({ perSecond, cpuMicros, latencyMs }, i) => {
    const [operations, wallSeconds] = [perSecond, 1]
    const cpuSeconds = (cpuMicros * perSecond) / 1e6
    const latenciesMs = Float64Array.from({ length: 1_000 }, () => latencyMs)
    const round = { operations, wallSeconds, cpuSeconds, latenciesMs, counts: { operations } }
    return summarise(cases[i]?.name ?? '', 'operations', [round, round])
  })
  return findingsOf({ cases, measured, sampled: [], missing: [], folder: '/', most: 256, ...more })
}

const ours = { system: 'quorail, stream', perSecond: 10_000, cpuMicros: 110, latencyMs: 40 }
const unary = { system: 'quorail, unary', perSecond: 8_000, cpuMicros: 120, latencyMs: 45 }
const etcd = { system: 'etcd', perSecond: 5_000, cpuMicros: 220, latencyMs: 80 }
const postgres = { system: 'postgres', perSecond: 8_000, cpuMicros: 200, latencyMs: 100 }

test('ratios of our stream to each other system, at the same number of callers', () => {
  const lone = { ...etcd, callers: 1 }
  const [ratios] = findings([ours, unary, etcd, postgres, lone]).tables
  expect(ratios?.rows).toEqual([
    ['quorail, unary', '256', '1.25', '1.09', '0.889'],
    ['etcd', '256', '2.00', '2.00', '0.500'],
    ['postgres', '256', '1.25', '1.82', '0.400'],
  ])
})

test('targets: against the better peer, the processor, one caller, one unary call', () => {
  const loneOurs = { ...ours, callers: 1, latencyMs: 1.2 }
  const loneEtcd = { ...etcd, callers: 1, latencyMs: 1 }
  const { verdicts } = findings([ours, unary, etcd, postgres, loneOurs, loneEtcd])
  expect(verdicts.map(({ what, value, met }) => [what, Number(value.toFixed(2)), met])).toEqual([
    ['holds of postgres, 256 callers', 1.25, false],
    ['p99 of postgres, 256 callers', 0.4, true],
    ['CPU of all processes for a hold, 256 callers', 110, true],
    ['one caller, p50, of etcd', 1.2, false],
    ['one unary call for a hold, of etcd', 1.6, true],
  ])
})

test('a load that is no hold of callers who wait is neither compared nor judged', () => {
  const sale = { ...ours, work: 'sale', perSecond: 100 } as const
  const open = { ...ours, due: 4_000, perSecond: 4_000 }
  const { tables, verdicts } = findings([sale, open, etcd])
  expect(tables[0]?.rows).toEqual([])
  expect(verdicts).toEqual([])
  expect(tables[1]?.rows.map(([name]) => name)).toEqual([
    ...['quorail, stream, sale, 256 callers', 'quorail, stream, hold, 4000/s at any time'],
    'etcd, hold, 256 callers',
  ])
})

test('who is left out is said, and the command that brings it; and what is not counted', () => {
  const missing = ['Left out: etcd is not here: apt-get install etcd-server']
  const { notes, verdicts } = findings([ours], { missing })
  expect(notes[0]).toBe(missing[0])
  expect(notes).toContain(
    '! Syncs are not counted: perf is not here, or may not (apt-get install linux-perf; run as root).',
  )
  expect(verdicts.map(({ what }) => what)).toEqual(['CPU of all processes for a hold, 256 callers'])
})
