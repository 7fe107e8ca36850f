import type { Entry, RecordOutcome, Reply, StartPayment } from '../../src/index.ts'
import { earn } from './agent-terms.ts'
import { needHeld } from './booking-commands.ts'
import { needCluster } from './caller.ts'
import { fareTaxIn } from './cancel-commands.ts'
import { closeHit } from './disruption-commands.ts'
import { isThereAgain } from './later-seats.ts'
import { debit } from './ledger.ts'
import { queueEffect, sendRefund } from './money.ts'
import { tell } from './notice-commands.ts'
import { owed, refundsOnTheirWay } from './owed.ts'
import { expireWhenDue, ownBooking } from './own-booking.ts'
import { hasBucketAgain } from './product-commands.ts'
import { hasRoomAgain } from './quota-commands.ts'
import { refundGone } from './refund-gone.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, checkPattern, checkText, maxSafe } from './shapes.ts'
import { stillExchangeable, takePlace } from './taking-place.ts'
import { bookedAt, mayRedeemAgain, useFor, voucherOf } from './voucher-state.ts'
import { promoteAll } from './waiting-commands.ts'
import { isDue, takeDue } from './waiting-offers.ts'
import {
  bookingOf,
  departureAt,
  dueFor,
  everyBooking,
  isCancelled,
  isReseating,
  legsOf,
  type ModelBooking,
  type ModelEffect,
  type ModelPayment,
  payerOf,
  runOf,
  type World,
} from './world.ts'

export function startPayment(world: World, entry: Entry, command: StartPayment): Reply {
  checkId(command.bookingId, 'bookingId')
  checkPattern(command.paymentToken, /^(?=.*[A-Za-z])[A-Za-z0-9_.:-]{1,128}$/, 'paymentToken')
  checkInt(command.amountMinor, 0, maxSafe, 'amountMinor')
  const booking = ownBooking(world, entry, command.bookingId)
  const waits = booking.status === 'waiting'
  if (!waits) needHeld(booking)
  const legs = legsOf(world, booking)
  if (!waits && legs.some((leg) => doesNotGo(world, leg))) refuse('runCancelled')
  if (!waits && legs.some((leg) => hasGone(world, leg))) refuse('runDeparted')
  const reserved = world.payments.some(
    (p) => p.bookingId === booking.id && ['authorising', 'authorised'].includes(p.status),
  )
  if (waits && reserved) refuse('alreadyPaying')
  const payer = bookingOf(world, payerOf(booking))
  if (!stillExchangeable(world, payer)) refuse('notExchangeable')
  const price = dueFor(world, payer)
  if (command.amountMinor !== price) refuse('priceChanged', { figure: price })
  const isSettled = payer.exchange !== undefined || useFor(world, payer) !== undefined
  if (price === 0 && isSettled) refuse('nothingToPay')
  const earlier = world.payments.filter((p) => p.bookingId === payerOf(booking))
  if (earlier.length >= 20) refuse('tooMany', { figure: 20 })
  const window = world.now + (world.cluster?.paymentWindowMs ?? 0)
  for (const leg of waits ? [] : legs) {
    leg.status = 'paying'
    if (!leg.prolonged) leg.expiresAt = Math.max(leg.expiresAt, window)
    leg.prolonged = true
  }
  const payment: ModelPayment = {
    id: world.payments.length + 1,
    bookingId: payerOf(booking),
    token: command.paymentToken,
    amount: price,
    status: 'authorising',
    reference: '',
    refunded: 0,
    refundPending: false,
    reason: '',
  }
  world.payments.push(payment)
  queueEffect(world, payment, 'authorise', payment.amount)
  return { type: 'paymentStarted', paymentId: payment.id, expiresAtMs: booking.expiresAt }
}

