import { describe, expect, it } from 'vitest'
import { collect, commandsOf, feedFolder, planOf } from './testing.ts'

/** One synthetic feed with every oddity that real feeds have been seen with. */
const nowMs = Date.UTC(2026, 2, 16, 8)
const plan = planOf({ source: feedFolder('oddities'), nowMs })
const { stations, trains } = collect(commandsOf(plan, 7))
const numbered = (number: string) => trains.filter((train) => train.number === number)
const one = (number: string) => {
  const [train, ...others] = numbered(number)
  if (train === undefined || others.length > 0) throw new Error(`${number}: ${others.length + 1}`)
  return train
}
const iso = (ms: number | undefined) => new Date(ms ?? Number.NaN).toISOString()
const berlin = Date.UTC(2026, 2, 15, 23)

describe('a feed with all oddities', () => {
  it('merges platforms, and platforms of platforms, into their station', () => {
    expect(stations.map((station) => station.code)).toEqual([
      'valdoria-railways:area:valdor',
      'valdoria-railways:VDC',
      'valdoria-railways:OST',
      'valdoria-railways:KRL',
      'valdoria-railways:TNB',
      'valdoria-railways:GRZ',
      'valdoria-railways:Saint Émeric',
    ])
    expect(stations[1]?.searchTerms).toEqual(['valdor central', 'vc'])
  })

  it('takes ids, names and codes with spaces, accents and commas', () => {
    expect(stations[6]?.name).toBe('Saint-Émeric la Côte')
    expect(stations[6]?.searchTerms).toEqual(['saint emeric la cote'])
    expect(stations[4]?.name).toBe('Tannberg, Hauptbahnhof')
  })

  it('takes zones, areas of several stations as groups, and times to change', () => {
    const shown = stations.map(({ name, groupCode, changeSeconds, zone }) => [
      name,
      groupCode?.replace('valdoria-railways:', ''),
      changeSeconds,
      zone,
    ])
    expect(shown).toEqual([
      ['Valdor', undefined, undefined, undefined],
      ['Valdor Central', 'area:valdor', 420, 'A'],
      ['Ostfeld', 'area:valdor', undefined, 'B'],
      ['Karlow', undefined, 0, 'B'],
      ['Tannberg, Hauptbahnhof', undefined, undefined, 'C'],
      ['Grenzau (Far Bank)', undefined, undefined, 'D'],
      ['Saint-Émeric la Côte', undefined, undefined, 'C'],
    ])
  })

  it('merges trips of one number, pattern and times into one train; unpadded hours or not', () => {
    const [train] = numbered('101')
    expect(train?.stops.map((s) => [s.arrivalSeconds, s.departureSeconds])).toEqual([
      [25_500, 25_500],
      [26_910, 26_970],
      [28_680, 28_800],
      [32_520, 32_520],
    ])
    expect(train?.runs).toHaveLength(28)
    expect(plan.report.assumptions.join('\n')).toContain('22 runs are in the feed twice')
  })

  it('keeps a through coach apart: a number may be there twice on a day', () => {
    expect(numbered('101').map((train) => [train.name, train.runs.length])).toEqual([
      ['Tannberg', 28],
      ['Karlow', 28],
    ])
  })

  it('sorts unsorted rows with a sparse sequence, and reads a number that names its destination', () => {
    const train = one('IC 102')
    expect(train.stops.map((stop) => stop.stationCode.split(':')[1])).toEqual(['TNB', 'KRL', 'VDC'])
  })

  it('takes times up to 41:18 and starts after midnight', () => {
    expect(one('NT 400').stops.at(-1)?.arrivalSeconds).toBe(41 * 3_600 + 18 * 60)
    expect(one('NT 402').stops[0]?.departureSeconds).toBe(24 * 3_600 + 14 * 60)
  })

  it('leaves trips that are cut at midnight as they are', () => {
    expect(numbered('301').map((t) => t.stops.map((s) => s.arrivalSeconds))).toEqual([
      [83_400, 86_340],
      [0, 2_400],
    ])
  })

  it('closes the doors where the feed has no pickup or no drop-off; by telephone is open', () => {
    const doors = (number: string) => one(number).stops.map((s) => [s.boarding, s.alighting])
    expect(doors('104')).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ])
    expect(doors('NT 400').slice(1, 3)).toEqual([
      [false, true],
      [true, false],
    ])
    expect(doors('103')).toEqual([
      [true, false],
      [false, true],
    ])
  })

  it("means times in the agency's zone, not the stop's", () => {
    expect(stations.find((s) => s.code.endsWith('GRZ'))?.timeZone).toBe('Europe/London')
    const day = (number: string) => one(number).runs.find((run) => run.serviceDate === 20260316)
    expect(day('NT 400')?.baseMs).toBe(berlin)
    expect(day('EC 9')?.baseMs).toBe(berlin + 3_600_000)
  })

  it('counts from noon minus 12 h where the clocks change', () => {
    const bases = one('NT 402').runs.slice(12, 15)
    expect(bases.map((run) => [run.serviceDate, iso(run.baseMs)])).toEqual([
      [20260328, '2026-03-27T23:00:00.000Z'],
      [20260329, '2026-03-28T22:00:00.000Z'],
      [20260330, '2026-03-29T22:00:00.000Z'],
    ])
  })

  it('adds and removes single days', () => {
    const dates = one('103').runs.map((run) => run.serviceDate)
    expect(dates).toHaveLength(20)
    expect(dates).not.toContain(20260403)
    expect(dates).toContain(20260404)
  })

  it('lists every trip left out with file, line and reason', () => {
    expect(plan.report.leftOut.map((l) => `${l.file}:${l.line}: ${l.reason}`)).toMatchSnapshot()
    expect(plan.report).toMatchObject({ trips: 30, stations: 7, trains: 10, tripsWithoutRuns: 1 })
    expect(plan.report.leftOut).toHaveLength(17)
  })

  it('says what it takes for granted', () => {
    expect(plan.report.assumptions).toEqual([
      'the feed has no usable distances: they are great-circle from stop to stop',
      "the feed has no fares: the cluster's fare table by distance and class counts",
      'the feed has no coaches: every train gets the default five, one of class 1 and four of class 2',
      '22 runs are in the feed twice (same number, stops, times and day): opened once',
    ])
    expect(one('NT 402').stops[1]?.distanceMetres).toBe(155_246)
  })
})

describe('a feed of quoted fields, CR LF and byte order marks, with calendar_dates only', () => {
  const quoted = planOf({ source: feedFolder('quoted'), nowMs: Date.UTC(2026, 9, 30) })
  const sent = collect(commandsOf(quoted))

  it('is read like any other', () => {
    expect(quoted.report).toMatchObject({ stations: 3, trains: 1, runs: 3, leftOut: [] })
    expect(sent.stations.map((station) => [station.code, station.name])).toEqual([
      ['hz:A 1', '"Old" Harbour'],
      ['hz:B 2', 'Mid, Town'],
      ['hz:C 3', 'Two Lines'],
    ])
  })

  it("takes the feed's own distances when their unit can be told", () => {
    expect(sent.trains[0]?.stops.map((stop) => stop.distanceMetres)).toEqual([0, 25_700, 51_200])
    expect(quoted.report.assumptions[0]).toContain('read as kilometres')
    expect(quoted.report.assumptions[1]).toContain('go by zone')
  })

  it('resolves a clock change in the west', () => {
    expect(sent.trains[0]?.runs.map((run) => iso(run.baseMs))).toEqual([
      '2026-10-31T07:00:00.000Z',
      '2026-11-01T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ])
  })
})
