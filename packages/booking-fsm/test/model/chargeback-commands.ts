import type { Entry, RecordChargeback, Reply, SettleChargeback } from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { debit } from './ledger.ts'
import { paymentOf, refundsOnTheirWay, takenBack } from './owed.ts'
import { noBooking } from './own-booking.ts'
import { refuse } from './refuse.ts'
import { checkBoolean, checkId, checkInt, checkText, maxSafe } from './shapes.ts'
import type { World } from './world.ts'

export function recordChargeback(world: World, entry: Entry, command: RecordChargeback): Reply {
  const { bookingId, reference, amountMinor, reason } = command
  checkId(bookingId, 'bookingId')
  checkText(reference, 1, 256, 'reference')
  checkInt(amountMinor, 1, maxSafe, 'amountMinor')
  checkText(reason, 0, 512, 'reason')
  needStaff(world, entry)
  const booking = world.bookings.find((b) => b.id === bookingId)
  if (booking === undefined) noBooking(world, entry, bookingId, true)
  const payment = paymentOf(world, booking)
  const known = world.chargebacks.find((it) => it.reference === reference)
  if (known !== undefined) {
    if (known.paymentId !== payment?.id || known.amountMinor !== amountMinor) {
      refuse('chargebackDiffers')
    }
    return { type: 'done' }
  }
  if (payment?.status !== 'captured') refuse('chargebackTooHigh')
  if (payment.token === '') refuse('notAllowed', { field: 'bookingId' })
  const coming = refundsOnTheirWay(world, payment).reduce((sum, e) => sum + e.amount, 0)
  const figure = payment.amount - payment.refunded - coming - takenBack(world, payment)
  if (amountMinor > figure) refuse('chargebackTooHigh', { figure })
  world.chargebacks.push({
    ...{ reference, bookingId: payment.bookingId, paymentId: payment.id, amountMinor, reason },
    ...{ status: 'open', recordedAtMs: world.now, settledAtMs: 0 },
  })
  debit(world, 'chargebacks', amountMinor)
  debit(world, 'providerClearing', -amountMinor)
  return { type: 'done' }
}

export function settleChargeback(world: World, entry: Entry, command: SettleChargeback): Reply {
  checkText(command.reference, 1, 256, 'reference')
  checkBoolean(command.won, 'won')
  needStaff(world, entry)
  const at = world.chargebacks.findIndex((it) => it.reference === command.reference)
  const found = world.chargebacks[at]
  if (found === undefined) refuse('chargebackNotFound')
  const status = command.won ? 'won' : 'lost'
  if (found.status === status) return { type: 'done' }
  if (found.status !== 'open') refuse('chargebackDiffers')
  world.chargebacks[at] = { ...found, status, settledAtMs: world.now }
  debit(world, 'chargebacks', -found.amountMinor)
  debit(world, command.won ? 'providerClearing' : 'chargebackLosses', found.amountMinor)
  return { type: 'done' }
}
