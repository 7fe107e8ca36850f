/** What is kept of those who are entered in a draw, in its row and in memory. */
import type { PassengerInput } from '../commands.ts'
import type { BookingState } from '../state.ts'

/** Name and type; and, where something was said of oneself, all three of it. */
type SaidInRow =
  | readonly [name: string, type: string]
  | readonly [name: string, type: string, birthDate: number, document: string, contact: string]

/** Before level 3 names and types only. */
export function keptOf({ meta }: BookingState, passenger: PassengerInput): PassengerInput {
  const { name, passengerType = '', birthDate = 0, document = '', contact = '' } = passenger
  if (meta.featureLevel < 3 || !hasSaid(passenger)) return { name, passengerType }
  return { name, passengerType, birthDate, document, contact }
}

/** Who has said nothing has the row of a level before. */
export function saidInRow(passengers: readonly PassengerInput[]): string {
  const rows = passengers.map((it): SaidInRow => {
    const { name, passengerType = '', birthDate = 0, document = '', contact = '' } = it
    return hasSaid(it) ? [name, passengerType, birthDate, document, contact] : [name, passengerType]
  })
  return JSON.stringify(rows)
}

export function saidOfRow([name, passengerType, birthDate, document, contact]: SaidInRow) {
  if (birthDate === undefined) return { name, passengerType }
  return { name, passengerType, birthDate, document, contact }
}

/** Nearly nobody has to: a hold's hot path. */
export function hasSaid({ birthDate, document, contact }: PassengerInput): boolean {
  return Boolean(birthDate) || Boolean(document) || Boolean(contact)
}
