import type { BookingState } from '../state.ts'
import { leadOf } from '../trips.ts'

export interface CustomerView {
  readonly displayName: string
  /** '': none. */
  readonly email: string
}
export interface TillView {
  readonly tillId: number
  readonly openedAtMs: number
  readonly floatMinor: number
  /** What should be in it. */
  readonly cashMinor: number
}

/** Who the booking, or its trip, was bought for; undefined: for whom it is. */
export function customerOf(state: BookingState, bookingId: number): CustomerView | undefined {
  const booking = state.bookings.get(bookingId)
  const customer = booking && state.customers.get(leadOf(booking).bookingId)
  return customer && { displayName: customer.displayName, email: customer.email }
}

/** The account's open one. */
export function tillOf(state: BookingState, accountId: number): TillView | undefined {
  const till = state.tills.get(accountId)
  if (till === undefined) return undefined
  const { tillId, openedAtMs, floatMinor, cashMinor } = till
  return { tillId, openedAtMs, floatMinor, cashMinor }
}
