/** Another journey in place of a sold one (pitfall P15: never cancel first and buy afterwards). */
import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  hold,
  MONDAY,
  must,
  type Railway,
  railway,
  refused,
  runs,
  send,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { occupancy } from '../queries/seats.ts'
import type { Refusal, Reply } from '../replies.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** Until a day before departure 10 % of the fare, 3.00 at least, and 10 % tax on that. */
function rule(surplusBack = true): Command {
  const bands = [{ untilBeforeDepartureMs: DAY, flatMinor: 300, chargeBasisPoints: 1_000 }]
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 1_000 } as const
  const late = [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }]
  return {
    type: 'setCancellationRule',
    validFromMs: 0,
    offerMs: HOUR,
    roundToMinor: 1,
    rounding: 'halfUp',
    lines: [{ ...line, bands: late, exchange: { bands, surplusBack } }],
  }
}

interface Sold extends Railway {
  readonly later: number
}

function world(surplusBack = true): Sold {
  const made = railway()
  must(send(made, rule(surplusBack)), 'done')
  const [later = 0] = must(send(made, runs(made.trainId, 4)), 'runsAdded').runIds
  return Object.assign(made, { later })
}

/** Captured: 10.00 + 10.00 for each 100 km. */
function sold(on: Sold, to = 2, passengers = 1): number {
  const { bookingId } = confirmed(on, on.ann, on.runId, { to, passengers })
  must(done(on, lastEffect(on)), 'done')
  return bookingId
}

const lastEffect = ({ state }: Railway) => state.meta.nextOutboxId - 1

function exchange(on: Sold, bookingId: number, toStop: number, changed: object = {}): Reply {
  const command = { type: 'holdExchange', bookingId, runId: on.later, fromStop: 0, toStop }
  const whole = { ...command, classCode: '2', seats: [], ...changed } as Command
  return send(on, whole, { actor: on.ann })
}

function ask(on: Sold, command: Command): Reply {
  return send(on, command, { actor: on.ann })
}

const statusOf = (on: Sold, id: number) => findBooking(on.state, id)?.status
const soldOn = (on: Sold, runId: number) =>
  occupancy(on.state, runId)?.segments.map((it) => it.sold + it.held)
const codeOf = (reply: Reply) => (reply as Refusal).code

describe('a dearer journey', () => {
  it('is offered with its difference, and the old one stays', () => {
    const on = world()
    const old = sold(on)
    const held = must(exchange(on, old, 4), 'exchangeHeld')
    expect(held).toMatchObject({
      priceMinor: 5_000,
      valueMinor: 3_000 - 300 - 30,
      chargeMinor: 300,
      taxMinor: 30,
      dueMinor: 2_330,
      surplusMinor: 0,
    })
    expect([statusOf(on, old), statusOf(on, held.bookingId)]).toEqual(['confirmed', 'held'])
    expect([soldOn(on, on.runId), soldOn(on, on.later)]).toEqual([
      [1, 1, 0, 0],
      [1, 1, 1, 1],
    ])
  })

  it('takes its place when the difference is authorised, in one entry', () => {
    const on = world()
    const old = sold(on)
    const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
    must(pay(on, bookingId, dueMinor), 'paymentStarted')
    expect(statusOf(on, old)).toBe('confirmed')
    must(done(on, lastEffect(on)), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['exchanged', 'confirmed'])
    expect(soldOn(on, on.runId)).toEqual([0, 0, 0, 0])
    expect(ledgerTotals(on.state)).toMatchObject({ exchangeCredit: -2_670, taxPayable: -30 })
    must(done(on, lastEffect(on)), 'done')
    expect(ledgerTotals(on.state)).toMatchObject({
      providerClearing: 5_330,
      fareRevenue: -5_300,
      refundsPayable: 0,
      taxPayable: -30,
      exchangeCredit: 0,
    })
  })

  it('leaves the old one as it was when its hold ends', () => {
    const on = world()
    const old = sold(on)
    const { bookingId } = must(exchange(on, old, 4), 'exchangeHeld')
    on.nowMs += HOLD
    must(send(on, { type: 'tick' }), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['confirmed', 'expired'])
    must(ask(on, { type: 'offerRefund', bookingId: old, passengers: [] }), 'refundOffered')
  })

  it('that is paid late takes the place all the same, when nothing has changed', () => {
    const on = world()
    const old = sold(on)
    const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
    must(pay(on, bookingId, dueMinor), 'paymentStarted')
    on.nowMs += 2 * HOLD
    must(done(on, lastEffect(on)), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['exchanged', 'confirmed'])
  })

  it('that is paid late gives the money back when the old one was cancelled meanwhile', () => {
    const on = world()
    const old = sold(on)
    const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
    must(pay(on, bookingId, dueMinor), 'paymentStarted')
    const authorise = lastEffect(on)
    on.nowMs += 2 * HOLD
    const refund = { type: 'cancelBooking', bookingId: old, expectedRefundMinor: 3_000 } as const
    must(ask(on, refund), 'bookingCancelled')
    must(done(on, authorise), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['cancelled', 'expired'])
    expect(pendingOutbox(on.state, 9).map((it) => it.kind)).toEqual(['refund', 'void'])
  })

  it('whose difference is never captured gives the value back in money', () => {
    const on = world()
    const old = sold(on)
    const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
    must(pay(on, bookingId, dueMinor), 'paymentStarted')
    must(done(on, lastEffect(on)), 'done')
    must(refused(on, lastEffect(on)), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['exchanged', 'cancelled'])
    expect(pendingOutbox(on.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 2_670 }])
    must(done(on, lastEffect(on)), 'done')
    expect(ledgerTotals(on.state)).toMatchObject({
      providerClearing: 330,
      refundsPayable: 0,
      exchangeCredit: 0,
    })
  })

  it('is refunded to both payments, the later one first, and no more than was paid', () => {
    const on = world()
    const old = sold(on)
    const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
    must(pay(on, bookingId, dueMinor), 'paymentStarted')
    must(done(on, lastEffect(on)), 'done')
    must(done(on, lastEffect(on)), 'done')
    const refund = { type: 'cancelBooking', bookingId, expectedRefundMinor: 5_000 } as const
    must(ask(on, refund), 'bookingCancelled')
    const back = pendingOutbox(on.state, 9).map((it) => [it.bookingId, it.amountMinor])
    expect(back).toEqual([
      [bookingId, 2_330],
      [old, 2_670],
    ])
  })
})

