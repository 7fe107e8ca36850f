import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  type Held,
  HOUR,
  held,
  hold,
  key,
  must,
  type Railway,
  railway,
  refused,
  register,
  send,
} from '../../test/world.ts'
import type { AcceptRefund, Command, OfferRefund, SetCancellationRule } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals, pendingOutbox, refundQuote } from '../queries/payments.ts'
import { seatMap } from '../queries/seats.ts'
import { rowsOf } from '../snapshot.ts'
import type { BookingView } from '../views.ts'

const charging: SetCancellationRule = {
  type: 'setCancellationRule',
  validFromMs: 0,
  offerMs: 30 * 60_000,
  roundToMinor: 1,
  rounding: 'halfUp',
  lines: [
    {
      state: 'confirmed',
      classCode: '',
      taxBasisPoints: 1_000,
      bands: [
        { untilBeforeDepartureMs: DAY, flatMinor: 300, chargeBasisPoints: 0 },
        { untilBeforeDepartureMs: 2 * HOUR, flatMinor: 300, chargeBasisPoints: 5_000 },
      ],
    },
  ],
}
const offer = (bookingId: number, ...passengers: number[]): OfferRefund => ({
  type: 'offerRefund',
  bookingId,
  passengers,
})
const accept = (bookingId: number, offerId: number, payLater = false): AcceptRefund => ({
  type: 'acceptRefund',
  bookingId,
  offerId,
  payLater,
})

/** Three passengers at 50.00 each, confirmed and captured. */
function party(rule?: Command): { world: Railway; booking: Held } {
  const world = railway()
  if (rule !== undefined) must(send(world, rule), 'done')
  const booking = confirmed(world, world.ann, world.runId, { passengers: 3 })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return { world, booking }
}
function shown(world: Railway, { bookingId }: Held): BookingView {
  const view = findBooking(world.state, bookingId)
  if (view === undefined) throw new Error('the booking is gone')
  return view
}
function isFree(world: Railway, seat: number): boolean | undefined {
  return seatMap(world.state, world.runId, 0, 4).find((it) => it.seat === seat)?.free
}
const offered = (world: Railway, { bookingId }: Held, ...passengers: number[]) =>
  must(send(world, offer(bookingId, ...passengers), { actor: world.ann }), 'refundOffered')
const accepted = (world: Railway, { bookingId }: Held, offerId: number, payLater = false) =>
  send(world, accept(bookingId, offerId, payLater), { actor: world.ann })

describe('partial cancellation', () => {
  it('P6: gives back the fare of the one who leaves, not of all', () => {
    const { world, booking } = party()
    const { offerId, refundMinor } = offered(world, booking, 1)
    expect(refundMinor).toBe(5_000)
    must(accepted(world, booking, offerId), 'bookingCancelled')
    const view = shown(world, booking)
    expect([view.status, view.refundMinor]).toEqual(['confirmed', 5_000])
    expect(view.passengers.map((p) => p.cancelledAtMs > 0)).toEqual([false, true, false])
    expect(booking.seats.map((seat) => isFree(world, seat))).toEqual([false, true, false])
    const outboxId = world.state.meta.nextOutboxId - 1
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 5_000 }])
    must(done(world, outboxId), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({
      providerClearing: 10_000,
      fareRevenue: -10_000,
      refundsPayable: 0,
      taxPayable: 0,
      exchangeCredit: 0,
    })
  })

  it('cancels the booking with its last passenger, and the refunds add up', () => {
    const { world, booking } = party()
    for (const position of [0, 2, 1]) {
      const { offerId } = offered(world, booking, position)
      must(accepted(world, booking, offerId), 'bookingCancelled')
    }
    expect(shown(world, booking)).toMatchObject({ status: 'cancelled', refundMinor: 15_000 })
    while (pendingOutbox(world.state, 1).length > 0) {
      must(done(world, pendingOutbox(world.state, 1)[0]?.outboxId ?? 0), 'done')
    }
    expect(shown(world, booking).payments).toMatchObject([
      { refundedMinor: 15_000, refundPending: false },
    ])
  })

  it('leaves the rest to be cancelled as a whole', () => {
    const { world, booking } = party()
    must(accepted(world, booking, offered(world, booking, 0).offerId), 'bookingCancelled')
    const { bookingId } = booking
    expect(refundQuote(world.state, bookingId, world.nowMs)?.refundMinor).toBe(10_000)
    const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: 10_000 } as const
    must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
    expect(shown(world, booking)).toMatchObject({ status: 'cancelled', refundMinor: 15_000 })
  })

  it('sells the seat that was left to somebody else', () => {
    const { world, booking } = party()
    must(accepted(world, booking, offered(world, booking, 1).offerId), 'bookingCancelled')
    const seats = [booking.seats[1] ?? 0]
    must(send(world, hold(world.runId, { seats }), { actor: world.bob }), 'seatsHeld')
  })
})

