/** Rows that another thread has packed, into a state: what `loadBooking` and `loadPayment` do, without things. */
import { takePlaces } from '../live.ts'
import type { Row, Value } from '../rows.ts'
import { unpackRow } from '../shelf/pack.ts'
import {
  bookingFields,
  flags,
  type PackedPortion,
  paymentFields,
  rowFields,
} from '../shelf/packed-portion.ts'
import type { BookingState } from '../state.ts'

/** `load` is for rows that are not plain, as they come. Throws on what can not be one of ours. */
export function loadPortion(
  state: BookingState,
  portion: PackedPortion,
  load: (row: Row) => void,
): void {
  const { table, salt, bytes, fields } = portion
  if (String(salt) !== String(state.meta.pnrKey)) throw new Error(`${table}: of another cluster`)
  const base = state.bookings.adopt(table, bytes)
  const isBooking = table === 'bookings'
  const place: Place = { at: 0, portion, base }
  while (place.at < fields.length) {
    const { at } = place
    const isLoaded = isBooking ? loadBooking(state, place) : loadPayment(state, place)
    if (!isLoaded) load({ table, values: valuesAt(portion, at) })
    place.at += isBooking
      ? bookingFields.length + (fields[at + bookingFields.seatCount] as number)
      : paymentFields.length
  }
}

/** Where in a portion. */
interface Place {
  at: number
  readonly portion: PackedPortion
  readonly base: number
}

function loadBooking(state: BookingState, { at, portion, base }: Place): boolean {
  const { fields, words } = portion
  const bookingId = fields[at + bookingFields.id] as number
  const flag = fields[at + bookingFields.flags] as number
  const run = state.runs.get(fields[at + bookingFields.runId] as number)
  if (bookingId >= state.meta.nextBookingId) return false
  if ((flag & flags.plain) === 0 || run === undefined || isMarked(state, bookingId)) return false
  const place = base + (fields[at + bookingFields.place] as number)
  state.bookings.addAdopted(bookingId, run.runId, place)
  const accountId = fields[at + bookingFields.accountId] as number
  state.accounts.get(accountId)?.bookingIds.push(bookingId)
  count(state, fields, at, bookingId)
  if ((flag & flags.sold) === 0) return true
  const fromStop = fields[at + bookingFields.fromStop] as number
  const toStop = fields[at + bookingFields.toStop] as number
  const classCode = words[fields[at + bookingFields.word] as number] as string
  takePlaces({ bookingId, run, fromStop, toStop, classCode }, seatsAt(fields, at), 'sold')
  return true
}

function seatsAt(fields: Int32Array, at: number): number[] {
  const seats: number[] = []
  const first = at + bookingFields.length
  const behind = first + (fields[at + bookingFields.seatCount] as number)
  for (let place = first; place < behind; place++) seats.push(fields[place] as number)
  return seats
}

/** Other rows say more of its seats. */
function isMarked(state: BookingState, bookingId: number): boolean {
  const { cancelled, bookingPools, bookingProducts } = state
  return cancelled.has(bookingId) || bookingPools.has(bookingId) || bookingProducts.has(bookingId)
}

function loadPayment(state: BookingState, { at, portion, base }: Place): boolean {
  const { fields } = portion
  const bookingId = fields[at + paymentFields.bookingId] as number
  const isPlain = ((fields[at + paymentFields.flags] as number) & flags.plain) !== 0
  if (!isPlain || !state.bookings.isPacked(bookingId)) return false
  const paymentId = fields[at + paymentFields.id] as number
  if (paymentId >= state.meta.nextPaymentId) return false
  const place = base + (fields[at + paymentFields.place] as number)
  state.bookings.addAdoptedPayment(paymentId, bookingId, place)
  count(state, fields, at, bookingId)
  return true
}

/** The share of the state's hash, and the request's key, of a row of this booking. */
function count(state: BookingState, fields: Int32Array, at: number, bookingId: number): void {
  state.hashLow = (state.hashLow + (fields[at + rowFields.hashLow] as number)) >>> 0
  state.hashHigh = (state.hashHigh + (fields[at + rowFields.hashHigh] as number)) >>> 0
  if (((fields[at + rowFields.flags] as number) & flags.hasKey) === 0) return
  state.bookings.indexHash((fields[at + rowFields.keyHash] as number) >>> 0, bookingId)
}

function valuesAt({ bytes, fields }: PackedPortion, at: number): Value[] {
  const start = (fields[at + rowFields.place] as number) * 4
  const [low = 0, middle = 0, high = 0] = bytes.subarray(start, start + 3)
  return unpackRow(bytes, start + 4, start + 4 + (low | (middle << 8) | (high << 16)))
}
