/** What an override can be given for: a booking, or what is left of one in the archive. */
import { keptOfStub, payMoreOfStub } from '../archive/complaints.ts'
import { paidBy } from '../cancelling.ts'
import { expireIfDue } from '../expiry.ts'
import type { RefusalCode } from '../replies.ts'
import type { Work } from '../store.ts'
import { keptOf, payMore } from './overriding.ts'

export interface Payable {
  readonly accountId: number
  readonly passengers: number
  /** Why nothing can be paid, when nothing was kept. */
  readonly unpaid: RefusalCode
  /** Log time may have ended it already. */
  settle(): void
  /** Of the fares of these passengers; undefined: they were not paid. */
  kept(positions: readonly number[]): number | undefined
  pay(positions: readonly number[], amountMinor: number): void
}

export function payableOf(work: Work, bookingId: number): Payable | undefined {
  const { state } = work
  const booking = state.bookings.get(bookingId)
  if (booking === undefined) return payableStub(work, bookingId)
  const { accountId, passengers } = booking
  return {
    accountId,
    passengers,
    unpaid: 'notConfirmed',
    settle: () => expireIfDue(work, booking),
    kept: (positions) => {
      const stands = booking.status === 'confirmed' || booking.status === 'cancelled'
      if (!stands || paidBy(booking) === undefined) return undefined
      return keptOf(state, booking, positions)
    },
    pay: (positions, amountMinor) => payMore(work, booking, positions, amountMinor),
  }
}

function payableStub(work: Work, bookingId: number): Payable | undefined {
  const stub = work.state.archive.get(bookingId)
  if (stub === undefined) return undefined
  const { accountId, passengers } = stub
  return {
    accountId,
    passengers,
    unpaid: 'bookingArchived',
    settle: () => undefined,
    kept: (positions) => keptOfStub(stub, positions),
    pay: (positions, amountMinor) =>
      payMoreOfStub(work, stub, { passengers: positions, amountMinor }),
  }
}
