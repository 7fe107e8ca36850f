import { describe, expect, it } from 'vitest'
import {
  DAY,
  done,
  HOLD,
  held,
  key,
  must,
  type Railway,
  railway,
  refused,
  runs,
  send,
} from '../../test/world.ts'
import type { HoldTrip, LegInput } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { occupancy, seatMap } from '../queries/seats.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** There on Wednesday, back on Friday, for 50.00 and 30.00 each. */
interface ThereAndBack extends Railway {
  readonly backRunId: number
}
function thereAndBack(): ThereAndBack {
  const world = railway()
  const [backRunId = 0] = must(send(world, runs(world.trainId, 4)), 'runsAdded').runIds
  return Object.assign(world, { backRunId })
}
const leg = (runId: number, changed: Partial<LegInput> = {}): LegInput => ({
  runId,
  fromStop: 0,
  toStop: 4,
  classCode: '2',
  seats: [],
  ...changed,
})
const trip = (legs: readonly LegInput[], passengers = 2): HoldTrip => ({
  type: 'holdTrip',
  legs,
  passengers: Array.from({ length: passengers }, (_, i) => ({ name: `Passenger ${i}` })),
})
const bothWays = (world: ThereAndBack) =>
  trip([leg(world.runId), leg(world.backRunId, { toStop: 2 })])

function heldTrip(world: ThereAndBack) {
  return must(send(world, bothWays(world), { actor: world.ann }), 'tripHeld')
}
function paid(world: ThereAndBack) {
  const reply = heldTrip(world)
  pay(world, reply.tripId, reply.priceMinor)
  return reply
}
function pay(world: ThereAndBack, bookingId: number, amountMinor: number) {
  const command = { type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor } as const
  return send(world, command, { actor: world.ann })
}
const last = (world: ThereAndBack) => world.state.meta.nextOutboxId - 1
const statuses = (world: ThereAndBack) =>
  [...world.state.bookings.values()].map(({ status }) => status)
const soldOn = (world: ThereAndBack, runId: number) =>
  occupancy(world.state, runId)?.segments.map(({ sold, held: held_ }) => [sold, held_])
const cancelLeg = (world: ThereAndBack, bookingId: number, expectedRefundMinor: number) =>
  send(world, { type: 'cancelBooking', bookingId, expectedRefundMinor }, { actor: world.ann })

describe('a trip', () => {
  it('is held on all its trains, for one price', () => {
    const world = thereAndBack()
    const reply = heldTrip(world)
    expect(reply.legs.map(({ priceMinor }) => priceMinor)).toEqual([10_000, 6_000])
    expect(reply.priceMinor).toBe(16_000)
    expect(soldOn(world, world.runId)).toEqual([0, 0, 0, 0].map(() => [0, 2]))
    expect(soldOn(world, world.backRunId)?.slice(1)).toEqual([
      [0, 2],
      [0, 0],
      [0, 0],
    ])
    expect(findBooking(world.state, 2)).toMatchObject({
      tripId: 1,
      tripBookingIds: [1, 2],
      tripPriceMinor: 16_000,
    })
    expect(findBooking(world.state, 1)?.pnr).toBe(reply.pnr)
  })

  it('is held as a whole or not at all, and a refusal names the leg', () => {
    const world = thereAndBack()
    must(
      send(world, trip([leg(world.backRunId, { seats: [6] })], 1), { actor: world.bob }),
      'tripHeld',
    )
    const before = rowsOf(world.state).filter(({ table }) => table !== 'meta')
    const seats = [6, 7]
    const wanted = trip([leg(world.runId, { seats }), leg(world.backRunId, { seats })])
    expect(send(world, wanted, { actor: world.ann })).toMatchObject({
      code: 'seatTaken',
      seats: [6],
      field: 'legs[1]',
    })
    expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(before)
    expect(seatMap(world.state, world.runId, 0, 4).every(({ free }) => free)).toBe(true)
  })

  it('is confirmed together by one payment', () => {
    const world = thereAndBack()
    const { tripId, priceMinor } = heldTrip(world)
    expect(pay(world, 2, 6_000)).toMatchObject({ code: 'priceChanged', figure: priceMinor })
    must(pay(world, 2, priceMinor), 'paymentStarted')
    expect(statuses(world)).toEqual(['paying', 'paying'])
    expect(pay(world, tripId, priceMinor)).toMatchObject({ code: 'alreadyPaying' })
    expect(pendingOutbox(world.state, 9)).toMatchObject([
      { kind: 'authorise', amountMinor: 16_000 },
    ])
    must(done(world, last(world)), 'done')
    expect(statuses(world)).toEqual(['confirmed', 'confirmed'])
    must(done(world, last(world)), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 16_000 })
  })

  it('goes back to being held as a whole when the card is declined', () => {
    const world = thereAndBack()
    paid(world)
    must(refused(world, last(world)), 'done')
    expect(statuses(world)).toEqual(['held', 'held'])
  })

  it('expires as a whole, at once with its first leg', () => {
    const world = thereAndBack()
    heldTrip(world)
    world.nowMs += HOLD
    send(world, { type: 'tick' })
    expect(statuses(world)).toEqual(['expired', 'expired'])
    expect(soldOn(world, world.backRunId)?.[0]).toEqual([0, 0])
  })

  it('is given back as a whole', () => {
    const world = thereAndBack()
    heldTrip(world)
    must(send(world, { type: 'releaseHold', bookingId: 2 }, { actor: world.ann }), 'done')
    expect(statuses(world)).toEqual(['released', 'released'])
  })
})

