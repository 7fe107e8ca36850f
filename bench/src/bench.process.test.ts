/** Every subject runs for a moment. Its form is tested here, never its speed. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { number, type Report } from './harness/report.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'quorail-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const main = path.join(import.meta.dirname, 'main.ts')

function bench(...words: string[]) {
  return spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', cwd: folder })
}

function reportOf(subject: string, ...words: string[]): { text: string; report: Report } {
  const file = path.join(folder, `${subject}.json`)
  const { stdout, stderr, status } = bench(subject, '--json', file, ...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  expect(report.subject).toBe(subject)
  expect(report.machine.cores).toBeGreaterThan(0)
  expect(stdout.startsWith(`bench ${subject} at `)).toBe(true)
  for (const { title } of report.tables) expect(stdout).toContain(title)
  for (const { what, met } of report.verdicts) {
    expect(stdout).toMatch(new RegExp(`^${escaped(what)} .*${met ? 'met' : 'MISSED'}$`, 'm'))
  }
  for (const { name, perSecond, rounds } of report.measurements) {
    expect(stdout).toContain(name.replace(' (against)', ''))
    expect(perSecond.median).toBeGreaterThan(0)
    for (const round of rounds) expect(round.cpuSeconds).toBeGreaterThan(0)
  }
  return { text: stdout, report }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const namesOf = (report: Report): readonly string[] => report.measurements.map(({ name }) => name)

test('alone it lists the subjects', () => {
  const { stdout, status } = bench()
  expect(status).toBe(0)
  for (const name of [
    'raft',
    'window',
    'wal',
    'fsm',
    'search',
    'day',
    'failover',
    'restart',
    'snapshot',
    'size',
    'plots',
    'record',
  ]) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  }
})

test.each([
  [['fsm-x'], /^There is no subject "fsm-x"\./],
  [['raft', '--fast', 'yes'], /^bench raft has no option --fast\.\n$/],
  [['raft', '--only', 'nothing'], /^No case has "nothing" in its name\.\n$/],
  [['raft', '--source', 'nowhere'], /is no copy of raft-core's src folder/],
  [['fsm', '--sold', '0'], /^--sold is a whole number from 1 to 10,000,000\.\n$/],
  [['search'], /^--feed is missing/],
  [['day', '--feed', 'nowhere'], /^--feed: nowhere is not there\.\n$/],
  [
    ['day', '--feed', '.', '--from', '20261332'],
    /^--from is a day as YYYYMMDD, not "20261332"\.\n$/,
  ],
  [['day', '--feed', '.', '--invariants', 'all'], /^--invariants is yes or no\.\n$/],
  [['failover', '--kills', 'many'], /^--kills: "many" is no whole number from 0 to 100,000\.\n$/],
  [['failover', '--folder', 'nowhere'], /^--folder: nowhere is not there\.\n$/],
  [['restart', '--bookings', '0'], /^--bookings: "0" is no whole number from 1 to 10,000,000\.\n$/],
  [['snapshot', '--folder', 'nowhere'], /^--folder: nowhere is not there\.\n$/],
  [['wal', '--folder', 'nowhere'], /^--folder: nowhere is not there\.\n$/],
  [['cluster', '--tls', 'perhaps'], /^--tls is yes or no\.\n$/],
  [['plots'], /^bench plots needs a file of --json\.\n$/],
  [['plots', 'nowhere.json'], /^nowhere\.json can not be read\.\n$/],
  [['plots', '--size', '3'], /^bench plots: Unknown option '--size'\.\n$/],
  [['record', '--only', 'all'], /^--only: "all" is none of raft, /],
])('%j is a mistake, with a sentence and exit code 2', (words, sentence) => {
  const { stderr, status } = bench(...words)
  expect(stderr).toMatch(sentence)
  expect(status).toBe(2)
})

test('raft: core, codec, runtime and reads, with the three targets', () => {
  const { report } = reportOf('raft', '--seconds', '0.1', '--rounds', '2')
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['core, 64 commands a round', 'core, 1 command a round', 'propose, 256 callers'],
  ])
  expect(report.measurements.every(({ rounds }) => rounds.length === 2)).toBe(true)
  const called = report.measurements.filter(({ name }) => name.includes('caller'))
  expect(called.every(({ latencyMs }) => latencyMs !== undefined)).toBe(true)
})

test('raft: against another copy, each case beside its counterpart', () => {
  const other = path.join(import.meta.dirname, '../../packages/raft-core/src')
  const { text, report } = reportOf(
    ...['raft', '--seconds', '0.02', '--rounds', '1', '--only', '1 command', '--against', other],
  )
  expect(namesOf(report).slice(0, 2)).toEqual([
    ...['core, 1 command a round', 'core, 1 command a round (against)'],
  ])
  expect(text).toContain('Times as fast as the other source')
})

test('window: the same figures each time, and fewer messages with a narrow window', () => {
  const words = ['--seconds', '0.02']
  const { report } = reportOf('window', ...words)
  expect(reportOf('window', ...words).report.figures).toEqual(report.figures)
  const results = report.figures.results as { window: number; appendsPerCommand: number }[]
  const narrow = results.filter(({ window }) => window === 1)
  const wide = results.filter(({ window }) => window === 64)
  const sum = (of: typeof results) => of.reduce((all, one) => all + one.appendsPerCommand, 0)
  expect(sum(narrow)).toBeLessThan(sum(wide))
})

test('wal: syncs are counted, and nothing is left behind', () => {
  const { report } = reportOf(
    ...['wal', '--seconds', '0.1', '--rounds', '1', '--folder', folder, '--only', '64 writers'],
  )
  expect(namesOf(report)).toEqual([
    ...['bare write+fdatasync, 64 writers', 'write-ahead log, 64 writers'],
  ])
  expect(report.verdicts).toHaveLength(1)
  for (const { counts, rounds } of report.measurements) {
    const writes = rounds.reduce((all, { operations }) => all + operations, 0)
    expect(counts.syncs).toBeGreaterThanOrEqual(writes / 64)
    expect(counts.syncs).toBeLessThan(writes / 8)
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('quorail-bench-'))).toEqual([])
})

test('fsm: holds, sales, and what a book weighs', () => {
  const { report } = reportOf(
    ...['fsm', '--seconds', '0.05', '--rounds', '1', '--sold', '2000', '--bookings', '20000'],
  )
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['holds, 1 passenger', 'holds, 1 passenger, large book'],
    ...['loading, time', 'loading, memory at most'],
    ...['closing of a list', 're-seating', 'mass refund', 'archiving'].map(
      (work) => `longest entry of ${work}`,
    ),
  ])
  const { loaded, bytesPerBooking, bytesPerRun } = report.figures as Record<string, never>
  expect(loaded).toMatchObject({ bookings: 20_000 })
  expect(bytesPerBooking).toBeGreaterThan(100)
  expect(bytesPerBooking).toBeLessThan(10_000)
  // 800 seats have at least a word each.
  expect(bytesPerRun).toBeGreaterThan(3_200)
})

test('plots: pictures of what --json wrote, and a sentence for every other file', () => {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text)
  write('cut.json', '{"subject": "fsm", "sta')
  write('other.json', '{"name": "a package"}')
  reportOf('size')
  const refused: readonly (readonly [string, string])[] = [
    ['cut.json', 'cut.json is no JSON: it was cut off, or is something else.\n'],
    ['other.json', 'other.json was not written by pnpm bench SUBJECT --json: make it anew.\n'],
    [
      'size.json',
      'size.json is of bench size: only cluster, failover, search, fsm, restart are drawn.\n',
    ],
  ]
  for (const [file, stderr] of refused)
    expect(bench('plots', file, '--out', 'pictures')).toMatchObject({ status: 2, stderr })
  expect(readdirSync(folder)).not.toContain('pictures')
  const words = [
    '--seconds',
    '0.05',
    '--rounds',
    '1',
    '--sold',
    '2000',
    '--only',
    'holds, 1 passenger',
  ]
  const { report } = reportOf('fsm', ...words)
  expect(report.command).toBe(['pnpm bench fsm', ...words].join(' '))
  const drawn = bench('plots', 'fsm.json', '--out', 'pictures')
  expect(drawn).toMatchObject({ status: 0, stdout: 'pictures/bench-fsm.svg\n' })
  const svg = readFileSync(path.join(folder, 'pictures/bench-fsm.svg'), 'utf8')
  expect(svg).not.toContain('NaN')
  for (const { name, perSecond, unit } of report.measurements)
    expect(svg).toContain(`<title>${name}, median: ${number(perSecond.median)} ${unit}/s</title>`)
  rmSync(path.join(folder, 'pictures'), { recursive: true })
})

test('record: figures, pictures and the page of some subjects; others of the page stay', () => {
  const own = mkdtempSync(path.join(folder, 'record-'))
  mkdirSync(path.join(own, 'reference'))
  const page = path.join(own, 'reference', 'benchmarks.md')
  const marks = ['<!-- figures: written by pnpm bench record -->', '<!-- end of figures -->']
  writeFileSync(page, marks.join('\n\n<!-- raft -->\nas it was\n<!-- end of raft -->\n\n'))
  const words = ['--page', page, '--out', own, '--wait-minutes', '0', '--only', 'wal,size']
  const pace = ['--seconds', '0.1', '--rounds', '1', '--folder', own]
  const { status, stdout } = bench('record', ...words, ...pace)
  expect(status).toBe(0)
  expect(stdout).toContain('Targets')
  const text = readFileSync(page, 'utf8')
  expect(text).toContain('as it was')
  expect(text).toMatch(
    /### wal\n\n\d+ \w+ \d{4}, commit .*, load .* when it began; .*`pnpm bench wal/,
  )
  expect(text).toMatch(/\| dependencies \| 0 \| at most 0: met \|/)
  const { verdicts } = JSON.parse(readFileSync(path.join(own, 'wal.json'), 'utf8')) as Report
  for (const { what, value, met } of verdicts)
    expect(text).toMatch(
      new RegExp(`${escaped(`| ${what} | ${number(value)} `)}.*: ${met ? 'met' : 'missed'} \\|`),
    )
  rmSync(own, { recursive: true })
})

/** A small feed with every oddity that real ones have been seen with. */
const feed = path.join(import.meta.dirname, '../../apps/node-server/testdata/gtfs/oddities')