describe('an offer of a refund', () => {
  it('holds its sum when a band ends meanwhile, until it expires', () => {
    const { world, booking } = party(charging)
    world.nowMs += DAY + 6 * HOUR - 1
    const { offerId, chargeMinor, taxMinor, refundMinor, expiresAtMs } = offered(world, booking)
    expect([chargeMinor, taxMinor, refundMinor]).toEqual([900, 90, 14_010])
    expect(expiresAtMs).toBe(world.nowMs + 30 * 60_000)
    world.nowMs = expiresAtMs - 1
    expect(refundQuote(world.state, booking.bookingId, world.nowMs)?.refundMinor).toBe(6_750)
    expect(must(accepted(world, booking, offerId), 'bookingCancelled').refundMinor).toBe(14_010)
    expect(ledgerTotals(world.state)).toMatchObject({ refundsPayable: -14_010, taxPayable: -90 })
  })

  it('shows each passenger what was offered, also when a band of a rule of shares ended meanwhile', () => {
    // The view once worked the parts out again, by the band in which the offer was accepted.
    const { world, booking } = party()
    world.nowMs += DAY + 6 * HOUR - 1
    const { offerId, expiresAtMs } = offered(world, booking)
    world.nowMs = expiresAtMs - 1
    expect(must(accepted(world, booking, offerId), 'bookingCancelled').refundMinor).toBe(15_000)
    expect(shown(world, booking).passengers.map((p) => p.refundMinor)).toEqual([
      5_000, 5_000, 5_000,
    ])
  })

  it('is worth nothing once it has expired, and never outlasts the departure', () => {
    const { world, booking } = party(charging)
    const first = offered(world, booking, 0)
    world.nowMs = first.expiresAtMs
    expect(accepted(world, booking, first.offerId)).toMatchObject({ code: 'offerExpired' })
    world.nowMs = Date.UTC(2026, 10, 25, 5, 50)
    expect(offered(world, booking, 0).expiresAtMs).toBe(Date.UTC(2026, 10, 25, 6))
  })

  it('counts once', () => {
    const { world, booking } = party()
    const { offerId } = offered(world, booking, 0)
    must(accepted(world, booking, offerId), 'bookingCancelled')
    expect(accepted(world, booking, offerId)).toMatchObject({ code: 'offerNotOpen' })
    expect(shown(world, booking).refundMinor).toBe(5_000)
  })

  it('is replaced by the next one, and closed by any cancellation', () => {
    const { world, booking } = party()
    const first = offered(world, booking, 0)
    const second = offered(world, booking, 0, 1)
    expect(accepted(world, booking, first.offerId)).toMatchObject({ code: 'offerNotOpen' })
    const { bookingId } = booking
    const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: 15_000 } as const
    must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
    expect(accepted(world, booking, second.offerId)).toMatchObject({ code: 'offerNotOpen' })
  })

  it('is made again to the same request, and no other', () => {
    const { world, booking } = party()
    const by = { actor: world.ann, key: key('r1', { principal: `a:${world.ann}` }) }
    const first = send(world, offer(booking.bookingId, 0), by)
    expect(send(world, offer(booking.bookingId, 0), by)).toEqual(first)
  })

  it('is withdrawn in the same order by a machine that was loaded meanwhile', () => {
    // Who had left were kept in the order in which they left, and loaded in the order of their rows.
    const world = railway()
    const booking = confirmed(world, world.ann, world.runId, { passengers: 3 })
    must(accepted(world, booking, offered(world, booking, 2).offerId), 'bookingCancelled')
    must(accepted(world, booking, offered(world, booking, 0).offerId), 'bookingCancelled')
    const rows = rowsOf(world.state).toSorted(
      (a, b) => (a.values[1] as number) - (b.values[1] as number),
    )
    const loaded = { ...world, state: loadState(rows) }
    const [capture] = pendingOutbox(world.state, 1)
    const outcome = { type: 'refused', reason: 'no funds' } as const
    const command = { type: 'recordOutcome', outboxId: capture?.outboxId ?? 0, outcome } as const
    must(send(world, command), 'done')
    must(send(loaded, command), 'done')
    expect(loaded.changes).toEqual(world.changes)
  })

  it('goes when the fare turns out not to be paid, and with it what was owed', () => {
    const world = railway()
    must(send(world, charging), 'done')
    const booking = confirmed(world, world.ann, world.runId, { passengers: 2 })
    must(accepted(world, booking, offered(world, booking, 0).offerId), 'bookingCancelled')
    const { offerId } = offered(world, booking, 1)
    const [capture] = pendingOutbox(world.state, 1)
    must(refused(world, capture?.outboxId ?? 0), 'done')
    expect(shown(world, booking)).toMatchObject({ status: 'cancelled', refundMinor: 0 })
    expect(accepted(world, booking, offerId)).toMatchObject({ code: 'offerNotOpen' })
    expect(Object.values(ledgerTotals(world.state)).every((sum) => sum === 0)).toBe(true)
    expect(pendingOutbox(world.state, 9)).toEqual([])
  })
})

