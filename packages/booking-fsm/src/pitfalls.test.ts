/** What went wrong in other booking systems, each once: docs/internals/booking-pitfalls.md. */
import { expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  held,
  hold,
  key,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  runs,
  send,
  stopsAt,
  train,
  WINDOW,
} from '../test/world.ts'
import { findBooking } from './queries/bookings.ts'
import { searchJourneys } from './queries/journeys.ts'
import { ledgerTotals, pendingOutbox, refundQuote } from './queries/payments.ts'
import { findRun } from './queries/runs.ts'
import { seatMap } from './queries/seats.ts'
import { findStation } from './queries/stations.ts'
import { rowsOf } from './snapshot.ts'

function freeIn(world: Railway, from: number, to: number, classCode = '2'): readonly number[] {
  return seatMap(world.state, world.runId, from, to)
    .filter((seat) => seat.free && seat.classCode === classCode)
    .map(({ seat }) => seat)
}

function offered(world: Railway, from: string, to: string): number {
  const stationOf = (code: string) => findStation(world.state, code)?.stationId ?? 0
  const [journey] = searchJourneys(world.state, {
    fromStationId: stationOf(from),
    toStationId: stationOf(to),
    earliestMs: MONDAY,
    latestMs: MONDAY + 7 * DAY,
    nowMs: world.nowMs,
    passengers: 1,
    limit: 1,
  })
  return journey?.classes.find(({ classCode }) => classCode === '2')?.freeSeats ?? -1
}

it('P1 a seat is sold again before and after a journey, never beside it, and a full train says so', () => {
  const world = railway()
  const seats = [6]
  held(world, world.ann, world.runId, { seats, from: 1, to: 2 })
  // From the very stop where it is freed, and up to the one where it is taken.
  held(world, world.bob, world.runId, { seats, from: 2, to: 4 })
  held(world, world.bob, world.runId, { seats, from: 0, to: 1 })
  for (const [from, to] of [
    [0, 2],
    [1, 2],
    [1, 4],
    [3, 4],
  ] as const) {
    expect(send(world, hold(world.runId, { seats, from, to }), { actor: world.ann })).toMatchObject(
      { code: 'seatTaken', seats },
    )
  }
  for (let left = 23; left > 0; left--) held(world, world.ann, world.runId)
  expect(send(world, hold(world.runId), { actor: world.ann })).toMatchObject({
    code: 'notEnoughSeats',
    figure: 0,
  })
})

it('P2 the seats of a cancelled booking come back, and classes share no numbers', () => {
  const world = railway()
  const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId, { seats: [6] })
  expect(freeIn(world, 0, 4)).not.toContain(6)
  expect(freeIn(world, 0, 4, '1')).toEqual([0, 1, 2, 3, 4, 5])
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
  must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
  held(world, world.bob, world.runId, { seats: [6] })
})

it('P3 two ask for the last seat in one batch: one has it, and only its owner gives it back', () => {
  const world = railway()
  for (let left = 23; left > 0; left--) held(world, world.ann, world.runId)
  const { bookingId } = held(world, world.ann, world.runId)
  expect(send(world, hold(world.runId), { actor: world.bob })).toMatchObject({
    code: 'notEnoughSeats',
  })
  const release = { type: 'releaseHold', bookingId } as const
  expect(send(world, release, { actor: world.bob })).toMatchObject({ code: 'bookingNotFound' })
  must(send(world, release, { actor: world.ann }), 'done')
  held(world, world.bob, world.runId)
})

it('P4 the number of free seats is counted: search and seat map agree on every journey', () => {
  const world = railway()
  held(world, world.ann, world.runId, { from: 0, to: 2, passengers: 3 })
  confirmed(world, world.bob, world.runId, { from: 1, to: 4, passengers: 2 })
  held(world, world.bob, world.runId, { from: 3, to: 4 })
  for (let from = 0; from < 4; from++) {
    for (let to = from + 1; to <= 4; to++) {
      const names = 'ABCDE'
      expect(offered(world, names.charAt(from), names.charAt(to))).toBe(
        freeIn(world, from, to).length,
      )
    }
  }
})

