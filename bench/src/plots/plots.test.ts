import { expect, test } from 'vitest'
import { summarise } from '../harness/measure.ts'
import { number, type Report, type Verdict, verdict } from '../harness/report.ts'
import { picturesOf } from './pictures.ts'

function reportOf(subject: string, more: Partial<Report>): Report {
  return {
    subject,
    startedAt: '2026-11-23T12:00:00.000Z',
    command: `pnpm bench ${subject}`,
    machine: {
      ...{ cores: 2, processor: 'A <fast> one', memoryBytes: 8 * 2 ** 30, system: 'Linux 6 x64' },
      ...{ node: 'v24', loadAtStart: 0.125, busy: false },
    },
    commit: { hash: '0123456789abcdef', modified: false },
    pace: { seconds: 3, rounds: 2 },
    ...{ options: {}, tables: [], verdicts: [], notes: [], measurements: [], figures: {} },
    ...more,
  }
}

const latenciesMs = Float64Array.from({ length: 1_000 }, (_, i) => (i + 1) / 10)
const stages = {
  ...{ 'leader micros': 600, 'leader first thread micros': 400, 'leader SQLite micros': 120 },
  ...{ 'follower micros': 100, 'follower first thread micros': 70 },
  ...{ 'other follower micros': 110, 'other follower first thread micros': 75 },
}

function hold(system: string, callers: number, operations: number) {
  const counts: Record<string, number> = { operations }
  for (const [name, each] of Object.entries(stages)) counts[name] = each * operations
  const round = { operations, wallSeconds: 1, cpuSeconds: 1, latenciesMs, counts }
  const name = `${system}, hold, ${callers} ${callers === 1 ? 'caller' : 'callers'}`
  return summarise(name, 'operations', [round])
}

const cluster = reportOf('cluster', {
  verdicts: [verdict('CPU of all processes for a hold, 256 callers', 810, 'µs', { atMost: 115 })],
  measurements: ['quorail, stream', 'quorail, unary', 'etcd', 'postgres', 'empty stream'].flatMap(
    (system, i) => [hold(system, 1, 100 + i), hold(system, 256, 9_000 - i * 1_000)],
  ),
})

const cycle = (fault: string, gapMs: number) => ({ fault, gapMs })
const gap = (fault: string, atMost: number): Verdict =>
  verdict(`gap, leader ${fault}, p99`, 500, 'ms', { atMost })
const failover = reportOf('failover', {
  verdicts: [gap('killed', 1_000), gap('cut off', 2_000), gap('paused', 2_000)],
  figures: { cycles: [cycle('killed', 412), cycle('killed', 1_204), cycle('cut off', 987)] },
})

const started = { role: 'follower', readyMs: 6_500, loadMs: 5_250, peakBytes: 782e6 }
const restart = reportOf('restart', {
  verdicts: [verdict('a follower serves again', 6_500, 'ms', { atMost: 5_000 })],
  figures: {
    bookings: 1_000_000,
    starts: [started, { ...started, readyMs: 4_000, loadMs: 3_000 }],
  },
})

const fsm = reportOf('fsm', {
  verdicts: [verdict('holds, 1 passenger', 109_400, 'holds/s', { atLeast: 100_000 })],
  measurements: [
    summarise(
      'holds, 1 passenger',
      'holds',
      [109_400, 90_000].map((operations) => round(operations)),
    ),
    summarise('sales', 'sales', [round(40_000)]),
  ],
})
const search = reportOf('search', {
  options: { cluster: '500' },
  measurements: [summarise('from a follower, 8 callers', 'searches', [round(1_482)])],
})

function round(operations: number) {
  return { operations, wallSeconds: 1, cpuSeconds: 1, latenciesMs }
}

const all = [cluster, failover, restart, fsm, search]
const titlesOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, words]) => words ?? '')

test.each(all.map((report) => [report.subject, report] as const))(
  '%s: a picture says of when, which commit and which machine it is, and has no figure that is none',
  (_name, report) => {
    const pictures = picturesOf(report)
    expect(pictures.length).toBeGreaterThan(0)
    for (const { svg, title } of pictures) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/)
      expect(svg).toContain('23 November 2026, commit 01234567; load 0.13 when it began')
      expect(svg).toContain('2 cores (A &lt;fast&gt; one), 8 GiB, Linux 6 x64, Node v24')
      expect(svg).toContain('prefers-color-scheme:dark')
      expect(titlesOf(svg)[0]).toBe(title)
      expect(svg).not.toMatch(/NaN|undefined|Infinity|null/)
      expect(svg.length).toBeLessThan(60_000)
      isWellFormed(svg)
    }
  },
)