describe('a refund that is paid later', () => {
  it('frees the seats and fixes the sum at once', () => {
    const { world, booking } = party(charging)
    must(accepted(world, booking, offered(world, booking).offerId, true), 'bookingCancelled')
    expect(shown(world, booking)).toMatchObject({
      status: 'cancelled',
      refundMinor: 14_010,
      owedMinor: 14_010,
    })
    expect(pendingOutbox(world.state, 9)).toEqual([])
    world.nowMs += 9 * DAY
    const pay = { type: 'payRefund', bookingId: booking.bookingId } as const
    expect(send(world, pay, { actor: world.bob })).toMatchObject({ code: 'bookingNotFound' })
    const reply = send(world, pay, { actor: world.ann })
    expect(must(reply, 'refundQueued').refundMinor).toBe(14_010)
    expect(send(world, pay, { actor: world.ann })).toMatchObject({ code: 'nothingOwed' })
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(shown(world, booking)).toMatchObject({ owedMinor: 0 })
    expect(send(world, pay, { actor: world.ann })).toMatchObject({ code: 'nothingOwed' })
  })

  it('is tried again by staff when the provider refused it', () => {
    const { world, booking } = party()
    const staff = register(world, 'staff@example.org', 'staff')
    must(accepted(world, booking, offered(world, booking, 0).offerId), 'bookingCancelled')
    must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(shown(world, booking)).toMatchObject({ owedMinor: 5_000 })
    const pay = { type: 'payRefund', bookingId: booking.bookingId } as const
    must(send(world, pay, { actor: staff }), 'refundQueued')
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(shown(world, booking).payments).toMatchObject([{ refundedMinor: 5_000 }])
  })
})

describe('rules', () => {
  it('are those of the sale, whatever is set later', () => {
    const { world, booking } = party(charging)
    must(send(world, { type: 'setRefundRule', validFromMs: 0, bands: [] }), 'done')
    expect(refundQuote(world.state, booking.bookingId, world.nowMs)?.refundMinor).toBe(14_010)
    const later = confirmed(world, world.bob, world.runId)
    expect(refundQuote(world.state, later.bookingId, world.nowMs)?.refundMinor).toBe(0)
  })

  it('of shares: the parts make up the share of the whole', () => {
    const world = railway()
    const bands = [{ untilBeforeDepartureMs: 0, refundBasisPoints: 3_333 }]
    must(send(world, { type: 'setRefundRule', validFromMs: 0, bands }), 'done')
    const booking = confirmed(world, world.ann, world.runId, { passengers: 3, to: 1 })
    const { refundMinor, offerId } = offered(world, booking)
    must(accepted(world, booking, offerId), 'bookingCancelled')
    expect(refundMinor).toBe(2_000)
    expect(shown(world, booking).passengers.map((p) => p.refundMinor)).toEqual([667, 667, 666])
  })
})