it('P5 what was never paid is not refunded, and bands are instants, not hours of a clock face', () => {
  const world = railway()
  const unpaid = held(world, world.ann, world.runId)
  const cancel = { type: 'cancelBooking', bookingId: unpaid.bookingId, expectedRefundMinor: 0 }
  expect(send(world, cancel as never, { actor: world.ann })).toMatchObject({ code: 'notConfirmed' })
  const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId)
  const departure = MONDAY + 2 * DAY + 6 * HOUR
  const refundAt = (nowMs: number) => refundQuote(world.state, bookingId, nowMs)?.refundMinor
  expect(refundAt(departure - DAY - 1)).toBe(priceMinor)
  // Twelve hours later the hand of a clock stands where it stood.
  expect(refundAt(departure - DAY + 12 * HOUR)).toBe(priceMinor / 2)
  expect(ledgerTotals(world.state).refundsPayable).toBe(0)
})

it('P7 a payment that comes after the hold does not sell the seat a second time', () => {
  const world = railway()
  const late = held(world, world.ann, world.runId, { seats: [6] })
  must(pay(world, world.ann, late), 'paymentStarted')
  world.nowMs += HOLD + WINDOW
  const other = held(world, world.bob, world.runId, { seats: [6] })
  must(done(world, 1), 'done')
  expect(findBooking(world.state, late.bookingId)).toMatchObject({
    status: 'expired',
    payments: [{ status: 'voiding' }],
  })
  expect(findBooking(world.state, other.bookingId)?.status).toBe('held')
})

it('P8 what becomes of another payment, or is said twice of one, does not touch the ticket', () => {
  const world = railway()
  const booking = held(world, world.ann, world.runId)
  must(pay(world, world.ann, booking), 'paymentStarted')
  must(refused(world, 1), 'done')
  must(pay(world, world.ann, booking), 'paymentStarted')
  must(done(world, 2), 'done')
  expect(refused(world, 1)).toMatchObject({ code: 'outboxResolved' })
  expect(refused(world, 2)).toMatchObject({ code: 'outboxResolved' })
  expect(pay(world, world.ann, booking)).toMatchObject({ code: 'alreadyConfirmed' })
  expect(findBooking(world.state, booking.bookingId)).toMatchObject({
    status: 'confirmed',
    payments: [{ status: 'declined' }, { status: 'authorised' }],
  })
})

it('P9 a payment that nobody finishes does not keep the seat, and search sees it free', () => {
  const world = railway()
  const before = offered(world, 'A', 'E')
  const booking = held(world, world.ann, world.runId)
  must(pay(world, world.ann, booking), 'paymentStarted')
  expect(offered(world, 'A', 'E')).toBe(before - 1)
  world.nowMs += HOLD
  send(world, { type: 'tick' })
  expect(offered(world, 'A', 'E')).toBe(before)
})

it('P10 money without a ticket is given back in the entry that finds it out', () => {
  const world = railway()
  const booking = held(world, world.ann, world.runId, { seats: [6] })
  must(pay(world, world.ann, booking), 'paymentStarted')
  world.nowMs += HOLD
  held(world, world.bob, world.runId, { seats: [6] })
  must(done(world, 1), 'done')
  expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'void', bookingId: 1 }])
  // And a ticket without money is none.
  const sold = confirmed(world, world.ann, world.runId, { seats: [7] })
  must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
  expect(findBooking(world.state, sold.bookingId)).toMatchObject({ status: 'cancelled' })
  expect(ledgerTotals(world.state).fareRevenue).toBe(0)
})

it('P11 a request that is repeated makes no second booking', () => {
  const world = railway()
  const by = { actor: world.ann, key: key('once', { principal: `a:${world.ann}` }) }
  const first = must(send(world, hold(world.runId), by), 'seatsHeld')
  world.nowMs += 2 * DAY - HOUR
  expect(send(world, hold(world.runId), by)).toEqual(first)
  expect(world.state.bookings.size).toBe(1)
})