/** Every tag that is opened is closed, in order. */
function isWellFormed(svg: string): void {
  const open: string[] = []
  for (const [, closes, name = '', rest] of svg.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
    if (closes === '/') expect(open.pop()).toBe(name)
    else if (!rest?.endsWith('/')) open.push(name)
  }
  expect(open).toEqual([])
}

test('cluster: each system and number of callers, without the ceilings, with the figures of the file', () => {
  const [speed, cpu] = picturesOf(cluster)
  const said = titlesOf(speed?.svg ?? '')
  for (const { name, perSecond, latencyMs } of cluster.measurements) {
    const [, system = '', callers] = /^(.+), hold, (\d+)/.exec(name) ?? []
    const shown = system
      .replace('quorail, unary', 'Quorail, unary calls')
      .replace('quorail', 'Quorail')
      .replace('postgres', 'PostgreSQL')
    const at = `${shown}, ${callers} callers: `
    const figures = [perSecond.median, latencyMs?.p50, latencyMs?.p99, latencyMs?.p999]
    const wanted = figures.map(
      (value, i) => `${at}${number(value ?? 0)} ${i === 0 ? 'a second' : 'ms'}`,
    )
    if (system.startsWith('empty')) expect(said.filter((words) => words.startsWith(at))).toEqual([])
    else expect(said).toEqual(expect.arrayContaining(wanted))
  }
  expect(titlesOf(cpu?.svg ?? '')).toEqual(
    expect.arrayContaining([
      'Quorail, stream, 256 callers, leader: first thread (Raft, rules, services): 400 µs',
      'Quorail, stream, 256 callers, leader: SQLite: 120 µs',
      'Quorail, stream, 256 callers, leader: garbage (V8), libuv pool, others: 80.0 µs',
      'Quorail, stream, 256 callers, followers: first threads: 145 µs',
      'Quorail, stream, 256 callers, followers: SQLite, garbage (V8), libuv pool, others: 65.0 µs',
      'Quorail, stream, 256 callers, target: 115 µs',
      'etcd, 1 caller, leader or primary: all of it: 600 µs',
    ]),
  )
})

test('cluster: a place is in proportion to its figure', () => {
  const { svg = '' } = picturesOf(cluster)[1] ?? {}
  const widths = [
    ...svg.matchAll(/256 callers, leader[^<]*: (\d+) µs<\/title><rect [^>]*width="([\d.]+)"/g),
  ]
  expect(widths.length).toBeGreaterThan(4)
  const ratios = widths.map(([, value, width]) => Number(width) / Number(value))
  for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0] ?? 0, 1)
})

test('failover: a dot for each fault, and what p99 is to stay below', () => {
  const [picture] = picturesOf(failover)
  expect(titlesOf(picture?.svg ?? '').slice(1)).toEqual([
    ...['leader killed, target: 1,000 ms', 'leader killed: 412 ms', 'leader killed: 1,204 ms'],
    ...['leader cut off, target: 2,000 ms', 'leader cut off: 987 ms'],
  ])
})

test('restart, fsm and search: bars with their parts, targets and extremes', () => {
  expect(titlesOf(picturesOf(restart)[0]?.svg ?? '').slice(1)).toEqual([
    'follower, 1, loading the rows: 5.25 s',
    'follower, 1, all else, until /readyz says that it serves: 1.25 s',
    'follower, 1, target: 5.00 s',
    'follower, 2, loading the rows: 3.00 s',
    'follower, 2, all else, until /readyz says that it serves: 1.00 s',
    'follower, 2, target: 5.00 s',
  ])
  expect(titlesOf(picturesOf(fsm)[0]?.svg ?? '').slice(1)).toEqual([
    'holds, 1 passenger, median: 99,700 holds/s',
    'holds, 1 passenger, target: 100,000 holds/s',
    'sales, median: 40,000 sales/s',
  ])
  expect(picturesOf(search)[0]).toMatchObject({
    name: 'search-follower',
    title: 'Searches of a follower while 500 holds/s are sold',
  })
})

test('what was not measured is not drawn', () => {
  expect(picturesOf(reportOf('wal', {}))).toEqual([])
  expect(picturesOf(reportOf('cluster', {}))).toEqual([])
  expect(picturesOf(reportOf('failover', {}))).toEqual([])
  expect(() => picturesOf(reportOf('restart', { figures: { starts: [{ role: 'x' }] } }))).toThrow(
    'a plot can not show NaN',
  )
})
