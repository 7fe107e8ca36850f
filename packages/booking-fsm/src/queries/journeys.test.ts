import { describe, expect, it } from 'vitest'
import {
  DAY,
  HOUR,
  held,
  MONDAY,
  must,
  type Railway,
  railway,
  runs,
  send,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { JourneyView } from '../views.ts'
import { type JourneyQuery, searchJourneys } from './journeys.ts'
import { findStation } from './stations.ts'

function search(
  world: Railway,
  from: string,
  to: string,
  changed: Partial<JourneyQuery> = {},
): JourneyView[] {
  const id = (code: string) => findStation(world.state, code)?.stationId ?? 0
  return searchJourneys(world.state, {
    fromStationId: id(from),
    toStationId: id(to),
    earliestMs: 0,
    latestMs: MONDAY + 30 * DAY,
    nowMs: world.nowMs,
    passengers: 1,
    limit: 100,
    ...changed,
  })
}

const departure = MONDAY + 2 * DAY + 6 * HOUR

describe('searchJourneys', () => {
  it('gives times, price and free seats of a journey', () => {
    const world = railway()
    held(world, world.ann, world.runId, { from: 0, to: 2, passengers: 5 })
    expect(search(world, 'B', 'D', { passengers: 20 })).toEqual([
      {
        runId: world.runId,
        trainNumber: 'IC 1',
        trainName: '',
        serviceDate: 20261125,
        fromStop: 1,
        toStop: 3,
        fromStationId: 2,
        toStationId: 4,
        departureMs: departure + HOUR,
        arrivalMs: departure + 3 * HOUR - 600_000,
        departureLateMinutes: 0,
        arrivalLateMinutes: 0,
        distanceMetres: 200_000,
        stopsBetween: 1,
        classes: [
          {
            classCode: '1',
            freeSeats: 6,
            capacity: 6,
            pricePerPassengerMinor: 6_000,
            enoughSeats: false,
          },
          {
            classCode: '2',
            freeSeats: 19,
            capacity: 24,
            pricePerPassengerMinor: 3_000,
            enoughSeats: false,
          },
        ],
      },
    ])
    expect(search(world, 'C', 'E')[0]?.classes[1]?.freeSeats).toBe(24)
  })

  it('finds nothing backwards, or at an unknown station', () => {
    const world = railway()
    expect(search(world, 'D', 'B')).toEqual([])
    expect(search(world, 'B', 'B')).toEqual([])
    expect(search(world, 'B', 'Z')).toEqual([])
  })

  it('keeps to the window, and to what has not left', () => {
    const world = railway()
    send(world, runs(world.trainId, 0, 1, 3, 4))
    const days = (changed: Partial<JourneyQuery>) =>
      search(world, 'A', 'E', changed).map((it) => it.serviceDate - 20261123)
    expect(days({})).toEqual([0, 1, 2, 3, 4])
    expect(days({ earliestMs: departure, latestMs: departure })).toEqual([2])
    expect(days({ earliestMs: departure + 1, latestMs: departure + DAY })).toEqual([3])
    expect(days({ nowMs: departure })).toEqual([3, 4])
    expect(days({ limit: 2 })).toEqual([0, 1])
  })

  it('sorts by departure, then arrival', () => {
    const world = railway()
    const slow = stopsAt('A', 'E').map((stop) => ({ ...stop }))
    const fast = stopsAt('A', 'E').map((stop, i) => ({ ...stop, arrivalSeconds: 21_600 + i * 60 }))
    for (const [number, stops] of [
      ['slow', slow],
      ['fast', fast],
    ] as const) {
      const { trainId } = must(send(world, train(number, { stops })), 'trainAdded')
      send(world, runs(trainId, 2))
    }
    expect(search(world, 'A', 'E').map((it) => it.trainNumber)).toEqual(['fast', 'slow', 'IC 1'])
  })

  it('heeds boarding and alighting, and rides no loop for nothing', () => {
    const world = railway()
    const stops = stopsAt('A', 'B', 'A', 'C', 'B', 'C').map((stop, i) => ({
      ...stop,
      boarding: i !== 1,
      alighting: i !== 3,
    }))
    const { trainId } = must(send(world, train('loop', { stops })), 'trainAdded')
    send(world, runs(trainId, 5))
    const found = (from: string, to: string) =>
      search(world, from, to, { earliestMs: departure + DAY }).map((it) => [it.fromStop, it.toStop])
    expect(found('A', 'C')).toEqual([[2, 5]])
    expect(found('A', 'B')).toEqual([
      [0, 1],
      [2, 4],
    ])
    expect(found('B', 'C')).toEqual([[4, 5]])
    expect(found('B', 'A')).toEqual([])
  })
})
