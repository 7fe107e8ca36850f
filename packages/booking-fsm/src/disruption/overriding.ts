/** More is paid back than the rules say: of what is kept of the passengers' fares. */
import { refundsOf, valuesOf } from '../cancellation.ts'
import { type Back, refundSome } from '../cancelling.ts'
import type { BookingState } from '../state.ts'
import type { Work } from '../store.ts'
import type { Booking } from '../things.ts'

/** What is kept of the fares of these passengers: more can not be paid back. */
export function keptOf(
  state: BookingState,
  booking: Booking,
  positions: readonly number[],
): number {
  const parts = partsOf(state, booking, positions, Number.MAX_SAFE_INTEGER)
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
}

/** Pays the sum back, at most what is kept; nobody is cancelled by it. */
export function payMore(
  work: Work,
  booking: Booking,
  positions: readonly number[],
  amountMinor: number,
): void {
  refundSome(work, booking, partsOf(work.state, booking, positions, amountMinor), 'override')
}

/** The sum goes to the first ones first. */
function partsOf(
  state: BookingState,
  booking: Booking,
  positions: readonly number[],
  amountMinor: number,
): Back[] {
  const values = valuesOf(state, booking)
  const refunds = refundsOf(state, booking)
  let left = amountMinor
  return positions.map((position) => {
    const given = refunds.find((terms) => terms.position === position)?.refundMinor ?? 0
    const part = Math.min(left, (values[position] as number) - given)
    left -= part
    return { position, amountMinor: part }
  })
}