describe('a cheaper journey', () => {
  it('is confirmed at once, and the surplus goes back', () => {
    const on = world()
    const old = sold(on)
    const held = must(exchange(on, old, 1), 'exchangeHeld')
    expect(held).toMatchObject({ priceMinor: 2_000, dueMinor: 0, surplusMinor: 670 })
    const { bookingId } = held
    expect(codeOf(pay(on, bookingId, 0))).toBe('nothingToPay')
    must(ask(on, { type: 'confirmBooking', bookingId }), 'done')
    expect([statusOf(on, old), statusOf(on, bookingId)]).toEqual(['exchanged', 'confirmed'])
    expect(pendingOutbox(on.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 670 }])
    expect(codeOf(ask(on, { type: 'confirmBooking', bookingId }))).toBe('alreadyConfirmed')
  })

  it('keeps the surplus where the rule says so', () => {
    const on = world(false)
    const { bookingId, surplusMinor } = must(exchange(on, sold(on), 1), 'exchangeHeld')
    must(ask(on, { type: 'confirmBooking', bookingId }), 'done')
    expect([surplusMinor, pendingOutbox(on.state, 9)]).toEqual([0, []])
    expect(ledgerTotals(on.state)).toMatchObject({ fareRevenue: -2_970, exchangeCredit: 0 })
  })

  it('can be exchanged again, for everybody who still travels', () => {
    const on = world()
    const old = sold(on, 2, 2)
    const { offerId } = must(
      ask(on, { type: 'offerRefund', bookingId: old, passengers: [0] }),
      'refundOffered',
    )
    const accept = { type: 'acceptRefund', bookingId: old, offerId, payLater: false } as const
    must(ask(on, accept), 'bookingCancelled')
    must(done(on, lastEffect(on)), 'done')
    const first = must(exchange(on, old, 1), 'exchangeHeld')
    expect(first.seats).toHaveLength(1)
    must(ask(on, { type: 'confirmBooking', bookingId: first.bookingId }), 'done')
    const second = must(exchange(on, first.bookingId, 2), 'exchangeHeld')
    expect(findBooking(on.state, second.bookingId)?.passengers[0]?.name).toBe('Passenger 2')
  })
})

