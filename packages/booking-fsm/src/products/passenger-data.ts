/** What must be known of who travels, and what is known. */
import type { PassengerDatum, PassengerInput } from '../commands.ts'
import { hasSaid } from '../draws/said.ts'
import { ruleAt } from '../fares.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Booking, type Hashed, none } from '../things.ts'
import type { SoldAs } from './buckets.ts'

/** Of one passenger of a booking; there is none of whom nothing was said. */
export interface PassengerDetails extends Hashed {
  readonly bookingId: number
  readonly position: number
  /** As yyyymmdd; 0: not said. */
  readonly birthDate: number
  readonly document: string
  readonly contact: string
}
export type SaidDetails = Omit<PassengerDetails, 'bookingId' | keyof Hashed>

/** In the order in which they are asked for. */
export const passengerData: readonly PassengerDatum[] = ['birthDate', 'document', 'contact']

/** What everybody must say at the instant, and who has the product besides. */
export function requiredAt(
  state: BookingState,
  nowMs: number,
  sold?: SoldAs,
): readonly PassengerDatum[] {
  if (state.fareProducts.length === 0) return none
  const always = ruleAt(state.fareProducts, nowMs)?.requires ?? none
  const besides = sold?.product.requires ?? none
  return passengerData.filter((of) => always.includes(of) || besides.includes(of))
}

/** The first thing that somebody has not said. Below level 3 a draw asks for nothing: what was entered is taken. */
export function mustSay(
  state: BookingState,
  passengers: readonly PassengerInput[],
  sold: SoldAs | undefined,
): Refusal | undefined {
  const required = requiredAt(state, state.meta.nowMs, sold)
  if (required.length === 0) return undefined
  if (state.drawing !== undefined && state.meta.featureLevel < 3) return undefined
  for (const [i, passenger] of passengers.entries()) {
    const missing = required.find((of) => (passenger[of] ?? '') === '' || passenger[of] === 0)
    if (missing !== undefined) {
      return refuse('passengerDataRequired', { field: `passengers[${i}].${missing}` })
    }
  }
  return undefined
}

/** Of those who said something. */
export function detailsSaid(passengers: readonly PassengerInput[]): readonly SaidDetails[] {
  if (!passengers.some(hasSaid)) return none
  return passengers.flatMap((passenger, position) => {
    const { birthDate = 0, document = '', contact = '' } = passenger
    return hasSaid(passenger) ? [{ position, birthDate, document, contact }] : []
  })
}

export function keepDetails(
  work: Work,
  { bookingId }: Booking,
  said: readonly SaidDetails[],
): void {
  if (said.length === 0) return
  const all = said.map((of) => ({ hashLow: 0, hashHigh: 0, bookingId, ...of }))
  work.state.passengerDetails.set(bookingId, all)
  for (const details of all) writeRow(work, 'passenger_details', details)
}

export function detailsOf(
  { passengerDetails }: BookingState,
  { bookingId }: Booking,
  position: number,
): PassengerDetails | undefined {
  if (passengerDetails.size === 0) return undefined
  return passengerDetails.get(bookingId)?.find((of) => of.position === position)
}

/** Who it was is erased. */
export function dropDetails(work: Work, { bookingId }: Booking): void {
  const { passengerDetails } = work.state
  for (const details of passengerDetails.get(bookingId) ?? none) {
    deleteRow(work, 'passenger_details', details, [bookingId, details.position])
  }
  passengerDetails.delete(bookingId)
}
