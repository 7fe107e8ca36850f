/** What is to be known of a packed row of bookings or payments without unpacking it; and whether it is what it must be. */
import { claimOf } from '../live.ts'
import type { Column, Value } from '../rows.ts'
import { tables } from '../tables.ts'
import type { BookingStatus } from '../views.ts'
import { bookingFields, flags, type PackedTable, paymentFields } from './packed-portion.ts'

/** Each value is of its column's type, as whoever loads the row demands. Throws on one that can not be packed. */
export function isFit(table: PackedTable, values: readonly Value[]): boolean {
  const columns = columnsOf[table]
  let fits = values.length === columns.length
  for (let at = 0; at < values.length; at++) {
    const value: unknown = values[at]
    const column = columns[at]
    if (typeof value === 'string') fits &&= column?.type === 'text'
    else if (value === null) fits &&= column?.nullable === true
    else if (Number.isSafeInteger(value)) fits &&= column?.type === 'integer'
    else throw new Error(`${table} ${values[0]}: column ${at + 1} can not be packed`)
  }
  return fits
}

/** '' when it has none. */
export function requestKeyOf(table: PackedTable, values: readonly Value[]): string {
  const key = values[table === 'bookings' ? booking.request_key : payment.request_key]
  return typeof key === 'string' ? key : ''
}

/** Words of `fields` that a booking's row may need. */
export function fieldsAtMost(table: PackedTable, values: readonly Value[]): number {
  if (table === 'payments') return paymentFields.length
  const seats = values[booking.seats]
  return bookingFields.length + (typeof seats === 'string' ? seats.length : 0)
}

/** Notes a fit booking from `at` on. Gives its flags: none when it must be loaded as a thing. */
export function noteBooking(
  fields: Int32Array,
  at: number,
  values: readonly Value[],
  words: Map<string, number>,
): number {
  const seats = noteSeats(fields, at + bookingFields.length, values[booking.seats] as string)
  const status = values[booking.status] as BookingStatus
  const claim = claimOf(status)
  let areInts = noteInt(fields, at + bookingFields.accountId, values[booking.account_id])
  areInts = noteInt(fields, at + bookingFields.runId, values[booking.run_id]) && areInts
  areInts = noteInt(fields, at + bookingFields.fromStop, values[booking.from_stop]) && areInts
  areInts = noteInt(fields, at + bookingFields.toStop, values[booking.to_stop]) && areInts
  const word = values[booking.class_code] as string
  if (!words.has(word)) words.set(word, words.size)
  fields[at + bookingFields.word] = words.get(word) as number
  fields[at + bookingFields.seatCount] = Math.max(seats, 0)
  const isSettled = claim !== 'held' && status !== 'waiting'
  if (!isSettled || !areInts || seats < 0 || !isList(values[booking.names] as string)) return 0
  return claim === 'sold' ? flags.plain | flags.sold : flags.plain
}

/** The same of a payment. */
export function notePayment(fields: Int32Array, at: number, values: readonly Value[]): number {
  const isInt = noteInt(fields, at + paymentFields.bookingId, values[payment.booking_id])
  return isInt ? flags.plain : 0
}

function noteInt(fields: Int32Array, at: number, value: Value | undefined): boolean {
  fields[at] = value as number
  return fields[at] === value
}

/** How many there are; -1: they are not written as the machine writes them. */
function noteSeats(fields: Int32Array, at: number, text: string): number {
  if (!text.includes(',')) return noteSeat(fields, at, text)
  let count = 0
  let from = 0
  while (from < text.length) {
    let to = text.indexOf(',', from)
    if (to === -1) to = text.length
    if (noteSeat(fields, at + count++, text.slice(from, to)) !== 1) return -1
    from = to + 1
  }
  return text.endsWith(',') ? -1 : count
}

/** Of most bookings it is the only one. */
function noteSeat(fields: Int32Array, at: number, text: string): number {
  const seat = Number(text)
  fields[at] = seat
  return text === '' || fields[at] !== seat ? -1 : 1
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

const columnsOf: { readonly [T in PackedTable]: readonly Column[] } = {
  bookings: tables.find(({ name }) => name === 'bookings')?.columns ?? [],
  payments: tables.find(({ name }) => name === 'payments')?.columns ?? [],
}

function placesOf<Name extends string>(table: PackedTable, ...names: Name[]): Record<Name, number> {
  const all = columnsOf[table].map(({ name }) => name)
  return Object.fromEntries(names.map((name) => [name, all.indexOf(name)])) as Record<Name, number>
}

const booking = placesOf(
  ...(['bookings', 'account_id', 'run_id', 'from_stop', 'to_stop', 'class_code'] as const),
  ...(['seats', 'names', 'status', 'request_key'] as const),
)
const payment = placesOf('payments', 'booking_id', 'request_key')