export function recordOutcome(world: World, entry: Entry, command: RecordOutcome): Reply {
  const { outboxId, outcome } = command
  checkId(outboxId, 'outboxId')
  if (outcome.type === 'done') {
    checkText(outcome.providerReference, 1, 256, 'outcome.providerReference')
  } else if (outcome.type === 'refused') checkText(outcome.reason, 0, 512, 'outcome.reason')
  else refuse('invalidField', { field: 'outcome.type' })
  needCluster(entry)
  const effect = world.effects.find((e) => e.id === outboxId)
  if (effect === undefined) refuse('outboxNotFound')
  if (effect.answered) refuse('outboxResolved')
  const older = world.effects.some(
    (e) => e.paymentId === effect.paymentId && e.id < effect.id && !e.answered,
  )
  const payment = world.payments.find((p) => p.id === effect.paymentId)
  if (older || payment?.token === '') refuse('notAllowed', { field: 'outboxId' })
  const booking = everyBooking(world).find((b) => b.id === payment?.bookingId)
  if (payment === undefined || booking === undefined) throw new Error('an effect of nothing')
  effect.answered = true
  expireWhenDue(world, booking)
  if (outcome.type === 'done') {
    effectDone(world, effect, payment, booking, outcome.providerReference)
  } else {
    payment.reason = outcome.reason
    effectRefused(world, effect, payment, booking)
  }
  return { type: 'done' }
}

function effectDone(
  world: World,
  effect: ModelEffect,
  payment: ModelPayment,
  booking: ModelBooking,
  reference: string,
): void {
  if (effect.kind === 'authorise') {
    payment.reference = reference
    const legs = legsOf(world, booking)
    if (booking.status === 'paying' && legs.some((leg) => doesNotGo(world, leg))) {
      for (const leg of legs) leg.status = 'released'
    }
    const exchangeable = stillExchangeable(world, booking)
    const late = booking.status !== 'paying'
    const there = booking.status === 'paying' || (exchangeable && mayTakeAgain(world, booking))
    if (booking.status === 'waiting') payment.status = 'authorised'
    else if (exchangeable && there) {
      payment.status = 'authorised'
      confirmLegs(world, booking)
      queueEffect(world, payment, 'capture', payment.amount)
      const kind = late ? 'latePaymentAccepted' : 'bookingConfirmed'
      tell(world, booking.accountId, booking.id, kind)
    } else {
      if (!exchangeable && booking.status === 'paying') booking.status = 'expired'
      payment.status = 'voiding'
      queueEffect(world, payment, 'void', payment.amount)
      const amountMinor = payment.amount
      tell(world, booking.accountId, booking.id, 'latePaymentVoided', { amountMinor })
    }
  } else if (effect.kind === 'capture') {
    payment.status = 'captured'
    moneyTaken(world, booking, effect.amount)
    earn(world, payment)
  } else if (effect.kind === 'void') {
    payment.status = 'voided'
  } else {
    refundGone(world, payment, effect.amount)
  }
}

/** All legs are sold; what they take the place of ends. */
export function confirmLegs(world: World, booking: ModelBooking): void {
  for (const leg of legsOf(world, booking)) {
    leg.status = 'confirmed'
    leg.confirmedAt = world.now
  }
  const use = useFor(world, booking)
  if (use !== undefined) use.redeemed = true
  if (booking.exchange !== undefined) takePlace(world, booking, booking.exchange)
}

/** The fares are paid: by so much money, and by what was carried over. */
export function moneyTaken(world: World, booking: ModelBooking, amount: number): void {
  const carried = booking.exchange?.carried ?? 0
  const lines = legsOf(world, booking).flatMap((leg) => leg.passengers.flatMap((p) => p.lines))
  const tax = lines.reduce((sum, l) => sum + l.taxMinor, 0)
  debit(world, 'providerClearing', amount)
  debit(world, 'exchangeCredit', carried)
  const use = useFor(world, booking)
  if (use !== undefined) debit(world, bookedAt(voucherOf(world, use)), use.amount)
  debit(world, 'fareRevenue', tax - amount - carried - (use?.amount ?? 0))
  debit(world, 'taxPayable', -tax)
}

