/** What a hold must be to be paid at a counter: each refusal is met, and changes nothing but what time brings. */
import { expect, it } from 'vitest'
import { outOfReach } from '../../test/refusals.ts'
import {
  DAY,
  HOLD,
  HOUR,
  held,
  hold,
  joined,
  MONDAY,
  must,
  type Railway,
  railway,
  register,
  runs,
  send,
  waitingLists,
} from '../../test/world.ts'
import type { CancelRun, Command } from '../commands.ts'
import type { RefusalCode } from '../replies.ts'
import { rowsOf } from '../snapshot.ts'

interface Counter extends Railway {
  readonly agent: number
  readonly later: number
}
/** Brings a booking about that is refused, and says which. */
type Story = (on: Counter) => { readonly bookingId: number; readonly amountMinor: number }

function counter(): Counter {
  const world = railway()
  const agent = register(world, 'agent@example.org', 'agent')
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }]
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands } as const
  const rule: Command = {
    ...{ type: 'setCancellationRule', validFromMs: 0, offerMs: HOUR, roundToMinor: 1 },
    ...{ rounding: 'halfUp', lines: [{ ...line, exchange: { bands, surplusBack: true } }] },
  }
  must(send(world, rule), 'done')
  must(send(world, waitingLists), 'done')
  const [later = 0] = must(send(world, runs(world.trainId, 4)), 'runsAdded').runIds
  must(send(world, { type: 'openTill', floatMinor: 0 }, { actor: agent }), 'tillOpened')
  return Object.assign(world, { agent, later })
}

const atCounter = (on: Counter, bookingId: number, amountMinor: number) =>
  send(
    on,
    { type: 'payAtCounter', bookingId, amountMinor, means: 'cash', reference: '' },
    { actor: on.agent },
  )
const ask = (on: Counter, command: Command) => send(on, command, { actor: on.agent })

function own(on: Counter, to = 4) {
  const { bookingId, priceMinor } = held(on, on.agent, on.runId, { to })
  return { bookingId, amountMinor: priceMinor }
}
function sold(on: Counter, to = 4) {
  const booking = own(on, to)
  must(atCounter(on, booking.bookingId, booking.amountMinor), 'done')
  return booking
}
/** Another day in place of a journey over two stops. */
function exchanged(on: Counter, toStop: number) {
  const old = sold(on, 2)
  const journey = { runId: on.later, fromStop: 0, toStop, classCode: '2', seats: [] }
  const command: Command = { type: 'holdExchange', bookingId: old.bookingId, ...journey }
  const { bookingId, dueMinor } = must(ask(on, command), 'exchangeHeld')
  return { old, bookingId, amountMinor: dueMinor }
}

const stories: Partial<Record<RefusalCode, Story>> = {
  notHeld: (on) => {
    const booking = own(on)
    must(ask(on, { type: 'releaseHold', bookingId: booking.bookingId }), 'done')
    return booking
  },
  holdExpired: (on) => {
    const booking = own(on)
    on.nowMs += HOLD
    return booking
  },
  alreadyConfirmed: (on) => sold(on),
  alreadyPaying: (on) => {
    const booking = own(on)
    must(ask(on, { type: 'startPayment', paymentToken: 'tok_1', ...booking }), 'paymentStarted')
    return booking
  },
  alreadyCancelled: (on) => {
    const booking = sold(on)
    const { bookingId, amountMinor: expectedRefundMinor } = booking
    must(ask(on, { type: 'cancelBooking', bookingId, expectedRefundMinor }), 'bookingCancelled')
    return booking
  },
  alreadyExchanged: (on) => {
    const { old, bookingId } = exchanged(on, 1)
    must(ask(on, { type: 'confirmBooking', bookingId }), 'done')
    return old
  },
  nothingToPay: (on) => exchanged(on, 1),
  notExchangeable: (on) => {
    on.nowMs = MONDAY + 2 * DAY + 6 * HOUR - 1
    const booking = exchanged(on, 4)
    on.nowMs += 1
    return booking
  },
  priceChanged: (on) => ({ bookingId: own(on).bookingId, amountMinor: 1 }),
  onWaitingList: (on) => waits(on),
  waitingOver: (on) => {
    const booking = waits(on)
    on.nowMs += DAY
    return booking
  },
  runCancelled: (on) => {
    const booking = own(on)
    const cancel: CancelRun = { type: 'cancelRun', runId: on.runId, reason: 'strike' }
    must(send(on, cancel), 'disruptionBegun')
    return booking
  },
  runDeparted: (on) => {
    on.nowMs = MONDAY + 2 * DAY + 6 * HOUR - 1
    const booking = own(on)
    on.nowMs += 1
    return booking
  },
}

function waits(on: Counter) {
  for (const who of [on.ann, on.bob]) {
    const { bookingId, priceMinor } = must(
      send(on, hold(on.runId, { classCode: '1', passengers: 3 }), { actor: who }),
      'seatsHeld',
    )
    const paid = { bookingId, amountMinor: priceMinor, paymentToken: 'tok_1' }
    must(send(on, { type: 'startPayment', ...paid }, { actor: who }), 'paymentStarted')
    const outcome = { type: 'done', providerReference: 'ref' } as const
    const outboxId = on.state.meta.nextOutboxId - 1
    must(send(on, { type: 'recordOutcome', outboxId, outcome }), 'done')
  }
  const deadlineMs = on.nowMs + DAY
  const { bookingId } = joined(on, on.agent, on.runId, { deadlineMs })
  return { bookingId, amountMinor: 1 }
}

it('has a story of each that the fuzzer need not meet', () => {
  expect(Object.keys(stories).sort()).toEqual(Object.keys(outOfReach.payAtCounter ?? {}).sort())
})

it.each(Object.entries(stories))('%s', (code, story) => {
  const on = counter()
  const { bookingId, amountMinor } = story(on)
  send(on, { type: 'tick' })
  const rows = () => rowsOf(on.state).filter(({ table }) => table !== 'meta')
  const before = rows()
  expect(atCounter(on, bookingId, amountMinor)).toMatchObject({ type: 'refused', code })
  expect(rows()).toEqual(before)
})