test('search: connections on a feed, with the two targets', () => {
  const words = ['--feed', feed, '--from', '20260316', '--seconds', '0.05', '--rounds', '1']
  const { report } = reportOf('search', ...words)
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['connections, up to two changes', 'connections, up to two changes, p99'],
  ])
  expect(report.figures).toMatchObject({ stations: 7, trains: 10 })
  expect(report.measurements).toHaveLength(5)
})

test('search: from a follower, while holds go on', () => {
  const words = ['--feed', feed, '--cluster', '20', '--seconds', '0.5', '--rounds', '1']
  const { report } = reportOf('search', ...words)
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['searches from a follower', 'from a follower, 1,000/s at any time, p99', 'holds meanwhile'],
  ])
  expect(report.measurements.map(({ counts }) => counts.failed)).toEqual([0, 0])
}, 180_000)

test('day: the same day each time, sold and paid, with nothing out of order in its books', () => {
  const size = ['--searches', '3000', '--bookings', '400']
  const day = (seed: string, ...more: string[]) => {
    const words = ['--feed', feed, '--from', '20260316', ...size, '--seed', seed, ...more]
    return reportOf('day', ...words).report.figures as Record<string, Record<string, number>>
  }
  const figures = day('7')
  expect(figures.bookings).toBeGreaterThanOrEqual(400)
  for (const what of ['paid', 'cancelled', 'released', 'declined', 'left to expire']) {
    expect(figures.counts?.[what], what).toBeGreaterThan(0)
  }
  for (const status of ['confirmed', 'cancelled', 'expired', 'released']) {
    expect(figures.statuses?.[status], status).toBeGreaterThan(0)
  }
  expect(figures.ledger?.providerClearing).toBeGreaterThan(0)
  const { counts, statuses, ledger, found, invariants } = day('7', '--invariants', 'yes')
  expect(invariants?.entries).toBeGreaterThan(1_000)
  expect(invariants?.states).toBeGreaterThan(1)
  expect({ counts, statuses, ledger, found }).toEqual({
    ...{ counts: figures.counts, statuses: figures.statuses },
    ...{ ledger: figures.ledger, found: figures.found },
  })
  expect(day('8').ledger).not.toEqual(figures.ledger)
})

