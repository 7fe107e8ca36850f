import { describe, expect, it } from 'vitest'
import {
  DAY,
  HOUR,
  held,
  hold,
  MONDAY,
  must,
  type Railway,
  railway,
  runs,
  send,
  station,
  stations,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { AddTrain, StationInput, TrainStop } from '../commands.ts'
import { loadState } from '../load.ts'
import { rowsOf } from '../snapshot.ts'
import type { ConnectionView } from '../views.ts'
import { type ConnectionQuery, searchConnections } from './connections.ts'
import { findStation } from './stations.ts'

/** A train on Wednesday, beside IC 1 at 06:00 A, 07:00 B, 08:00 C, 09:00 D, 09:50 E. */
function addTrain(
  world: Railway,
  number: string,
  times: readonly (readonly [code: string, hour: number])[],
  changed: Partial<AddTrain> = {},
): number {
  const stops = times.map(
    ([stationCode, hour], i): TrainStop => ({
      stationCode,
      arrivalSeconds: Math.round(hour * 3_600),
      departureSeconds: Math.round(hour * 3_600),
      distanceMetres: i * 100_000,
      boarding: true,
      alighting: true,
    }),
  )
  const { trainId } = must(send(world, train(number, { stops, ...changed })), 'trainAdded')
  return must(send(world, runs(trainId, 2)), 'runsAdded').runIds[0] as number
}

const put = (world: Railway, ...list: Partial<StationInput>[]) =>
  must(send(world, stations(list.map((it) => ({ ...station(it.code ?? ''), ...it })))), 'done')

function search(
  world: Railway,
  from: string,
  to: string,
  changed: Partial<ConnectionQuery> = {},
): ConnectionView[] {
  const id = (code: string) => findStation(world.state, code)?.stationId ?? 0
  return searchConnections(world.state, {
    fromStationId: id(from),
    toStationId: id(to),
    earliestMs: MONDAY + 2 * DAY,
    latestMs: MONDAY + 3 * DAY - 1,
    nowMs: world.nowMs,
    maxChanges: 2,
    passengerTypes: [''],
    limit: 100,
    ...changed,
  })
}

const ways = (found: readonly ConnectionView[]) =>
  found.map(({ legs }) => legs.map((leg) => leg.trainNumber).join(' '))

describe('searchConnections', () => {
  it('changes trains up to twice, with the offers of the whole party', () => {
    const world = railway()
    put(world, { code: 'X' }, { code: 'Y' })
    const toX = addTrain(world, 'RE 2', [
      ['C', 9],
      ['X', 11],
    ])
    addTrain(
      world,
      'RB 3',
      [
        ['X', 12],
        ['Y', 13],
      ],
      {
        coaches: [{ label: '1', classCode: '2', rows: 1, columns: 'AB' }],
      },
    )
    send(world, hold(toX, { passengers: 6, from: 0, to: 1 }), { actor: world.ann })
    const [found, ...others] = search(world, 'B', 'Y', { passengerTypes: ['', '', ''] })
    expect(others).toEqual([])
    expect(found).toMatchObject({
      departureMs: MONDAY + 2 * DAY + 7 * HOUR,
      arrivalMs: MONDAY + 2 * DAY + 13 * HOUR,
      changes: 2,
      // First class is not in all three of them; of the last one there are two seats.
      offers: [
        {
          classCode: '2',
          priceMinor: 3 * (2_000 + 2_000 + 2_000),
          freeSeats: 2,
          enoughSeats: false,
        },
      ],
    })
    expect(found?.legs.map((leg) => [leg.trainNumber, leg.fromStop, leg.toStop])).toEqual([
      ['IC 1', 1, 2],
      ['RE 2', 0, 1],
      ['RB 3', 0, 1],
    ])
    expect(found?.legs[1]?.classes).toEqual([
      { classCode: '1', freeSeats: 6, capacity: 6, priceMinor: 12_000, enoughSeats: true },
      { classCode: '2', freeSeats: 18, capacity: 24, priceMinor: 6_000, enoughSeats: true },
    ])
    expect(search(world, 'B', 'Y', { maxChanges: 1 })).toEqual([])
  })

  it('leaves time to change, as much as the station needs', () => {
    const world = railway()
    put(world, { code: 'X' })
    // IC 1 is in C at 07:50.
    addTrain(world, 'RE 2', [
      ['C', 7.95],
      ['X', 9],
    ])
    expect(ways(search(world, 'A', 'X'))).toEqual(['IC 1 RE 2'])
    put(world, { code: 'C', changeSeconds: 421 })
    expect(search(world, 'A', 'X')).toEqual([])
    put(world, { code: 'C', changeSeconds: 420 })
    expect(ways(search(world, 'A', 'X'))).toEqual(['IC 1 RE 2'])
  })

  it('goes from and to all stations of a group, and walks between them', () => {
    const world = railway()
    put(
      world,
      { code: 'CITY' },
      { code: 'C', groupCode: 'CITY' },
      { code: 'C2', groupCode: 'CITY' },
    )
    put(world, { code: 'X' })
    addTrain(world, 'RE 2', [
      ['C2', 8.4],
      ['X', 9],
    ])
    addTrain(world, 'RE 4', [
      ['C2', 8.5],
      ['X', 10],
    ])
    expect(ways(search(world, 'CITY', 'X'))).toEqual(['RE 2', 'RE 4'])
    // 07:50, five minutes to change and thirty to walk: the one at 08:24 has left.
    expect(ways(search(world, 'A', 'X'))).toEqual(['IC 1 RE 4'])
    expect(ways(search(world, 'A', 'CITY'))).toEqual(['IC 1'])
    put(world, { code: 'C2' })
    expect(search(world, 'A', 'X')).toEqual([])
  })

  it('shows what no other one is better than: later, sooner there, fewer changes', () => {
    const world = railway()
    addTrain(world, 'slow', [
      ['A', 6],
      ['E', 12],
    ])
    addTrain(world, 'late', [
      ['A', 6.5],
      ['E', 12],
    ])
    addTrain(world, 'fast', [
      ['C', 8.25],
      ['E', 9],
    ])
    expect(ways(search(world, 'A', 'E'))).toEqual(['IC 1 fast', 'IC 1', 'late'])
    expect(ways(search(world, 'A', 'E', { maxChanges: 0 }))).toEqual(['IC 1', 'late'])
    expect(ways(search(world, 'A', 'E', { limit: 1 }))).toEqual(['IC 1 fast'])
  })

  it('keeps to the window, to what has not left, and to what is visible', () => {
    const world = railway()
    const departure = MONDAY + 2 * DAY + 6 * HOUR
    const count = (changed: Partial<ConnectionQuery>) => search(world, 'A', 'E', changed).length
    expect(count({ earliestMs: departure, latestMs: departure })).toBe(1)
    expect(count({ earliestMs: departure + 1 })).toBe(0)
    expect(count({ latestMs: departure - 1 })).toBe(0)
    expect(count({ nowMs: departure })).toBe(0)
    expect(count({ nowMs: departure - 1 })).toBe(1)
    expect(search(world, 'E', 'A')).toEqual([])
    expect(search(world, 'A', 'nowhere')).toEqual([])
    must(send(world, { type: 'beginImport', source: 'feed' }), 'importBegun')
    const staged = train('EX', { importId: 1, stops: stopsAt('A', 'E') })
    must(send(world, staged), 'trainAdded')
    must(send(world, { ...runs(0, 2), importId: 1, trainNumber: 'EX' } as never), 'runsAdded')
    expect(ways(search(world, 'A', 'E'))).toEqual(['IC 1'])
    must(send(world, { type: 'commitImport', importId: 1 }), 'done')
    expect(ways(search(world, 'A', 'E'))).toEqual(['EX'])
    expect(search({ ...world, state: loadState(rowsOf(world.state)) }, 'A', 'E')).toEqual(
      search(world, 'A', 'E'),
    )
  })

  it('leaves out a run that is cancelled, at once', () => {
    const world = railway()
    addTrain(world, 'late', [
      ['A', 6.5],
      ['E', 12],
    ])
    expect(ways(search(world, 'A', 'E'))).toEqual(['IC 1', 'late'])
    const { runId } = world
    must(send(world, { type: 'cancelRun', runId, reason: 'strike' }), 'disruptionBegun')
    expect(ways(search(world, 'A', 'E'))).toEqual(['late'])
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    expect(ways(search(loaded, 'A', 'E'))).toEqual(['late'])
  })

  it('changes after midnight, and at the last of 120 segments', () => {
    const world = railway()
    const codes = Array.from({ length: 121 }, (_, i) => `S${i}`)
    put(world, ...codes.map((code) => ({ code })), { code: 'X' })
    const long = addTrain(
      world,
      'long',
      codes.map((code, i) => [code, 14 + i / 10] as const),
    )
    addTrain(world, 'on', [
      ['S120', 27],
      ['X', 28],
    ])
    const [found] = search(world, 'S0', 'X')
    expect(found?.legs.map((leg) => [leg.trainNumber, leg.fromStop, leg.toStop])).toEqual([
      ['long', 0, 120],
      ['on', 0, 1],
    ])
    expect(found?.arrivalMs).toBe(MONDAY + 3 * DAY + 4 * HOUR)
    held(world, world.ann, long, { from: 119, to: 120, passengers: 6 })
    const free = (from: string, to: string) =>
      search(world, from, to, { latestMs: MONDAY + 4 * DAY })[0]?.legs[0]?.classes.find(
        (it) => it.classCode === '2',
      )?.freeSeats
    expect([free('S0', 'S120'), free('S0', 'S119'), free('S119', 'X')]).toEqual([18, 24, 18])
  })
})
