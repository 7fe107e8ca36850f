import { findBooking } from '@quorail/booking-fsm'
import type { HoldSeatsRequest } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { invalidField, unknownBooking } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { bookingMessage } from '../mapping/views.ts'
import { dateNumber } from './timetable-answers.ts'

/** The same answer for "not yours" and "does not exist". */
export function ownBooking(host: NodeHost, accountId: number, bookingId: number) {
  const booking = findBooking(host.state, bookingId)
  if (booking === undefined || booking.accountId !== accountId) throw unknownBooking()
  return bookingMessage(host.state, booking)
}

type SaidOf = Omit<HoldSeatsRequest['passengers'][number], '$typeName' | '$unknown'>

/** Names as they are kept: composed, without spaces too many. */
export function passengersOf({ passengers }: { readonly passengers: readonly SaidOf[] }) {
  return passengers.map(({ name, passengerType, birthDate, document, contact }, i) => ({
    name: cleanName(name, i),
    passengerType: passengerType || undefined,
    birthDate: birthDate === '' ? undefined : dateNumber(birthDate, `passengers[${i}].birth_date`),
    document: document.trim() || undefined,
    contact: contact.trim() || undefined,
  }))
}

function cleanName(name: string, position: number): string {
  const cleaned = name.normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (cleaned === '') {
    throw invalidField(`passengers[${position}].name`, 'Each passenger needs a name.')
  }
  return cleaned
}