test('size: no dependencies, and a bundle of each door', () => {
  const { report } = reportOf('size')
  expect(report.verdicts[0]).toMatchObject({ what: 'dependencies', value: 0, met: true })
  const bundles = report.figures.bundles as { door: string; gzipBytes: number }[]
  const doors = bundles.map(({ door }) => door)
  expect(doors).toEqual(
    expect.arrayContaining(['.', './core', './wal', './tcp', './testing', './simulation']),
  )
  for (const { gzipBytes } of bundles) expect(gzipBytes).toBeGreaterThan(1000)
})

test('cluster: three processes, syncs counted where the kernel lets us, nobody left behind', () => {
  const words = ['--seconds', '0.5', '--rounds', '1', '--callers', '8', '--runs', '20']
  const { report } = reportOf(
    ...['cluster', ...words, '--peers', 'none', '--folder', folder, '--only', 'hold, 8 callers'],
    ...['--tls', 'yes'],
  )
  const plain = ['quorail, stream', 'quorail, unary', 'quorail, unary by Connect']
  const ours = [...plain, 'quorail, stream, TLS', 'quorail, unary, TLS']
  expect(namesOf(report)).toEqual(
    [...ours, 'empty stream', 'empty handler'].map((name) => `${name}, hold, 8 callers`),
  )
  const [streamed] = report.measurements
  expect(streamed?.latencyMs?.count).toBeGreaterThan(0)
  const { syncs } = streamed?.counts ?? {}
  if (typeof syncs === 'number') expect(syncs).toBeGreaterThan(0)
  const failures = report.figures.failures as Record<string, Record<string, number>>
  expect(Object.values(failures).flatMap((one) => Object.keys(one))).toEqual([])
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    'CPU of all processes for a hold, 8 callers',
  ])
  expect(readdirSync(folder).filter((name) => name.startsWith('quorail-'))).toEqual([])
}, 600_000)

