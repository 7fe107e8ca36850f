/** Seats, what they are like, and what is asked of them, between the API and the state machine. */
import { create } from '@bufbuild/protobuf'
import type { Coach, SeatPreferences, SeatProperty, SeatView } from '@quorail/booking-fsm'
import {
  type CoachLayout,
  CoachLayoutSchema,
  SeatProperty as Property,
  SeatSchema,
  type SeatPreferences as WishesMessage,
} from '@quorail/proto/quorail/booking/v1/types_pb'

const properties: Readonly<Record<SeatProperty, Property>> = {
  window: Property.WINDOW,
  aisle: Property.AISLE,
  table: Property.TABLE,
  facing: Property.FACING,
  quiet: Property.QUIET,
  lowerBerth: Property.LOWER_BERTH,
  middleBerth: Property.MIDDLE_BERTH,
  upperBerth: Property.UPPER_BERTH,
  sideLowerBerth: Property.SIDE_LOWER_BERTH,
  sideUpperBerth: Property.SIDE_UPPER_BERTH,
  wheelchair: Property.WHEELCHAIR,
  companion: Property.COMPANION,
}
const words = new Map(
  Object.entries(properties).map(([word, property]) => [property, word as SeatProperty]),
)

export const propertyMessages = (words: readonly SeatProperty[]): Property[] =>
  words.map((word) => properties[word])

export const seatMessage = (seat: SeatView) =>
  create(SeatSchema, { ...seat, properties: seat.properties.map((word) => properties[word]) })

export function coachMessage({ label, classCode, rows, columns, seating }: Coach): CoachLayout {
  const plain = { label, classCode, rows, columns }
  if (seating === undefined) return create(CoachLayoutSchema, plain)
  const { bayRows, rules } = seating
  const lines = rules.map((line) => ({
    ...line,
    properties: line.properties.map((word) => properties[word]),
  }))
  return create(CoachLayoutSchema, { ...plain, seating: { bayRows, lines } })
}

/** A coach as somebody has described it; validation has seen that all words are known. */
export function coachOfMessage({ label, classCode, rows, columns, seating }: CoachLayout): Coach {
  const plain = { label, classCode, rows, columns }
  if (seating === undefined) return plain
  const { bayRows, lines } = seating
  const rules = lines.map(({ firstRow, lastRow, letters, properties: of }) => ({
    firstRow,
    lastRow,
    letters,
    properties: wordsOf(of),
  }))
  return { ...plain, seating: { bayRows, rules } }
}

export function preferencesOf(message: WishesMessage | undefined): SeatPreferences | undefined {
  if (message === undefined) return undefined
  const { required, wished, apart, wheelchairPlaces } = message
  return { required: wordsOf(required), wished: wordsOf(wished), apart, wheelchairPlaces }
}

function wordsOf(of: readonly Property[]): SeatProperty[] {
  return of.flatMap((property) => words.get(property) ?? [])
}
