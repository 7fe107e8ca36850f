/** How much of a payment banks have taken back, in dispute or for good. */
import { sharedWith } from '../exchanges.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Payment } from '../things.ts'
import { leadOf } from '../trips.ts'
import type { Chargeback } from './things.ts'

export function chargedBack({ chargedBack: by }: BookingState, { paymentId }: Payment): number {
  return by.get(paymentId) ?? 0
}

/** Of all payments that the booking's money is of. */
export function chargedBackOf(state: BookingState, booking: Booking): number {
  if (state.chargedBack.size === 0) return 0
  let sum = 0
  for (const { payments } of sharedWith(state, booking)) {
    for (const payment of payments) sum += chargedBack(state, payment)
  }
  return sum
}

/** How it ends is not known yet. */
export function isDisputed(state: BookingState, booking: Booking): boolean {
  const { bookingId, payments } = leadOf(booking)
  if (payments.every((payment) => chargedBack(state, payment) === 0)) return false
  for (const it of state.chargebacks.values()) {
    if (it.bookingId === bookingId && it.status === 'open') return true
  }
  return false
}

export function keepChargeback(state: BookingState, chargeback: Chargeback): void {
  state.chargebacks.set(chargeback.reference, chargeback)
  if (chargeback.status !== 'won') countChargeback(state, chargeback, chargeback.amountMinor)
}

export function countChargeback(
  { chargedBack: by }: BookingState,
  { paymentId }: Chargeback,
  amountMinor: number,
): void {
  const sum = (by.get(paymentId) ?? 0) + amountMinor
  if (sum === 0) by.delete(paymentId)
  else by.set(paymentId, sum)
}
