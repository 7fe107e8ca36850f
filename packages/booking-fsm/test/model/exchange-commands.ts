import type { ConfirmBooking, Entry, HoldExchange, Reply } from '../../src/index.ts'
import { holdSeats, needHeld } from './booking-commands.ts'
import { exchangeCharges, needCancellable, stillThere } from './cancel-commands.ts'
import { tell } from './notice-commands.ts'
import { ownBooking } from './own-booking.ts'
import { confirmLegs, moneyTaken } from './payment-commands.ts'
import { refuse } from './refuse.ts'
import { isPlace, seatsOf } from './seat-choice.ts'
import { checkId, checkInt, checkLength, checkPattern, classPattern } from './shapes.ts'
import { stillExchangeable } from './taking-place.ts'
import {
  bookingOf,
  chainOf,
  departureAt,
  dueFor,
  isCancelled,
  legsNow,
  legsOf,
  type ModelBooking,
  type ModelExchange,
  payerOf,
  runOf,
  trainOf,
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
  if (command.wheelchairPlaces !== undefined) {
    checkInt(command.wheelchairPlaces, 0, 6, 'wheelchairPlaces')
  }
  const old = ownBooking(world, entry, bookingId)
  needCancellable(world, old)
  const before = chainOf(world, old)
  const coming = world.payments.filter(
    (p) =>
      before.some((b) => payerOf(b) === p.bookingId) &&
      ['authorising', 'authorised'].includes(p.status),
  )
  if (coming.length > 0) refuse('alreadyPaying')
  if (timesExchanged(world, old) >= 20) refuse('tooMany', { figure: 20 })
  const terms = exchangeCharges(world, old, stillThere(old), world.now)
  if (terms === undefined) refuse('notExchangeable')
  if (seats.length > 0 && seats.length !== terms.parts.length) {
    refuse('invalidField', { field: 'seats' })
  }
  const there = terms.parts.map(({ position }) => position)
  const needy = there.filter((position) => sitsOnPlace(world, old, position))
  const places = command.wheelchairPlaces ?? needy.length
  if (places > there.length) refuse('invalidField', { field: 'wheelchairPlaces' })
  const meets = legsNow(world, old).some(
    (leg) =>
      leg !== old &&
      leg.status === 'confirmed' &&
      leg.runId === runId &&
      leg.fromStop < toStop &&
      fromStop < leg.toStop,
  )
  if (meets) refuse('invalidField', { field: 'runId' })
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
    preferences: { required: [], wished: [], apart: false, wheelchairPlaces: places },
  })
  if (held.type !== 'seatsHeld') throw new Error('an exchange holds seats')
  old.offer = undefined
  // Those who had a wheelchair place first, as places are found for the first ones.
  const order = [...needy, ...there.filter((position) => !needy.includes(position))]
  const got = there.map((position, i) => held.seats[seats.length > 0 ? i : order.indexOf(position)])
  bookingOf(world, held.bookingId).passengers.forEach((passenger, i) => {
    passenger.seat = got[i] ?? -1
  })
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
    seats: got.map((seat) => seat ?? -1),
    priceMinor: held.priceMinor,
    valueMinor: value,
    chargeMinor: sum('charge'),
    taxMinor: sum('tax'),
    dueMinor: held.priceMinor - carried,
    surplusMinor: exchange.surplus,
    expiresAtMs: held.expiresAtMs,
  }
}

function timesExchanged(world: World, booking: ModelBooking): number {
  const { exchange } = booking
  return exchange === undefined ? 0 : 1 + timesExchanged(world, bookingOf(world, exchange.old))
}

function sitsOnPlace(world: World, booking: ModelBooking, position: number): boolean {
  const seats = seatsOf(trainOf(world, runOf(world, booking)))
  return seats.some(({ seat, ...it }) => seat === booking.passengers[position]?.seat && isPlace(it))
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