describe('late payment of a trip', () => {
  function late(): ThereAndBack {
    const world = thereAndBack()
    paid(world)
    world.nowMs += 2 * HOLD
    send(world, { type: 'tick' })
    expect(statuses(world)).toEqual(['expired', 'expired'])
    return world
  }

  it('buys all legs when every seat is free still', () => {
    const world = late()
    must(done(world, last(world)), 'done')
    expect(statuses(world)).toEqual(['confirmed', 'confirmed'])
  })

  it('P7: buys none and is given back when somebody has a seat of one leg', () => {
    const world = late()
    held(world, world.bob, world.backRunId, { seats: [6], to: 1 })
    must(done(world, last(world)), 'done')
    expect(statuses(world).slice(0, 2)).toEqual(['expired', 'expired'])
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'void', amountMinor: 16_000 }])
    expect(soldOn(world, world.runId)?.[0]).toEqual([0, 0])
  })

  it('buys none when the first train has left', () => {
    const world = late()
    world.nowMs += 3 * DAY
    must(done(world, last(world)), 'done')
    expect(statuses(world)).toEqual(['expired', 'expired'])
  })
})

describe('one leg of a trip', () => {
  it('is cancelled by itself, for its own refund', () => {
    const world = thereAndBack()
    paid(world)
    must(done(world, last(world)), 'done')
    must(done(world, last(world)), 'done')
    must(cancelLeg(world, 2, 6_000), 'bookingCancelled')
    expect(statuses(world)).toEqual(['confirmed', 'cancelled'])
    // Each leg answers for itself: found by a generated history.
    expect(pay(world, 1, 16_000)).toMatchObject({ code: 'alreadyConfirmed' })
    expect(pay(world, 2, 16_000)).toMatchObject({ code: 'alreadyCancelled' })
    expect(soldOn(world, world.runId)?.[0]).toEqual([2, 0])
    expect(soldOn(world, world.backRunId)?.[0]).toEqual([0, 0])
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 6_000 }])
    must(cancelLeg(world, 1, 10_000), 'bookingCancelled')
    expect(pay(world, 2, 16_000)).toMatchObject({ code: 'alreadyCancelled' })
    must(done(world, last(world) - 1), 'done')
    must(done(world, last(world)), 'done')
    expect(findBooking(world.state, 1)?.payments).toMatchObject([{ refundedMinor: 16_000 }])
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 0, refundsPayable: 0 })
  })

  it('owes nothing when the fare of the trip turns out not to be paid, and neither does another', () => {
    const world = thereAndBack()
    paid(world)
    must(done(world, last(world)), 'done')
    const capture = last(world)
    must(cancelLeg(world, 2, 6_000), 'bookingCancelled')
    must(refused(world, capture), 'done')
    expect(statuses(world)).toEqual(['cancelled', 'cancelled'])
    expect(Object.values(ledgerTotals(world.state)).every((sum) => sum === 0)).toBe(true)
    expect(soldOn(world, world.runId)?.[0]).toEqual([0, 0])
  })
})

describe('the request of a trip', () => {
  it('gives the same trip again, for ever and after a restart', () => {
    const world = thereAndBack()
    const by = { actor: world.ann, key: key('t1', { principal: `a:${world.ann}` }) }
    const first = send(world, bothWays(world), by)
    must(pay(world, 1, 16_000), 'paymentStarted')
    world.nowMs += 2 * DAY
    expect(send(world, bothWays(world), by)).toEqual(first)
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    expect(stateHash(loaded.state)).toBe(stateHash(world.state))
    expect(send(loaded, bothWays(world), by)).toEqual(first)
    expect(world.state.bookings.size).toBe(2)
  })
})

describe('refusals', () => {
  it('name the leg and the field', () => {
    const world = thereAndBack()
    const { runId, backRunId } = world
    const ask = (command: unknown, actor = world.ann) => send(world, command as HoldTrip, { actor })
    const of = (...legs: unknown[]) => ask(trip(legs as LegInput[]))
    expect(of()).toMatchObject({ code: 'invalidField', field: 'legs' })
    expect(of(...Array(7).fill(leg(runId)))).toMatchObject({ code: 'tooMany', figure: 6 })
    expect(of(null)).toMatchObject({ field: 'legs[0]' })
    expect(of(leg(runId), leg(0))).toMatchObject({ field: 'legs[1].runId' })
    expect(of(leg(runId), leg(backRunId, { seats: [1] }))).toMatchObject({ field: 'legs[1].seats' })
    expect(ask({ ...trip([leg(runId)]), passengers: [] })).toMatchObject({ field: 'passengers' })
    expect(of(leg(runId), leg(99))).toMatchObject({ code: 'runNotFound', field: 'legs[1]' })
    expect(of(leg(runId), leg(backRunId, { toStop: 9 }))).toMatchObject({ field: 'legs[1].toStop' })
    expect(of(leg(runId), leg(backRunId, { classCode: '9' }))).toMatchObject({
      code: 'classNotFound',
      field: 'legs[1].classCode',
    })
    // In one train at a time; one after the other is fine.
    expect(of(leg(runId), leg(runId, { fromStop: 3 }))).toMatchObject({ field: 'legs[1].runId' })
    expect(ask(bothWays(world), 0)).toMatchObject({ code: 'notAllowed' })
    must(of(leg(runId, { toStop: 2 }), leg(runId, { fromStop: 2 })), 'tripHeld')
  })
})