it('P12, P13 times are instants, on the service day they belong to: past midnight they go on counting', () => {
  const world = railway()
  const late = stopsAt('A', 'B', 'C').map((stop, i) => ({
    ...stop,
    arrivalSeconds: (23 + i) * 3_600 + 1_800,
    departureSeconds: (23 + i) * 3_600 + 1_800,
  }))
  const { trainId } = must(send(world, train('NJ 1', { stops: late })), 'trainAdded')
  const [runId = 0] = must(send(world, runs(trainId, 3)), 'runsAdded').runIds
  const thursday = MONDAY + 3 * DAY
  expect(findRun(world.state, runId)).toMatchObject({
    serviceDate: 20_261_126,
    stops: [
      { departureMs: thursday + 23.5 * HOUR },
      // 24:30 of Thursday is half past midnight on Friday, whatever clocks do that night.
      { departureMs: thursday + 24.5 * HOUR },
      { arrivalMs: thursday + 25.5 * HOUR },
    ],
  })
  world.nowMs = thursday + 24 * HOUR
  held(world, world.ann, runId, { from: 1, to: 2 })
  const gone = send(world, hold(runId, { from: 0, to: 2 }), { actor: world.ann })
  expect(gone).toMatchObject({ code: 'runDeparted' })
})

it('P14 two workers at one effect: what is said second changes nothing, and nobody waits for anybody', () => {
  const world = railway()
  const booking = held(world, world.ann, world.runId)
  must(pay(world, world.ann, booking), 'paymentStarted')
  const [effect] = pendingOutbox(world.state, 9)
  const outboxId = effect?.outboxId ?? 0
  must(done(world, outboxId), 'done')
  const before = rowsOf(world.state).filter(({ table }) => table !== 'meta')
  for (const again of [done, refused]) {
    expect(again(world, outboxId)).toMatchObject({ code: 'outboxResolved' })
    expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(before)
  }
  // Somebody else's hold goes on while a payment is on its way.
  must(pay(world, world.bob, held(world, world.bob, world.runId)), 'paymentStarted')
  expect(held(world, world.ann, world.runId).seats).toHaveLength(1)
})

it('P15 an exchange that comes to nothing, at any point, leaves the seat that was sold', () => {
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }]
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands } as const
  const exchange = { bands, surplusBack: true }
  const rule = { validFromMs: 0, offerMs: HOUR, roundToMinor: 1, rounding: 'up' } as const
  for (const ends of ['released', 'expired', 'declined'] as const) {
    const world = railway()
    const by = { actor: world.ann }
    must(
      send(world, { type: 'setCancellationRule', ...rule, lines: [{ ...line, exchange }] }),
      'done',
    )
    const { bookingId: old } = confirmed(world, world.ann, world.runId, { to: 1 })
    must(done(world, 2), 'done')
    const to = { runId: world.runId, fromStop: 0, toStop: 4, classCode: '2', seats: [] }
    const { bookingId, dueMinor } = must(
      send(world, { type: 'holdExchange', bookingId: old, ...to }, by),
      'exchangeHeld',
    )
    if (ends === 'released') must(send(world, { type: 'releaseHold', bookingId }, by), 'done')
    if (ends === 'declined') {
      must(pay(world, world.ann, { bookingId, priceMinor: dueMinor, seats: [] }), 'paymentStarted')
      must(refused(world, 3), 'done')
    }
    world.nowMs += HOLD + WINDOW
    must(send(world, { type: 'tick' }), 'done')
    expect(findBooking(world.state, old)?.status, ends).toBe('confirmed')
    expect(freeIn(world, 0, 1), ends).toHaveLength(23)
    expect(freeIn(world, 1, 4), ends).toHaveLength(24)
    expect(ledgerTotals(world.state), ends).toMatchObject({ exchangeCredit: 0, refundsPayable: 0 })
  }
})

it('P16 who only holds, by a robot, has no more than the rule of sale allows, and all of it is free again in time', () => {
  const world = railway()
  const terms = { holdMs: HOLD, extensionMs: 0, maxOpenHolds: 2, maxPassengers: 6 }
  const rule = { ...terms, opensBeforeMs: 0, closesBeforeMs: 0, validFromMs: 0 }
  must(send(world, { type: 'setSalesRule', ...rule }), 'done')
  const free = freeIn(world, 0, 4).length
  for (let at = 0; at < 20; at++) {
    const reply = send(world, hold(world.runId), { actor: world.ann })
    if (at >= 2) expect(reply).toMatchObject({ code: 'tooManyHolds', figure: 2 })
  }
  expect(freeIn(world, 0, 4)).toHaveLength(free - 2)
  world.nowMs += HOLD
  must(send(world, { type: 'tick' }), 'done')
  expect(freeIn(world, 0, 4)).toHaveLength(free)
})