test('failover: killed, paused and cut off, with the gaps that clients saw', () => {
  const counts = ['--kills', '1', '--pauses', '1', '--cuts', '1', '--calm-minutes', '0.02']
  const load = ['--seconds', '0.5', '--callers', '8', '--rate', '40', '--runs', '20']
  const { report } = reportOf('failover', ...counts, ...load, '--folder', folder)
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['gap, leader killed, p99', 'gap, leader paused, p99', 'gap, leader cut off, p99'],
    'elections at full load',
  ])
  const { cycles, perSecond } = report.figures as {
    cycles: { fault: string; gapMs: number; acknowledged: number; clientGapsMs: number[] }[]
    perSecond: number
  }
  expect(perSecond).toBe(40)
  expect(cycles.map(({ fault }) => fault)).toEqual(['killed', 'paused', 'cut off'])
  for (const { gapMs, clientGapsMs, acknowledged } of cycles) {
    expect(acknowledged).toBeGreaterThan(0)
    expect(gapMs).toBeGreaterThan(0)
    expect(Math.max(...clientGapsMs)).toBeGreaterThanOrEqual(gapMs)
  }
  expect(leftIn(folder)).toEqual([])
})

test('failover: full load alone, with no fault to speak of', () => {
  const none = ['--kills', '0', '--pauses', '0', '--cuts', '0', '--calm-minutes', '0.01']
  const load = ['--seconds', '0.3', '--callers', '4', '--runs', '20', '--folder', folder]
  const { report } = reportOf('failover', ...none, ...load)
  expect(report.verdicts.map(({ what }) => what)).toEqual(['elections at full load'])
  expect(report.tables.map(({ title }) => title)).toEqual(['Load'])
  const { calm, cycles } = report.figures as { calm: { minutes: number }; cycles: unknown[] }
  expect(cycles).toEqual([])
  expect(calm.minutes).toBeCloseTo(0.01)
})

