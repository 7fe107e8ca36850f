import type { PassengerDatum as Datum } from '@quorail/booking-fsm'
import { PassengerDatum } from '@quorail/proto/quorail/booking/v1/types_pb'

const words: Readonly<Record<Datum, PassengerDatum>> = {
  birthDate: PassengerDatum.BIRTH_DATE,
  document: PassengerDatum.DOCUMENT,
  contact: PassengerDatum.CONTACT,
}

/** What a fare requires of each passenger besides the name. */
export function requiredMessage(required: readonly Datum[]): PassengerDatum[] {
  return required.map((of) => words[of])
}

export function requiredWords(required: readonly PassengerDatum[]): Datum[] {
  return (Object.keys(words) as Datum[]).filter((of) => required.includes(words[of]))
}
