import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readGtfs } from './read-gtfs.ts'
import { formatProblems, formatReport } from './report.ts'
import { collect, commandsOf, feedFolder, planOf, withFeed } from './testing.ts'

const nowMs = Date.UTC(2026, 2, 16, 8)
type Change = (text: string) => string | Uint8Array | undefined

function problemsOf(changes: Record<string, Change>): string[] {
  return withFeed('oddities', changes, (source) =>
    readGtfs({ source, nowMs }).fatal.map((p) => `${p.file}:${p.line}:${p.column}: ${p.problem}`),
  )
}
const swap = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`no ${from}`)
  return text.replace(from, to)
}

describe('what can not be read as GTFS imports nothing', () => {
  it.each<[string, Record<string, Change>, string[]]>([
    ['a missing file', { 'trips.txt': () => undefined }, ['trips.txt:0:: the file is missing']],
    [
      'no calendar of either kind',
      { 'calendar.txt': () => undefined, 'calendar_dates.txt': () => undefined },
      ['calendar.txt:0:: the file is missing, and calendar_dates.txt too'],
    ],
    [
      'a missing column',
      { 'stops.txt': swap('stop_lat', 'latitude') },
      ['stops.txt:1:stop_lat: the column is missing'],
    ],
    [
      'a column twice',
      { 'routes.txt': swap('route_long_name', 'route_id') },
      ['routes.txt:1:route_id: the column is there twice'],
    ],
    [
      'an empty file',
      { 'agency.txt': () => '' },
      ['agency.txt:1:: is empty; a header with the column names is missing'],
    ],
    [
      'a ragged row',
      { 'calendar.txt': swap('daily,1,1', 'daily,1') },
      ['calendar.txt:2:: has 9 fields where the header has 10'],
    ],
    [
      'a quote that is not closed',
      { 'stops.txt': swap('"Tannberg, Hauptbahnhof"', '"Tannberg, Hauptbahnhof') },
      [
        'stops.txt:12:: is not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 12',
      ],
    ],
    [
      'text that is not UTF-8',
      { 'stops.txt': (text) => Buffer.from(text, 'latin1') },
      ['stops.txt:8:: is not UTF-8 text'],
    ],
    [
      'a dangling stop',
      { 'stop_times.txt': swap('OST,2', 'ÖST,2') },
      ["stop_times.txt:3:stop_id: 'ÖST' is not known"],
    ],
    [
      'a dangling trip',
      { 'frequencies.txt': swap('t-headway', 't-gone') },
      ["frequencies.txt:2:trip_id: 't-gone' is not known"],
    ],
    [
      'a dangling service',
      { 'trips.txt': swap('never', 'ever') },
      ["trips.txt:14:service_id: 'ever' is not known"],
    ],
    [
      'a dangling route and agency, both listed',
      { 'trips.txt': swap('border', 'boarder'), 'routes.txt': swap(',XR,', ',XX,') },
      [
        "routes.txt:4:agency_id: 'XX' is not known",
        "trips.txt:11:route_id: 'boarder' is not known",
      ],
    ],
    [
      'a dangling parent',
      { 'stops.txt': swap('Central,VDC,', 'Central,VDD,') },
      ["stops.txt:3:parent_station: 'VDD' is not known"],
    ],
    [
      'an id twice',
      { 'trips.txt': swap('t-cut-2', 't-cut-1') },
      [
        "trips.txt:10:trip_id: 't-cut-1' is there twice",
        "stop_times.txt:28:trip_id: 't-cut-2' is not known",
        "stop_times.txt:29:trip_id: 't-cut-2' is not known",
      ],
    ],
    [
      'an unknown time zone',
      { 'agency.txt': swap('Europe/Berlin', 'Europe/Valdor') },
      ["agency.txt:2:agency_timezone: no time zone is called 'Europe/Valdor'"],
    ],
  ])('%s', (_name, changes, expected) => {
    expect(problemsOf(changes)).toEqual(expected)
  })

  it('lists not more than a hundred problems, and counts the rest', () => {
    const problems = problemsOf({ 'stops.txt': (text) => text.split('\n').slice(0, 2).join('\n') })
    expect(problems.length).toBeLessThan(101)
    const rows = Array.from({ length: 150 }, (_, at) => `t-plain,8:00:00,8:00:00,X${at},${at},,`)
    const many = problemsOf({ 'stop_times.txt': (text) => text + rows.join('\n') })
    expect(many).toHaveLength(101)
    expect(many.at(-1)).toBe(':0:: 50 more problems')
  })

  it.each([
    ['a path that is not there', '/no/such/feed.zip', 'ENOENT'],
    ['a file that is no zip', feedFolder('oddities/stops.txt'), 'not a zip file'],
    ['a folder without a feed', feedFolder('.'), 'none of the files'],
  ])('%s', (_name, source, expected) => {
    const { fatal, plan } = readGtfs({ source, nowMs })
    expect(plan).toBeUndefined()
    expect(formatProblems(fatal)).toContain(expected)
  })
})

