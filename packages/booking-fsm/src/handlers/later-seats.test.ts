import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  confirmed,
  done,
  HOLD,
  HOUR,
  held,
  hold,
  join,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  send,
  waitingLists,
} from '../../test/world.ts'
import type { Command, SetSeatPromiseRule } from '../commands.ts'
import {
  findBooking,
  loadState,
  manifest,
  nextExpiryMs,
  rowsOf,
  searchJourneys,
  seatMap,
  stateHash,
} from '../index.ts'

let world: Railway

/** The first class has six seats, in two rows of three. */
const later: SetSeatPromiseRule = {
  type: 'setSeatPromiseRule',
  validFromMs: 0,
  chartBeforeDepartureMs: HOUR,
  lines: [{ trainNumber: '', classCode: '1', promised: false }],
}
const first = { classCode: '1' } as const

beforeEach(() => {
  world = railway()
  must(send(world, later), 'done')
})

const seatsOf = (bookingId: number) =>
  findBooking(world.state, bookingId)?.passengers.map(({ seat }) => seat)
const tick = () => must(send(world, { type: 'tick' }), 'done')
const close = () => {
  must(send(world, { type: 'closeChart', runId: world.runId }), 'done')
  tick()
}
const free = (from: number, to: number) => {
  const [journey] = searchJourneys(world.state, {
    fromStationId: 1 + from,
    toStationId: 1 + to,
    earliestMs: MONDAY,
    latestMs: MONDAY + 4 * 24 * HOUR,
    nowMs: world.nowMs,
    passengers: 1,
    limit: 1,
  })
  return journey?.classes.find(({ classCode }) => classCode === '1')?.freeSeats
}

describe('a place whose seat is given later', () => {
  it('has no seat until the chart closes, and then has one', () => {
    const { bookingId, seats } = confirmed(world, world.ann, world.runId, {
      ...first,
      passengers: 3,
    })
    expect(seats).toEqual([-1, -1, -1])
    expect(free(0, 4)).toBe(3)
    close()
    // A party sits in one row.
    expect(seatsOf(bookingId)).toEqual([0, 1, 2])
    expect(findBooking(world.state, bookingId)?.changes).toMatchObject([
      { kind: 'seated', seats: [-1, -1, -1] },
    ])
  })

  it('fits when there is a place on each segment, whatever seats would have been taken', () => {
    // By seats: who comes first sits where the long journey would have to.
    for (const [from, to] of [
      [0, 1],
      [2, 4],
    ] as const) {
      held(world, world.ann, world.runId, { ...first, from, to, passengers: 5 })
    }
    held(world, world.ann, world.runId, { ...first, from: 1, to: 2, passengers: 6 })
    expect(free(0, 4)).toBe(0)
    const last = held(world, world.bob, world.runId, { ...first, from: 0, to: 1 })
    held(world, world.bob, world.runId, { ...first, from: 2, to: 4 })
    const full = send(world, hold(world.runId, { ...first, from: 0, to: 1 }), { actor: world.bob })
    expect(full).toMatchObject({ code: 'notEnoughSeats', figure: 0 })
    close()
    expect(seatsOf(last.bookingId)?.[0]).toBeGreaterThanOrEqual(0)
  })

  it('can not be chosen, and no property of a seat be required; a wish is kept until then', () => {
    const by = { actor: world.ann }
    const chosen = send(world, hold(world.runId, { ...first, seats: [0] }), by)
    expect(chosen).toMatchObject({ code: 'seatGivenLater', field: 'seats' })
    const wish = { required: [], wished: ['aisle'], apart: false, wheelchairPlaces: 0 }
    const one = hold(world.runId, first)
    const required = { ...one, preferences: { ...wish, required: ['aisle'] } } as Command
    expect(send(world, required, by)).toMatchObject({ field: 'preferences.required' })
    held(world, world.ann, world.runId, first)
    const byTheWindow = { ...one, preferences: { ...wish, wished: ['window'] } } as Command
    const wishing = [1, 2].map(() => must(send(world, byTheWindow, by), 'seatsHeld').bookingId)
    const map = seatMap(world.state, world.runId, 0, 4)
    expect(map.filter((it) => it.classCode === '1' && it.offered)).toEqual([])
    close()
    // Who wishes goes first; 1 is on the aisle.
    expect(wishing.map(seatsOf)).toEqual([[0], [2]])
  })

  it('is seated by itself at the instant of the rule, fifty parties an entry', () => {
    const { bookingId } = confirmed(world, world.ann, world.runId, first)
    expect(manifest(world.state, world.runId)).toMatchObject({ closed: false })
    const closesAt = manifest(world.state, world.runId)?.closesAtMs ?? 0
    expect(nextExpiryMs(world.state)).toBe(closesAt)
    world.nowMs = closesAt
    tick()
    expect(seatsOf(bookingId)).toEqual([0])
    expect(nextExpiryMs(world.state)).toBeUndefined()
  })

  it('says the same again to the same request, once there are seats', () => {
    const key = {
      principal: `a:${world.ann}`,
      method: 'HoldSeats',
      requestId: 'r',
      contentHash: 'a',
    }
    const command = hold(world.runId, first)
    const reply = send(world, command, { actor: world.ann, key })
    close()
    expect(send(world, command, { actor: world.ann, key })).toEqual(reply)
  })

  it('voids tickets that say no seat', () => {
    const { bookingId } = confirmed(world, world.ann, world.runId, first)
    const issue: Command = { type: 'issueTickets', bookingId, passengers: [] }
    must(send(world, issue, { actor: world.ann }), 'ticketsIssued')
    close()
    const [ticket] = world.state.tickets.get(bookingId) ?? []
    expect(ticket?.voidedAtMs).toBe(world.nowMs)
  })

  it('goes to who waits when a place comes free', () => {
    must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command), 'done')
    const full = held(world, world.ann, world.runId, { ...first, passengers: 6 })
    const { bookingId } = must(
      send(world, join(world.runId), { actor: world.bob }),
      'waitingListJoined',
    )
    const { bookingId: id } = full
    must(send(world, { type: 'releaseHold', bookingId: id }, { actor: world.ann }), 'done')
    expect(findBooking(world.state, bookingId)).toMatchObject({ status: 'held' })
    expect(seatsOf(bookingId)).toEqual([-1])
  })

  it('is there again for a late payment while there is one, after the chart, too', () => {
    const late = held(world, world.ann, world.runId, first)
    must(pay(world, world.ann, late), 'paymentStarted')
    world.nowMs += HOLD + HOUR
    close()
    expect(findBooking(world.state, late.bookingId)?.status).toBe('expired')
    must(done(world, 1), 'done')
    tick()
    expect(findBooking(world.state, late.bookingId)?.status).toBe('confirmed')
    expect(seatsOf(late.bookingId)).toEqual([0])
  })
})

