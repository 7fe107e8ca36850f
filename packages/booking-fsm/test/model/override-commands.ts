import type { DecideOverride, Entry, OverrideRefund, Reply } from '../../src/index.ts'
import { modelArchived } from './archived.ts'
import { needStaff } from './caller.ts'
import { fareTaxIn } from './cancel-commands.ts'
import { debit } from './ledger.ts'
import { sendRefund } from './money.ts'
import { paymentOf } from './owed.ts'
import { expireWhenDue } from './own-booking.ts'
import { refuse } from './refuse.ts'
import { checkBoolean, checkId, checkInt, checkLength, checkText, maxSafe } from './shapes.ts'
import { everyBooking, type ModelBooking, type ModelPassenger, type World } from './world.ts'

const knownReasons = [
  'strike',
  'disruption',
  'connectionBroken',
  'technicalFailure',
  'staffError',
  'goodwill',
  'medical',
  'other',
]

export function overrideRefund(world: World, entry: Entry, command: OverrideRefund): Reply {
  const { bookingId, passengers, amountMinor, reason, note } = command
  checkId(bookingId, 'bookingId')
  checkLength(passengers, 1, 6, 'passengers')
  passengers.forEach((position, i) => {
    checkInt(position, i === 0 ? 0 : (passengers[i - 1] ?? 0) + 1, 5, `passengers[${i}]`)
  })
  checkInt(amountMinor, 1, maxSafe, 'amountMinor')
  if (!knownReasons.includes(reason)) refuse('invalidField', { field: 'reason' })
  checkText(note, 1, 500, 'note')
  needPerson(world, entry)
  const booking = everyBooking(world).find((b) => b.id === bookingId)
  if (booking === undefined) refuse('bookingNotFound')
  if (booking.accountId === entry.actor) refuse('notAllowed', { field: 'bookingId' })
  expireWhenDue(world, booking)
  passengers.forEach((position, i) => {
    if (booking.passengers[position] === undefined) {
      refuse('invalidField', { field: `passengers[${i}]` })
    }
  })
  needKept(world, booking, passengers, amountMinor)
  const before = world.overrides
    .filter((it) => it.bookingId === bookingId && it.status === 'paid')
    .reduce((sum, it) => sum + it.amountMinor, 0)
  const waits = before + amountMinor > 10_000
  if (!waits) payMore(world, booking, passengers, amountMinor)
  const overrideId = world.overrides.length + 1
  world.overrides.push({
    ...{ overrideId, bookingId, passengers, amountMinor, reason, note },
    ...{ askedBy: entry.actor, askedAtMs: world.now, status: waits ? 'waiting' : 'paid' },
    ...{ decidedBy: 0, decidedAtMs: 0 },
  })
  return { type: 'refundOverridden', overrideId, waits }
}

export function decideOverride(world: World, entry: Entry, command: DecideOverride): Reply {
  checkId(command.overrideId, 'overrideId')
  checkBoolean(command.approve, 'approve')
  needPerson(world, entry)
  const at = world.overrides.findIndex((it) => it.overrideId === command.overrideId)
  const override = world.overrides[at]
  if (override === undefined) refuse('overrideNotFound')
  if (override.status !== 'waiting') refuse('overrideDecided')
  if (override.askedBy === entry.actor) refuse('secondPersonNeeded')
  const booking = everyBooking(world).find((b) => b.id === override.bookingId)
  if (booking === undefined) throw new Error('an override of nothing')
  if (booking.accountId === entry.actor) refuse('notAllowed', { field: 'overrideId' })
  if (command.approve) {
    needKept(world, booking, override.passengers, override.amountMinor)
    payMore(world, booking, override.passengers, override.amountMinor)
  }
  world.overrides[at] = {
    ...override,
    status: command.approve ? 'paid' : 'declined',
    decidedBy: entry.actor,
    decidedAtMs: world.now,
  }
  return { type: 'refundOverridden', overrideId: override.overrideId, waits: false }
}

function needPerson(world: World, entry: Entry): void {
  if (entry.actor === 0) refuse('notAllowed')
  needStaff(world, entry)
}

function needKept(
  world: World,
  booking: ModelBooking,
  positions: readonly number[],
  amount: number,
): void {
  const isArchived = world.archived.includes(booking)
  if (isArchived && modelArchived(world, booking).keptMinor.length === 0) refuse('bookingArchived')
  const stands = ['confirmed', 'cancelled'].includes(booking.status)
  if (!stands || paymentOf(world, booking) === undefined) refuse('notConfirmed')
  const kept = positions.reduce((sum, at) => {
    const passenger = booking.passengers[at]
    return sum + (passenger === undefined ? 0 : keptOf(passenger))
  }, 0)
  if (amount > kept) refuse('refundTooHigh', { figure: kept })
}

function keptOf({ price, refund, compensated }: ModelPassenger): number {
  return price - compensated - refund
}

/** To each at most what is kept of the fare, while there is money to come back from. */
export function payBack(world: World, booking: ModelBooking, backs: readonly number[]): number {
  const stands = ['confirmed', 'cancelled'].includes(booking.status)
  if (!stands || paymentOf(world, booking) === undefined) return 0
  let sum = 0
  booking.passengers.forEach((passenger, position) => {
    const more = Math.min(backs[position] ?? 0, keptOf(passenger))
    if (more <= 0) return
    const tax = fareTaxIn(booking, position, more)
    passenger.compensated += more
    passenger.compensatedTax += tax
    debit(world, 'fareRevenue', more - tax)
    debit(world, 'taxPayable', tax)
    debit(world, 'refundsPayable', -more)
    sum += more
  })
  if (sum === 0) return 0
  booking.offer = undefined
  sendRefund(world, booking, sum)
  return sum
}

/** First come first served; nobody is cancelled. */
function payMore(
  world: World,
  booking: ModelBooking,
  positions: readonly number[],
  amount: number,
): void {
  let [left, sum] = [amount, 0]
  for (const position of positions) {
    const passenger = booking.passengers[position]
    if (passenger === undefined) throw new Error(`booking ${booking.id} has no ${position}`)
    const more = Math.min(left, keptOf(passenger))
    const tax = fareTaxIn(booking, position, more)
    left -= more
    sum += more
    passenger.compensated += more
    passenger.compensatedTax += tax
    debit(world, 'fareRevenue', more - tax)
    debit(world, 'taxPayable', tax)
    debit(world, 'refundsPayable', -more)
  }
  if (sum === 0) return
  booking.offer = undefined
  sendRefund(world, booking, sum)
}