describe('an exchange is refused', () => {
  it('for what is not one’s own, not paid to the end, exchanged, or being exchanged', () => {
    const on = world()
    const { bookingId: paying } = confirmed(on, on.ann, on.runId, { to: 2 })
    expect(codeOf(exchange(on, paying, 1))).toBe('alreadyPaying')
    must(done(on, lastEffect(on)), 'done')
    const by = { actor: on.bob }
    const other = { type: 'holdExchange', bookingId: paying, runId: on.later } as const
    const stops = { fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    expect(codeOf(send(on, { ...other, ...stops }, by))).toBe('bookingNotFound')
    const { bookingId } = must(exchange(on, paying, 1), 'exchangeHeld')
    expect(codeOf(exchange(on, paying, 1))).toBe('exchangeOpen')
    const offer = { type: 'offerRefund', bookingId: paying, passengers: [] } as const
    expect(codeOf(ask(on, offer))).toBe('exchangeOpen')
    must(ask(on, { type: 'confirmBooking', bookingId }), 'done')
    expect(codeOf(exchange(on, paying, 1))).toBe('alreadyExchanged')
  })

  it('where the rule has none, by now or at all', () => {
    const on = world()
    const old = sold(on)
    on.nowMs = MONDAY + DAY + 7 * HOUR
    expect(codeOf(exchange(on, old, 1))).toBe('notExchangeable')
    const plain = Object.assign(railway(), { later: 1 })
    expect(codeOf(exchange(plain, sold(plain), 1))).toBe('notExchangeable')
  })

  it('and what costs something is not confirmed for nothing', () => {
    const on = world()
    const { bookingId, dueMinor } = must(exchange(on, sold(on), 4), 'exchangeHeld')
    const reply = ask(on, { type: 'confirmBooking', bookingId })
    expect(reply).toMatchObject({ code: 'paymentDue', figure: dueMinor })
    const { bookingId: plain } = must(send(on, hold(on.runId), { actor: on.ann }), 'seatsHeld')
    expect(codeOf(ask(on, { type: 'confirmBooking', bookingId: plain }))).toBe('paymentDue')
  })

  it('and changes nothing, nor the offer that is open', () => {
    const on = world()
    const old = sold(on)
    must(ask(on, { type: 'offerRefund', bookingId: old, passengers: [] }), 'refundOffered')
    const before = rowsOf(on.state).filter(({ table }) => table !== 'meta')
    expect(codeOf(exchange(on, old, 4, { classCode: '9' }))).toBe('classNotFound')
    expect(codeOf(exchange(on, old, 4, { seats: [6, 7] }))).toBe('invalidField')
    expect(rowsOf(on.state).filter(({ table }) => table !== 'meta')).toEqual(before)
  })
})

it.each<[string, unknown]>([
  ['lines[0].exchange', null],
  ['lines[0].exchange.bands', { surplusBack: true }],
  ['lines[0].exchange.surplusBack', { bands: [], surplusBack: 1 }],
  [
    'lines[0].exchange.bands[0].flatMinor',
    {
      bands: [{ untilBeforeDepartureMs: 0, flatMinor: -1, chargeBasisPoints: 0 }],
      surplusBack: true,
    },
  ],
])('a rule whose %s is none is refused', (field, exchange) => {
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands: [], exchange }
  const command = { ...rule(), lines: [line] } as Command
  expect(send(railway(), command)).toMatchObject({ code: 'invalidField', field })
})

it('a rule has no exchange for who waits', () => {
  const exchange = { bands: [], surplusBack: true }
  const line = { state: 'waiting', classCode: '', taxBasisPoints: 0, bands: [], exchange } as const
  const reply = send(railway(), { ...rule(), lines: [line] } as Command)
  expect(reply).toMatchObject({ code: 'invalidField', field: 'lines[0].exchange' })
})

it('an exchange on its way is in the rows', () => {
  const on = world()
  const old = sold(on)
  const { bookingId, dueMinor } = must(exchange(on, old, 4), 'exchangeHeld')
  must(pay(on, bookingId, dueMinor), 'paymentStarted')
  const again = Object.assign({ ...on }, { state: loadState(rowsOf(on.state)) })
  must(done(again, lastEffect(again)), 'done')
  must(done(on, lastEffect(on)), 'done')
  expect(stateHash(again.state)).toBe(stateHash(on.state))
  expect(statusOf(again, old)).toBe('exchanged')
})

function pay(on: Sold, bookingId: number, amountMinor: number): Reply {
  return ask(on, { type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor })
}
