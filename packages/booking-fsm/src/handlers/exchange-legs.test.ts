import { beforeEach, describe, expect, it } from 'vitest'
import { special } from '../../test/fuzz/seats.ts'
import {
  done,
  HOUR,
  MONDAY,
  must,
  type Railway,
  railway,
  refused,
  runs,
  send,
  train,
} from '../../test/world.ts'
import type { Command, HoldExchange } from '../commands.ts'
import { findBooking, ledgerTotals, occupancy } from '../index.ts'

/** Until departure 10 % of the fare, and nothing is kept of a surplus. */
const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 1_000 }]
const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands } as const
const rule: Command = {
  type: 'setCancellationRule',
  ...{ validFromMs: 0, offerMs: HOUR, roundToMinor: 1, rounding: 'halfUp' },
  lines: [{ ...line, exchange: { bands, surplusBack: true } }],
}

let world: Railway
let later: number
/** There and on: A to C and C to E, 30.00 each, paid. */
let first: number
let second: number

beforeEach(() => {
  world = railway()
  must(send(world, rule), 'done')
  later = must(send(world, runs(world.trainId, 4)), 'runsAdded').runIds[0] ?? 0
  const leg = (fromStop: number) => {
    return { runId: world.runId, fromStop, toStop: fromStop + 2, classCode: '2', seats: [] }
  }
  const trip: Command = { type: 'holdTrip', legs: [leg(0), leg(2)], passengers: [{ name: 'P' }] }
  const held = must(ask(trip), 'tripHeld')
  first = held.tripId
  second = held.legs[1]?.bookingId ?? 0
  pay(first, held.priceMinor)
  must(settle(), 'done')
  must(settle(), 'done')
})

const ask = (command: Command) => send(world, command, { actor: world.ann })
const settle = () => done(world, world.state.meta.nextOutboxId - 1)
const status = (bookingId: number) => findBooking(world.state, bookingId)?.status
const journey = (bookingId: number) => findBooking(world.state, bookingId)?.journeyBookingIds
const sold = (runId: number) => occupancy(world.state, runId)?.segments.map((it) => it.sold)

function pay(bookingId: number, amountMinor: number) {
  const payment = { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor } as const
  must(ask(payment), 'paymentStarted')
}

function exchange(bookingId: number, changed: Partial<HoldExchange> = {}) {
  const to = { runId: later, fromStop: 0, toStop: 4, classCode: '2', seats: [] }
  return ask({ type: 'holdExchange', bookingId, ...to, ...changed })
}
const exchanged = (bookingId: number, changed: Partial<HoldExchange> = {}) =>
  must(exchange(bookingId, changed), 'exchangeHeld')

describe('one leg of a trip', () => {
  it('is exchanged for the difference, and the other legs stay', () => {
    const { bookingId, dueMinor } = exchanged(first)
    expect(dueMinor).toBe(5_000 - 2_700)
    pay(bookingId, dueMinor)
    must(settle(), 'done')
    expect([first, second, bookingId].map(status)).toEqual(['exchanged', 'confirmed', 'confirmed'])
    expect([sold(world.runId), sold(later)]).toEqual([
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ])
    for (const of of [first, second, bookingId]) expect(journey(of)).toEqual([bookingId, second])
    must(settle(), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 8_300, exchangeCredit: 0 })
  })

  it('is exchanged once, and again only as what it has become', () => {
    const { bookingId, surplusMinor } = exchanged(first, { toStop: 1 })
    expect(surplusMinor).toBe(700)
    expect(exchange(first)).toMatchObject({ code: 'exchangeOpen' })
    must(ask({ type: 'confirmBooking', bookingId }), 'done')
    expect(exchange(first)).toMatchObject({ code: 'alreadyExchanged' })
    expect(exchange(bookingId)).toMatchObject({ type: 'exchangeHeld' })
    // The surplus goes back to the card that the trip was paid with.
    must(settle(), 'done')
    expect(findBooking(world.state, second)?.payments[0]).toMatchObject({ refundedMinor: 700 })
  })

  it('stays what it was when the difference is not paid in time; both may be exchanged', () => {
    const [one, two] = [exchanged(first), exchanged(second)]
    pay(two.bookingId, two.dueMinor)
    world.nowMs += HOUR
    // Paid late, and its seats are free.
    must(settle(), 'done')
    expect(status(one.bookingId)).toBe('expired')
    expect([first, second, two.bookingId].map(status)).toEqual([
      'confirmed',
      'exchanged',
      'confirmed',
    ])
    expect(journey(first)).toEqual([first, two.bookingId])
  })

  it('whose difference is never paid is paid back from the payment of the trip', () => {
    const { bookingId, dueMinor } = exchanged(first)
    pay(bookingId, dueMinor)
    must(settle(), 'done')
    must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
    expect([first, second, bookingId].map(status)).toEqual(['exchanged', 'confirmed', 'cancelled'])
    must(settle(), 'done')
    expect(findBooking(world.state, second)?.payments[0]).toMatchObject({ refundedMinor: 2_700 })
    expect(findBooking(world.state, second)?.owedMinor).toBe(0)
  })

  it('may not be where another leg is', () => {
    const where = { runId: world.runId, fromStop: 1, toStop: 3 }
    expect(exchange(first, where)).toMatchObject({ code: 'invalidField', field: 'runId' })
    expect(exchange(first, { ...where, toStop: 2 })).toMatchObject({ type: 'exchangeHeld' })
  })
})