describe('refusals', () => {
  it.each<[Partial<SetCancellationRule>, object]>([
    [{ validFromMs: -1 }, { code: 'invalidField', field: 'validFromMs' }],
    [{ offerMs: 999 }, { code: 'invalidField', field: 'offerMs' }],
    [{ roundToMinor: 0 }, { code: 'invalidField', field: 'roundToMinor' }],
    [{ rounding: 'even' as 'up' }, { code: 'invalidField', field: 'rounding' }],
    [{ lines: [] }, { code: 'invalidField', field: 'lines' }],
    [{ lines: Array(65).fill(charging.lines[0]) }, { code: 'tooMany', figure: 64 }],
    [{ lines: Array(2).fill(charging.lines[0]) }, { field: 'lines[1].classCode' }],
    [line({ state: 'flying' as 'rac' }), { field: 'lines[0].state' }],
    [line({ classCode: 'a b' }), { field: 'lines[0].classCode' }],
    [line({ taxBasisPoints: 10_001 }), { field: 'lines[0].taxBasisPoints' }],
    [line({ bands: Array(17).fill(null) }), { code: 'tooMany', field: 'lines[0].bands' }],
    [bands(-1, 0, 0), { field: 'lines[0].bands[1].untilBeforeDepartureMs' }],
    [bands(HOUR, 0, 0), { field: 'lines[0].bands[1].untilBeforeDepartureMs' }],
    [bands(0, -1, 0), { field: 'lines[0].bands[1].flatMinor' }],
    [bands(0, 0, 10_001), { field: 'lines[0].bands[1].chargeBasisPoints' }],
  ])('of a rule: %j', (changed, expected) => {
    const world = railway()
    expect(send(world, { ...charging, ...changed })).toMatchObject(expected)
  })

  it('a passenger sets no rule', () => {
    const world = railway()
    expect(send(world, charging, { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
  })

  it('of an offer', () => {
    const { world, booking } = party()
    const { bookingId } = booking
    const by = { actor: world.ann }
    const expectRefused = (command: Command, expected: object, who = by) =>
      expect(send(world, command, who)).toMatchObject({ type: 'refused', ...expected })
    expectRefused(offer(0, 0), { field: 'bookingId' })
    expectRefused(offer(bookingId, 0, 0), { field: 'passengers[1]' })
    expectRefused(offer(bookingId, 1, 0), { field: 'passengers[1]' })
    expectRefused(offer(bookingId, 3), { code: 'invalidField', field: 'passengers[0]' })
    expectRefused(offer(bookingId, 0, 1, 2, 3, 4, 5, 6), { code: 'tooMany', figure: 6 })
    expectRefused(offer(bookingId, 0), { code: 'bookingNotFound' }, { actor: world.bob })
    must(accepted(world, booking, offered(world, booking, 1).offerId), 'bookingCancelled')
    expectRefused(offer(bookingId, 0, 1), { code: 'passengerCancelled', field: 'passengers[1]' })
    const waiting = held(world, world.ann, world.runId)
    expectRefused(offer(waiting.bookingId), { code: 'notConfirmed' })
    const open = offered(world, booking, 0)
    expectRefused(accept(bookingId, 0), { field: 'offerId' })
    expectRefused({ ...accept(bookingId, 1), payLater: 1 as never }, { field: 'payLater' })
    const mine = accept(bookingId, open.offerId)
    expectRefused(mine, { code: 'bookingNotFound' }, { actor: world.bob })
    expectRefused(accept(waiting.bookingId, open.offerId), { code: 'offerNotOpen' })
    world.nowMs += 3 * DAY
    expectRefused(offer(bookingId, 0), { code: 'runDeparted' })
    expectRefused(mine, { code: 'offerExpired' })
  })

  it('of payRefund', () => {
    const { world, booking } = party()
    const by = { actor: world.ann }
    const pay = (bookingId: number) => send(world, { type: 'payRefund', bookingId }, by)
    expect(pay(-1)).toMatchObject({ field: 'bookingId' })
    expect(pay(99)).toMatchObject({ code: 'bookingNotFound' })
    expect(pay(booking.bookingId)).toMatchObject({ code: 'nothingOwed' })
  })
})

function line(changed: object): Partial<SetCancellationRule> {
  return { lines: charging.lines.map((it) => ({ ...it, ...changed })) }
}

/** A second band behind one that ends an hour before departure. */
function bands(until: number, flatMinor: number, share: number): Partial<SetCancellationRule> {
  const first = { untilBeforeDepartureMs: HOUR, flatMinor: 0, chargeBasisPoints: 0 }
  const second = { untilBeforeDepartureMs: until, flatMinor, chargeBasisPoints: share }
  return line({ bands: [first, second] })
}
