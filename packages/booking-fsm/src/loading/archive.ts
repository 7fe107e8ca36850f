/** Stubs of archived bookings and of their payments. */
import { stubFrom, stubPaymentFrom } from '../archive/stub-rows.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, unhashed } from '../things.ts'
import type { Cursor } from './cursor.ts'

export function loadStub(state: BookingState, row: Cursor): Hashed {
  const stub = stubFrom(row)
  state.archive.set(stub, row.values, state.meta.pnrKey)
  state.accounts.get(stub.accountId)?.bookingIds.push(stub.bookingId)
  return { ...unhashed }
}

export function loadStubPayment({ archive }: BookingState, row: Cursor): Hashed {
  archive.setPayment(stubPaymentFrom(row), row.values)
  return { ...unhashed }
}

/** They are loaded before the bookings that are there: an account's are ascending. */
export function sortBookingIds({ accounts, archive }: BookingState): void {
  if (archive.size === 0) return
  for (const { bookingIds } of accounts.values()) bookingIds.sort((a, b) => a - b)
}