describe('zip files', () => {
  const files = (prefix: string) =>
    Object.fromEntries(
      readdirSync(feedFolder('oddities'))
        .filter((name) => name.endsWith('.txt'))
        .map((name) => [prefix + name, readFileSync(feedFolder(`oddities/${name}`))]),
    )
  function withZip<T>(bytes: Uint8Array, use: (path: string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), 'quorail-zip-'))
    try {
      writeFileSync(join(folder, 'feed.zip'), bytes)
      return use(join(folder, 'feed.zip'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const fromFolder = planOf({ source: feedFolder('oddities'), nowMs }).report

  it.each(['', 'feed/'])('gives what the folder gives (packed under "%s")', (prefix) => {
    const report = withZip(zipSync(files(prefix)), (source) => planOf({ source, nowMs }).report)
    const withoutName = (text: string) => text.replace(/^\S+/, '')
    expect(withoutName(formatReport(report))).toBe(withoutName(formatReport(fromFolder)))
  })

  it('is refused when it is cut short or holds a file twice', () => {
    const whole = zipSync(files(''))
    const cut = withZip(whole.subarray(0, whole.length / 2), (source) =>
      readGtfs({ source, nowMs }),
    )
    expect(cut.fatal).toHaveLength(1)
    const twice = withZip(zipSync({ ...files(''), ...files('old/') }), (source) =>
      readGtfs({ source, nowMs }),
    )
    expect(formatProblems(twice.fatal)).toContain('is in it twice')
  })
})

describe('days', () => {
  const datesOf = (
    source: string,
    options: { nowMs: number; shiftDatesTo?: number; daysAhead?: number },
  ) => {
    const plan = planOf({ source, ...options })
    const train = collect(commandsOf(plan)).trains[0]
    return { plan, dates: train?.runs.map((run) => run.serviceDate) ?? [] }
  }
  const source = feedFolder('oddities')

  it('opens only what lies ahead, and not too far', () => {
    const { plan, dates } = datesOf(source, { nowMs: Date.UTC(2026, 2, 20), daysAhead: 3 })
    expect(dates).toEqual([20260320, 20260321, 20260322, 20260323])
    expect(plan.report.assumptions[0]).toBe(
      'only days from 20260320 to 20260323 are opened; the feed runs from 20260316 to 20260412',
    )
  })

  it('opens nothing of an expired feed and names the way out', () => {
    const { plan, dates } = datesOf(source, { nowMs: Date.UTC(2026, 5, 1) })
    expect(dates).toEqual([])
    expect(plan.report).toMatchObject({ stations: 0, trains: 0, runs: 0, tripsWithoutRuns: 13 })
    expect(plan.report.assumptions.join()).toContain('--shift-dates-to')
  })

  it('moves a feed by whole weeks, so that weekdays stay', () => {
    // The feed begins on Monday 2026-03-16; Thursday 2026-06-04 lies in the week of Monday 06-01.
    const { plan, dates } = datesOf(source, { nowMs: Date.UTC(2026, 5, 4), shiftDatesTo: 20260604 })
    expect(dates[0]).toBe(20260604)
    expect(dates.at(-1)).toBe(20260628)
    expect(plan.report.assumptions[0]).toBe(
      'all dates are moved by 77 days: 20260316 is now 20260601',
    )
    const workdays = collect(commandsOf(plan)).trains.find((train) => train.number === '103')
    expect(workdays?.runs.map((run) => run.serviceDate).slice(0, 3)).toEqual([
      20260604, 20260605, 20260608,
    ])
  })

  it('moves a feed back too', () => {
    const { dates } = datesOf(source, { nowMs: Date.UTC(2026, 0, 5), shiftDatesTo: 20260105 })
    expect(dates[0]).toBe(20260105)
  })
})

describe('trips beyond the limits', () => {
  const row = (at: number) => {
    const time = `${10 + Math.floor(at / 30)}:${String((at % 30) * 2).padStart(2, '0')}:00`
    return `t-one-stop,${time},${time},${at % 2 === 0 ? 'VDC' : 'OST'},${at + 2},,`
  }
  const reasonWith = (rows: readonly string[]) =>
    withFeed(
      'oddities',
      { 'stop_times.txt': (text) => `${text + rows.join('\n')}\n` },
      (source) => {
        const { leftOut } = planOf({ source, nowMs }).report
        return leftOut.find((l) => l.reason.startsWith("trip 't-one-stop'"))?.reason
      },
    )

  it('has too many stops', () => {
    const rows = Array.from({ length: 130 }, (_, at) => row(at))
    expect(reasonWith(rows)).toBe("trip 't-one-stop' has 131 stops, more than 121")
  })

  it('runs for weeks', () => {
    const rows = Array.from(
      { length: 60 },
      (_, at) =>
        `t-one-stop,${17 + at * 7}:00:00,${17 + at * 7}:00:00,${at % 2 === 0 ? 'OST' : 'VDC'},${at + 2},,`,
    )
    expect(reasonWith(rows)).toContain('more than 14 days after its service day')
  })
})

describe('sizes', () => {
  it('cuts long lists and long texts: no command comes near 1 MiB', () => {
    const long = 'é🚆'.repeat(5_000)
    withFeed(
      'oddities',
      {
        'stops.txt': (text) =>
          text.replaceAll('Valdor Central', long).replaceAll('OST', `O${long}`),
        'stop_times.txt': (text) => text.replaceAll('OST', `O${long}`),
        'trips.txt': (text) => text.replaceAll('Tannberg', long),
        'calendar.txt': (text) => text.replace('20260412', '20300412'),
      },
      (source) => {
        const plan = planOf({ source, nowMs, daysAhead: 1_000 })
        for (const command of commandsOf(plan)) {
          expect(JSON.stringify(command).length).toBeLessThan(65_536)
        }
        const { stations, trains } = collect(commandsOf(plan))
        expect(trains[0]?.runs).toHaveLength(1_001)
        for (const { code, name } of stations) {
          expect(code.length).toBeLessThanOrEqual(64)
          expect(name.length).toBeLessThanOrEqual(200)
          expect(`${code} ${name}`).not.toMatch(/\p{Surrogate}/u)
        }
      },
    )
  })
})

it('a trip that comes back to where it was calls at the station twice', () => {
  const rows = ['OST,1', 'KRL,2', 'OST,3', 'VDC:2,4'].map((stop, i) => {
    const time = `${10 + i}:00:00`
    return `t-loop,${time},${time},${stop},,`
  })
  const changes: Record<string, Change> = {
    'trips.txt': (text) => `${text.trimEnd()}\nmain line,daily,t-loop,920,Round,\n`,
    'stop_times.txt': (text) => `${text.trimEnd()}\n${rows.join('\n')}\n`,
  }
  const plan = withFeed('oddities', changes, (source) => planOf({ source, nowMs }))
  const { trains } = collect(commandsOf(plan))
  const loop = trains.find((train) => train.number === '920')
  const codes = loop?.stops.map((stop) => stop.stationCode.split(':')[1])
  expect(codes).toEqual(['OST', 'KRL', 'OST', 'VDC'])
  expect(loop?.runs).toHaveLength(28)
})