it('the journey stays one: when the new train is lost, the other legs can be moved, too', () => {
  const { bookingId } = exchanged(second, { toStop: 1 })
  must(ask({ type: 'confirmBooking', bookingId }), 'done')
  const lost = must(
    send(world, { type: 'cancelRun', runId: later, reason: 'strike' }),
    'disruptionBegun',
  )
  const { disruptionId } = lost
  must(send(world, { type: 'continueDisruption', disruptionId }), 'done')
  expect(status(bookingId)).toBe('disrupted')
  expect(findBooking(world.state, first)?.disruption).toMatchObject({ disruptionId })
  expect(must(ask({ type: 'takeRefund', bookingId: first }), 'bookingCancelled')).toMatchObject({
    refundMinor: 3_000,
  })
})

describe('wheelchair places', () => {
  let old: number
  let other: number

  beforeEach(() => {
    const { trainId } = must(send(world, train('Q', { coaches: special })), 'trainAdded')
    const [there = 0, back = 0] = must(send(world, runs(trainId, 2, 3)), 'runsAdded').runIds
    other = back
    const preferences = { required: [], wished: [], apart: true, wheelchairPlaces: 1 }
    const journeyOn = { runId: there, fromStop: 0, toStop: 2, classCode: '2' }
    const passengers = [{ name: 'Wheels' }, { name: 'Feet' }]
    const hold: Command = { type: 'holdSeats', ...journeyOn, passengers, seats: [], preferences }
    const held = must(ask(hold), 'seatsHeld')
    old = held.bookingId
    expect(held.seats[0]).toBe(4)
    pay(old, held.priceMinor)
    must(settle(), 'done')
    must(settle(), 'done')
  })
  const to = (changed: Partial<HoldExchange> = {}) => exchanged(old, { runId: other, ...changed })

  it('are kept by who has one, also on the other train', () => {
    expect(to().seats[0]).toBe(4)
    expect(findBooking(world.state, old)?.passengers[0]).toMatchObject({ name: 'Wheels', seat: 4 })
  })

  it('go to those who had one, whatever their place in the party', () => {
    const preferences = { required: [], wished: [], apart: true, wheelchairPlaces: 1 }
    const journeyOn = { runId: other, fromStop: 2, toStop: 3, classCode: '2', preferences }
    const passengers = [{ name: 'Feet' }, { name: 'Wheels' }]
    const hold: Command = { type: 'holdSeats', ...journeyOn, passengers, seats: [8, 6] }
    const held = must(ask(hold), 'seatsHeld')
    pay(held.bookingId, held.priceMinor)
    must(settle(), 'done')
    must(settle(), 'done')
    const { seats } = exchanged(held.bookingId, { runId: other, toStop: 1 })
    expect([seats[0], seats[1]]).toEqual([expect.not.toBeOneOf([4, 6]), expect.toBeOneOf([4, 6])])
  })

  it('are given to more, or to nobody, when that is said', () => {
    expect(exchange(old, { runId: other, wheelchairPlaces: 3 })).toMatchObject({
      code: 'invalidField',
      field: 'wheelchairPlaces',
    })
    expect([...to({ wheelchairPlaces: 2 }).seats].sort()).toEqual([4, 6])
    world.nowMs = MONDAY + HOUR
    expect(to({ wheelchairPlaces: 0 }).seats).not.toContain(4)
  })

  it('and when there is none, the exchange is refused', () => {
    const preferences = { required: [], wished: [], apart: true, wheelchairPlaces: 2 }
    const journeyOn = { runId: other, fromStop: 0, toStop: 4, classCode: '2' }
    const passengers = [{ name: 'A' }, { name: 'B' }]
    must(ask({ type: 'holdSeats', ...journeyOn, passengers, seats: [], preferences }), 'seatsHeld')
    expect(exchange(old, { runId: other })).toMatchObject({ code: 'notEnoughSeats', figure: 0 })
  })
})