describe('seats that were promised, among places', () => {
  it('stay, and count for no more than the way up to their end', () => {
    must(send(world, { ...later, lines: [] }), 'done')
    const fixed = held(world, world.ann, world.runId, { ...first, from: 1, to: 2, passengers: 6 })
    must(send(world, later), 'done')
    // Before a stretch that is promised, a seat is no place; it is given at once.
    const before = held(world, world.bob, world.runId, { ...first, from: 0, to: 1 })
    expect(before.seats).toEqual([0])
    const after = held(world, world.bob, world.runId, { ...first, from: 2, to: 4, passengers: 6 })
    expect(after.seats).toEqual(Array(6).fill(-1))
    close()
    expect(seatsOf(fixed.bookingId)).toEqual(fixed.seats)
    expect(new Set(seatsOf(after.bookingId)).size).toBe(6)
  })

  it('leave enough for those who have none yet: by choice, by chance, and when some are taken off sale', () => {
    held(world, world.ann, world.runId, { ...first, passengers: 5 })
    const other = { ...later, lines: [{ trainNumber: 'IC 1', classCode: '1', promised: true }] }
    must(send(world, other), 'done')
    const two = send(world, hold(world.runId, { ...first, passengers: 2 }), { actor: world.bob })
    expect(two).toMatchObject({ code: 'notEnoughSeats', figure: 1 })
    const chosen = hold(world.runId, { ...first, seats: [0, 5] })
    expect(send(world, chosen, { actor: world.bob })).toMatchObject({ code: 'notEnoughSeats' })
    expect(free(0, 4)).toBe(1)
    const block = (seats: number[]): Command => ({
      ...{ type: 'blockSeats', runId: world.runId, trainId: 0, fromDate: 0, toDate: 0 },
      ...{ seats, reason: 'technicalFailure' },
    })
    expect(send(world, block([0, 1]))).toMatchObject({ code: 'seatsNeeded', figure: world.runId })
    must(send(world, block([0])), 'seatsBlocked')
    expect(free(0, 4)).toBe(0)
    close()
  })
})

describe('the chart', () => {
  it('seats who boards first before who booked first: in the other order the last would find no seat', () => {
    // Four of the six seats are taken all the way. On the two that are left, [0,1) [2,3) [1,3) [0,2) booked in this order
    // fit only if [0,2) is not left to the end.
    const ways = [
      [0, 4, 4],
      [0, 1, 1],
      [2, 3, 1],
      [1, 3, 1],
      [0, 2, 1],
    ] as const
    const ids = ways.map(([from, to, passengers]) => {
      const way = { ...first, from, to, passengers }
      return must(send(world, hold(world.runId, way), { actor: world.ann }), 'seatsHeld').bookingId
    })
    close()
    expect(ids.flatMap((id) => seatsOf(id)).every((seat = -1) => seat >= 0)).toBe(true)
  })

  it('always finds seats for everybody, with seats promised before and after, and from its rows', () => {
    const journey = fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 3 }), fc.nat(9))
    fc.assert(
      fc.property(fc.array(journey, { minLength: 10, maxLength: 60 }), (journeys) => {
        world = railway()
        const ids: number[] = []
        for (const [a, b, passengers, promised] of journeys) {
          // Now and then the rule is another one.
          must(send(world, promised < 2 ? { ...later, lines: [] } : later), 'done')
          const way = { ...first, from: Math.min(a, b), to: Math.max(a, b) + 1, passengers }
          const reply = send(world, hold(world.runId, way), { actor: world.ann })
          if (reply.type === 'seatsHeld') ids.push(reply.bookingId)
        }
        must(send(world, { type: 'closeChart', runId: world.runId }), 'done')
        const loaded = loadState(rowsOf(world.state))
        const again = { ...world, state: loaded }
        for (const each of [world, again]) must(send(each, { type: 'tick' }), 'done')
        expect(stateHash(again.state)).toBe(stateHash(world.state))
        expect(ids.flatMap((id) => seatsOf(id)).every((seat = -1) => seat >= 0)).toBe(true)
        expect(manifest(world.state, world.runId)?.closed).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