/** The hold has expired meanwhile, but the trains are there and nobody took the seats. */
function mayTakeAgain(world: World, booking: ModelBooking): boolean {
  const legs = legsOf(world, booking)
  if (booking.status !== 'expired') return false
  if (legs.some((leg) => hasGone(world, leg) || doesNotGo(world, leg))) return false
  // Its seats are other ones now, or will be.
  const isOfBefore = (leg: ModelBooking) =>
    isReseating(world, leg.runId) || leg.expiresAt <= (runOf(world, leg).own?.changedAt ?? -1)
  if (legs.some(isOfBefore)) return false
  // Those who wait, if it is their turn, before those who pay late.
  if (legs.some((leg) => isDue(world, leg.runId))) {
    for (const leg of legs) takeDue(world, leg.runId)
    promoteAll(world)
  }
  if (!mayRedeemAgain(world, booking)) return false
  // As if those before it had theirs.
  const fit = legs.every((leg) => {
    const run = runOf(world, leg)
    const fits = hasRoomAgain(world, run, leg) && hasBucketAgain(world, leg)
    if (!fits || !isThereAgain(world, run, leg)) return false
    leg.status = 'confirmed'
    return true
  })
  for (const leg of legs) leg.status = 'expired'
  return fit
}

function doesNotGo(world: World, leg: ModelBooking): boolean {
  return isCancelled(world, runOf(world, leg))
}

function hasGone(world: World, leg: ModelBooking): boolean {
  return departureAt(world, runOf(world, leg), leg.fromStop) <= world.now
}

function effectRefused(
  world: World,
  effect: ModelEffect,
  payment: ModelPayment,
  booking: ModelBooking,
): void {
  if (effect.kind === 'authorise') {
    payment.status = 'declined'
    for (const leg of legsOf(world, booking)) if (leg.status === 'paying') leg.status = 'held'
  } else if (effect.kind === 'capture') {
    payment.status = 'declined'
    for (const e of refundsOnTheirWay(world, payment)) e.answered = true
    payment.refundPending = false
    for (const leg of legsOf(world, booking)) unpaid(world, leg)
    const use = useFor(world, booking)
    if (use !== undefined) {
      debit(world, bookedAt(voucherOf(world, use)), use.refunded)
      debit(world, 'refundsPayable', -use.refunded)
      use.redeemed = false
      use.refunded = 0
    }
    const { exchange } = booking
    if (exchange !== undefined) {
      // The old booking is gone: what it was worth goes back in money.
      exchange.undone = true
      debit(world, 'exchangeCredit', exchange.carried)
      debit(world, 'refundsPayable', -exchange.carried)
      sendRefund(world, booking, owed(world, booking))
    }
    tell(world, booking.accountId, booking.id, 'fareNotPaid')
  } else if (effect.kind === 'void') {
    payment.status = 'voided'
  } else {
    payment.refundPending = refundsOnTheirWay(world, payment).length > 0
  }
}

/** Nothing was paid, so there is no ticket, nothing is given back, and no tax was taken. */
function unpaid(world: World, leg: ModelBooking): void {
  if (leg.status === 'confirmed' || leg.status === 'disrupted') {
    leg.status = 'cancelled'
    leg.cancelledAt = world.now
    for (const p of leg.passengers) if (p.cancelledAt === 0) p.cancelledAt = world.now
  }
  closeHit(world, leg, 'unpaid')
  // What was given back for a delay was of a fare that was never paid.
  for (const pay of world.delayPays) if (pay.bookingId === leg.id) pay.amount = 0
  const tax = leg.passengers.reduce((sum, p) => sum + p.tax, 0)
  const fareTax = leg.passengers.reduce((sum, p, i) => sum + fareTaxIn(leg, i, p.refund), 0)
  debit(world, 'refundsPayable', leg.refund)
  debit(world, 'taxPayable', tax - fareTax)
  debit(world, 'fareRevenue', fareTax - leg.refund - tax)
  for (const p of leg.passengers) {
    debit(world, 'refundsPayable', p.compensated)
    debit(world, 'fareRevenue', p.compensatedTax - p.compensated)
    debit(world, 'taxPayable', -p.compensatedTax)
    ;[p.refund, p.tax, p.compensated, p.compensatedTax] = [0, 0, 0, 0]
  }
  leg.refund = 0
  leg.offer = undefined
}
