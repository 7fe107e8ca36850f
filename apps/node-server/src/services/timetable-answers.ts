/** What several methods of the timetable's service say alike. */
import { type BookingState, info } from '@quorail/booking-fsm'
import { invalidField } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import { isDate } from '../timetable/service-days.ts'

/** The same refusal as the hold would give. */
export function noQuote(code: 'passengerTypeNotFound' | 'concessionLimit' | undefined) {
  const refused = { type: 'refused', seats: [], figure: 0 } as const
  return code === undefined
    ? refusalError({ ...refused, code: 'noFare', field: '' })
    : refusalError({ ...refused, code, field: 'passenger_types' })
}

export const appliedIndex = (state: BookingState): bigint => BigInt(info(state).appliedIndex)

/** `2026-11-22` as 20261122; refuses what is no day. */
export function dateNumber(text: string, field: string): number {
  const date = Number(text.replaceAll('-', ''))
  if (!isDate(date)) throw invalidField(field, `There is no day “${text}”.`)
  return date
}