test('restart: of a follower and of a leader, with time, loading and memory', () => {
  const words = ['--bookings', '4000', '--rounds', '1', '--folder', folder]
  const { report } = reportOf('restart', ...words)
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['a follower serves again', 'a leader serves again', 'memory at most'],
  ])
  const { starts } = report.figures as { starts: Record<string, number | string>[] }
  expect(starts.map(({ role }) => role)).toEqual(['follower', 'leader'])
  for (const { readyMs, loadMs, peakBytes } of starts) {
    expect(loadMs).toBeGreaterThan(0)
    expect(readyMs).toBeGreaterThan(Number(loadMs))
    expect(peakBytes).toBeGreaterThan(50_000_000)
  }
  expect(leftIn(folder)).toEqual([])
}, 600_000)

test('snapshot: a node that has nothing gets everything, and holds go on', () => {
  const words = ['--bookings', '4000', '--rate', '30', '--seconds', '1', '--folder', folder]
  const { report } = reportOf('snapshot', ...words)
  expect(report.verdicts.map(({ what }) => what)).toEqual([
    ...['elections', 'longest event loop delay of the leader'],
  ])
  const { seconds, streamBytes, without, during } = report.figures as {
    seconds: number
    streamBytes: number
    without: { holds: number }
    during: { holds: number; longestEventLoopDelayMs: number }
  }
  expect(seconds).toBeGreaterThan(0)
  expect(streamBytes).toBeGreaterThan(1_000_000)
  expect(without.holds).toBeGreaterThan(0)
  expect(during.holds).toBeGreaterThan(0)
  expect(during.longestEventLoopDelayMs).toBeGreaterThan(0)
  expect(leftIn(folder)).toEqual([])
}, 600_000)

/** What subjects that start processes leave in the folder that they were given. */
const leftIn = (place: string) => readdirSync(place).filter((name) => !name.endsWith('.json'))

test.each([
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)(
  'whoever ends a subject half way (%s) leaves no process and no folder behind',
  async (signal, code) => {
    const own = mkdtempSync(path.join(folder, 'ended-'))
    const words = ['cluster', '--callers', '4', '--runs', '20', '--seconds', '60', '--folder', own]
    const child = spawn(process.execPath, [main, ...words, '--peers', 'etcd,postgres'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, TMPDIR: own },
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const nodes = () => processesWith(own).filter((line) => line.includes('node-server'))
    await expect.poll(() => nodes().length, { timeout: 60_000 }).toBe(3)
    child.kill(signal)
    expect(await ended).toBe(code)
    await expect.poll(() => processesWith(own), { timeout: 60_000 }).toEqual([])
    await expect.poll(() => readdirSync(own), { timeout: 60_000 }).toEqual([])
    rmSync(own, { recursive: true })
  },
)

/** Command lines of all processes that name `text`. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .filter((line) => line.includes(text))
}
