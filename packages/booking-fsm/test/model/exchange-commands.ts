import type { ConfirmBooking, Entry, HoldExchange, Reply } from '../../src/index.ts'
import { holdSeats, needHeld } from './booking-commands.ts'
import { exchangeCharges, needCancellable, stillThere } from './cancel-commands.ts'
import { tell } from './notice-commands.ts'
import { ownBooking } from './own-booking.ts'
import { confirmLegs, moneyTaken } from './payment-commands.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, checkLength, checkPattern, classPattern } from './shapes.ts'
import { stillExchangeable } from './taking-place.ts'
import {
  bookingOf,
  chainOf,
  departureAt,
  dueFor,
  isCancelled,
  legsOf,
  type ModelExchange,
  payerOf,
  runOf,
  type World,
} from './world.ts'

export function holdExchange(world: World, entry: Entry, command: HoldExchange): Reply {
  const { bookingId, runId, fromStop, toStop, classCode, seats, product = '' } = command
  checkId(bookingId, 'bookingId')
  checkLength(seats, 0, 6, 'seats')
  checkId(runId, 'runId')
  checkInt(fromStop, 0, 120, 'fromStop')
  checkInt(toStop, 0, 120, 'toStop')
  checkPattern(classCode, classPattern, 'classCode')
  seats.forEach((seat, i) => {
    checkInt(seat, 0, 1_999, `seats[${i}]`)
    if (seats.slice(0, i).includes(seat)) refuse('invalidField', { field: `seats[${i}]` })
  })
  if (product !== '') checkPattern(product, classPattern, 'product')
  const old = ownBooking(world, entry, bookingId)
  needCancellable(world, old)
  if (old.trip !== 0) refuse('notExchangeable', { field: 'bookingId' })
  const before = chainOf(world, old)
  const coming = world.payments.filter(
    (p) =>
      before.some((b) => payerOf(b) === p.bookingId) &&
      ['authorising', 'authorised'].includes(p.status),
  )
  if (coming.length > 0) refuse('alreadyPaying')
  if (before.length - 1 >= 20) refuse('tooMany', { figure: 20 })
  const terms = exchangeCharges(world, old, stillThere(old), world.now)
  if (terms === undefined) refuse('notExchangeable')
  if (seats.length > 0 && seats.length !== terms.parts.length) {
    refuse('invalidField', { field: 'seats' })
  }
  const passengers = terms.parts.map(({ position }) => {
    const { name = '', type = '', said } = old.passengers[position] ?? {}
    return { name, passengerType: type, ...said }
  })
  const held = holdSeats(world, entry, {
    type: 'holdSeats',
    runId,
    fromStop,
    toStop,
    classCode,
    passengers,
    seats,
    product,
  })
  if (held.type !== 'seatsHeld') throw new Error('an exchange holds seats')
  old.offer = undefined
  const sum = (of: 'refund' | 'charge' | 'tax') => terms.parts.reduce((a, p) => a + p[of], 0)
  const value = sum('refund')
  const carried = Math.min(value, held.priceMinor)
  const exchange: ModelExchange = {
    old: old.id,
    parts: terms.parts,
    carried,
    surplus: terms.surplusBack ? value - carried : 0,
    confirmedAt: 0,
    undone: false,
  }
  bookingOf(world, held.bookingId).exchange = exchange
  return {
    type: 'exchangeHeld',
    bookingId: held.bookingId,
    pnr: '',
    seats: held.seats,
    priceMinor: held.priceMinor,
    valueMinor: value,
    chargeMinor: sum('charge'),
    taxMinor: sum('tax'),
    dueMinor: held.priceMinor - carried,
    surplusMinor: exchange.surplus,
    expiresAtMs: held.expiresAtMs,
  }
}

export function confirmBooking(world: World, entry: Entry, command: ConfirmBooking): Reply {
  checkId(command.bookingId, 'bookingId')
  const named = ownBooking(world, entry, command.bookingId)
  needHeld(named)
  const legs = legsOf(world, named)
  if (legs.some((b) => isCancelled(world, runOf(world, b)))) refuse('runCancelled')
  const gone = legs.some((b) => departureAt(world, runOf(world, b), b.fromStop) <= world.now)
  if (gone) refuse('runDeparted')
  const booking = bookingOf(world, payerOf(named))
  if (!stillExchangeable(world, booking)) refuse('notExchangeable')
  const due = dueFor(world, booking)
  if (due > 0) refuse('paymentDue', { figure: due })
  const byVoucher = world.voucherUses.some((it) => it.bookingId === booking.id)
  world.payments.push({
    id: world.payments.length + 1,
    bookingId: booking.id,
    token: '',
    amount: 0,
    status: 'captured',
    reference: booking.exchange === undefined ? (byVoucher ? 'voucher' : 'free') : 'exchange',
    refunded: 0,
    refundPending: false,
    reason: '',
  })
  confirmLegs(world, booking)
  moneyTaken(world, booking, 0)
  tell(world, booking.accountId, booking.id, 'bookingConfirmed')
  return { type: 'done' }
}
