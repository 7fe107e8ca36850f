import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  held,
  must,
  type Railway,
  railway,
  runs,
  send,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { AlternativesView } from '../views.ts'
import { type AlternativesQuery, findAlternatives } from './alternatives.ts'

function find(world: Railway, changed: Partial<AlternativesQuery> = {}): AlternativesView {
  const found = findAlternatives(world.state, {
    ...{ runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' },
    ...{ passengerTypes: [''], nowMs: world.nowMs },
    ...changed,
  })
  if (found === undefined) throw new Error('no alternatives')
  return found
}

/** Takes all but `left` seats of second class (6 to 29). */
function fill(world: Railway, from: number, to: number, left = 0): void {
  for (let seat = 6; seat < 30 - left; seat++) {
    held(world, world.ann, world.runId, { from, to, seats: [seat] })
  }
}

const partsOf = (view: AlternativesView) =>
  view.splits.map(({ legs }) => legs.map((leg) => [leg.fromStop, leg.toStop]))

describe('findAlternatives', () => {
  it('says where the train is full', () => {
    const world = railway()
    fill(world, 1, 2, 1)
    fill(world, 2, 3)
    expect(find(world).fullSegments).toEqual([{ segment: 2, freeSeats: 0 }])
    expect(find(world, { passengerTypes: ['', ''] }).fullSegments).toEqual([
      { segment: 1, freeSeats: 1 },
      { segment: 2, freeSeats: 0 },
    ])
    expect(find(world).splits).toEqual([])
  })

  it('offers the other class, for the party', () => {
    const world = railway()
    fill(world, 0, 4)
    const offer = { classCode: '1', freeSeats: 6, capacity: 6, enoughSeats: true }
    expect(find(world, { passengerTypes: ['', ''] }).otherClasses).toEqual([
      { ...offer, priceMinor: 2 * 10_000 },
    ])
    held(world, world.bob, world.runId, { classCode: '1', passengers: 5 })
    expect(find(world, { passengerTypes: ['', ''] }).otherClasses).toEqual([])
  })

  it('offers seats one after the other, cheapest and earliest change first', () => {
    const world = railway()
    // Nobody can sit all the way: some are taken before C, all others behind it.
    for (let seat = 6; seat < 30; seat++) {
      const [from, to] = seat % 2 === 0 ? [0, 2] : [2, 4]
      held(world, world.ann, world.runId, { from, to, seats: [seat] })
    }
    const view = find(world)
    expect(view).toMatchObject({ freeSeats: 0, fullSegments: [] })
    expect(partsOf(view)).toEqual([
      [
        [0, 2],
        [2, 4],
      ],
    ])
    expect(view.splits[0]?.priceMinor).toBe(3_000 + 3_000)
    // It can be held as it is.
    const legs = view.splits[0]?.legs.map(({ runId, fromStop, toStop }) => ({
      ...{ runId, fromStop, toStop, classCode: '2', seats: [] },
    }))
    const trip = { type: 'holdTrip', legs: legs ?? [], passengers: [{ name: 'Bob' }] } as const
    must(send(world, trip, { actor: world.bob }), 'tripHeld')
  })

  it('offers a neighbouring stop, with the doors as they are', () => {
    const world = railway()
    fill(world, 0, 1)
    const stops = (changed: Partial<AlternativesQuery>) =>
      find(world, changed).otherStops.map((leg) => [leg.fromStop, leg.toStop])
    expect(stops({})).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
    ])
    expect(stops({ fromStop: 1, toStop: 2 })).toEqual([
      [1, 3],
      [1, 4],
    ])
  })

  it('offers other days about the same time, and another train of the day', () => {
    const world = railway()
    send(world, runs(world.trainId, 1, 3, 4, 5, 6))
    const { trainId } = must(send(world, train('late', { stops: stopsAt('B', 'E') })), 'trainAdded')
    send(world, runs(trainId, 2, 4))
    const days = (changed: Partial<AlternativesQuery>) =>
      find(world, changed).otherDates.map((it) => [it.daysLater, it.leg.trainNumber])
    expect(days({})).toEqual([
      [-1, 'IC 1'],
      [1, 'IC 1'],
      [2, 'IC 1'],
      [3, 'IC 1'],
    ])
    expect(days({ fromStop: 1 })).toEqual([
      [-1, 'IC 1'],
      [0, 'late'],
      [1, 'IC 1'],
      [2, 'IC 1'],
      [3, 'IC 1'],
    ])
    expect(days({ nowMs: world.nowMs + 2 * DAY })[0]).toEqual([1, 'IC 1'])
  })

  it('has nothing to say of what is not there', () => {
    const world = railway()
    for (const wrong of [
      { runId: 9 },
      { fromStop: 4 },
      { toStop: 5 },
      { fromStop: -1 },
      { classCode: '3' },
      { nowMs: world.nowMs + 3 * DAY },
    ]) {
      expect(() => find(world, wrong), JSON.stringify(wrong)).toThrow('no alternatives')
    }
  })

  it('splits as going through all ways to change seats does', () => {
    const booking = fc.record({ seat: fc.nat(5), from: fc.nat(3), length: fc.nat(3) })
    const asked = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 }))
    fc.assert(
      fc.property(fc.array(booking, { maxLength: 30 }), asked, (bookings, [fromStop, party]) => {
        const world = railway()
        const grid = Array.from({ length: 6 }, () => [false, false, false, false])
        for (const { seat, from, length } of bookings) {
          const to = Math.min(4, from + 1 + length)
          if (grid[seat]?.slice(from, to).some(Boolean)) continue
          grid[seat]?.fill(true, from, to)
          held(world, world.ann, world.runId, { from, to, classCode: '1', seats: [seat] })
        }
        const free = (from: number, to: number) =>
          grid.filter((row) => !row.slice(from, to).some(Boolean)).length
        const fits = (from: number, to: number) => free(from, to) >= party
        const waysFrom = (at: number): number[][] =>
          at === 4
            ? [[4]]
            : [1, 2, 3, 4].flatMap((to) =>
                to > at && fits(at, to) ? waysFrom(to).map((way) => [at, ...way]) : [],
              )
        const ways = waysFrom(fromStop)
        const fewest = Math.min(...ways.map((way) => way.length))
        const view = find(world, {
          ...{ fromStop, classCode: '1', passengerTypes: Array(party).fill('') },
        })
        expect(view.freeSeats).toBe(free(fromStop, 4))
        const found = partsOf(view).map((parts) => [fromStop, ...parts.map(([, to]) => to)])
        if (fits(fromStop, 4) || ways.length === 0) expect(found).toEqual([])
        else if (fewest === 3) expect(found).toEqual(ways.filter((way) => way.length === 3))
        else expect(found.map((way) => way.length)).toEqual([fewest])
        for (const way of found) expect(ways).toContainEqual(way)
      }),
      { numRuns: 200 },
    )
  })
})
