/**
 * Bookings and their payments. Those that are settled (nothing expires, nothing is on its way outside) are
 * kept as packed rows, about a third of what they weigh as things; whoever asks for one gets the thing,
 * which is packed again at the end of the next entry. The legs of a trip are packed and unpacked together.
 */
import { bookingFrom, paymentFrom } from '../loading/things-from-rows.ts'
import { rowValues } from '../row-values.ts'
import type { Value } from '../rows.ts'
import {
  type Booking,
  type CancelledPassenger,
  type Meta,
  none,
  type Payment,
  type RefundOffer,
  type Run,
  type Trip,
} from '../things.ts'
import { legsOf } from '../trips.ts'
import { hashThing } from './hash-thing.ts'
import { KeyIndex } from './key-index.ts'
import { Links } from './links.ts'
import { OnRuns } from './on-runs.ts'
import type { PackedTable } from './packed-portion.ts'
import { PackedRows } from './packed-rows.ts'

export class Shelf {
  readonly #meta: Meta
  readonly #runs: ReadonlyMap<number, Run>
  readonly #cancelled: ReadonlyMap<number, readonly CancelledPassenger[]>
  readonly #offers: ReadonlyMap<number, RefundOffer>
  /** As things: what is live, and what was looked at since the last entry. */
  readonly #bookings = new Map<number, Booking>()
  readonly #payments = new Map<number, Payment>()
  /** What may have to be packed, and whether it changed. */
  readonly #touched = new Map<Booking, boolean>()
  readonly #packedBookings = new PackedRows()
  readonly #packedPayments = new PackedRows()
  readonly #keys = new KeyIndex()
  /** The payments of packed bookings, as lists: the first of a booking, the next of a payment. */
  readonly #firstPayment = new Links()
  readonly #nextPayment = new Links()
  /** The first leg of a booking's trip, and of a first leg the last one. */
  readonly #firstLeg = new Links()
  readonly #lastLeg = new Links()
  readonly #onRuns = new OnRuns()
  #lastTrip = 0
  #size = 0
  #paymentCount = 0
  #lastBooking = 0
  #lastPayment = 0

  constructor(
    meta: Meta,
    runs: ReadonlyMap<number, Run>,
    cancelled: ReadonlyMap<number, readonly CancelledPassenger[]>,
    offers: ReadonlyMap<number, RefundOffer>,
  ) {
    this.#meta = meta
    this.#runs = runs
    this.#cancelled = cancelled
    this.#offers = offers
  }

  get size(): number {
    return this.#size
  }

  get paymentCount(): number {
    return this.#paymentCount
  }

  get(bookingId: number): Booking | undefined {
    return this.#bookings.get(bookingId) ?? this.#unpack(bookingId)
  }

  /** As a thing, if it is one now: what is live always is. */
  unsettled(bookingId: number): Booking | undefined {
    return this.#bookings.get(bookingId)
  }

  has(bookingId: number): boolean {
    return this.#bookings.has(bookingId) || this.#packedBookings.has(bookingId)
  }

  payment(paymentId: number): Payment | undefined {
    const known = this.#payments.get(paymentId)
    if (known !== undefined) return known
    const bookingId = this.#packedPayments.get(paymentId)?.[1]
    if (typeof bookingId !== 'number' || this.get(bookingId) === undefined) return undefined
    return this.#payments.get(paymentId)
  }

  /** A new one. */
  add(booking: Booking): void {
    this.#countBooking(booking.bookingId, booking.run.runId)
    this.#bookings.set(booking.bookingId, booking)
  }

  /** A new one; its booking is here as a thing. */
  addPayment(payment: Payment): void {
    this.#countPayment(payment.paymentId)
    this.#payments.set(payment.paymentId, payment)
  }

  /** One that is settled as far as its own row says, when rows are loaded. */
  addPacked(booking: Booking, values: readonly Value[]): void {
    this.#countBooking(booking.bookingId, booking.run.runId)
    this.#packedBookings.set(booking.bookingId, values)
    if (booking.requestKey !== '') this.#index(booking.requestKey, booking.bookingId)
  }

  /** A payment of a packed booking, when rows are loaded. */
  addPackedPayment(payment: Payment, bookingId: number, values: readonly Value[]): void {
    const { paymentId, requestKey } = payment
    this.#countPayment(paymentId)
    this.#packedPayments.set(paymentId, values)
    this.#linkPayment(paymentId, bookingId)
    if (requestKey !== '') this.#index(requestKey, bookingId)
  }

  /** Whole rows that another thread has packed. Gives what their places in it are added to. */
  adopt(table: PackedTable, bytes: Uint8Array): number {
    return (table === 'bookings' ? this.#packedBookings : this.#packedPayments).adoptChunk(bytes)
  }

  /** As `addPacked`, when its row has been adopted. */
  addAdopted(bookingId: number, runId: number, place: number): void {
    this.#countBooking(bookingId, runId)
    this.#packedBookings.adopt(bookingId, place)
  }

  /** As `addPackedPayment`, when its row has been adopted. */
  addAdoptedPayment(paymentId: number, bookingId: number, place: number): void {
    this.#countPayment(paymentId)
    this.#packedPayments.adopt(paymentId, place)
    this.#linkPayment(paymentId, bookingId)
  }

  /** The request's key of an adopted row, of which the hash is known. */
  indexHash(keyHash: number, bookingId: number): void {
    this.#keys.addHash(keyHash, bookingId)
  }

  /** The ids of all bookings of a run, whatever became of them, below the one given: the last one first. */
  idsOnRun(runId: number, below?: number): Generator<number> {
    return this.#onRuns.ids(runId, below)
  }

  moveToRun(bookingId: number, fromRunId: number, toRunId: number): void {
    this.#onRuns.move(bookingId, fromRunId, toRunId)
  }

  /** It, its payments and the trip that it is a leg of are not there any more. Its trip goes as a whole. */
  remove(booking: Booking): void {
    const { bookingId, payments, run, requestKey } = booking
    this.#onRuns.remove(run.runId, bookingId)
    this.#bookings.delete(bookingId)
    this.#packedBookings.delete(bookingId)
    this.#touched.delete(booking)
    this.#unindex(requestKey, bookingId)
    this.#firstPayment.set(bookingId, 0)
    this.#firstLeg.set(bookingId, 0)
    this.#lastLeg.set(bookingId, 0)
    this.#size--
    for (const payment of payments) {
      const { paymentId } = payment
      this.#payments.delete(paymentId)
      this.#packedPayments.delete(paymentId)
      this.#unindex(payment.requestKey, bookingId)
      this.#nextPayment.set(paymentId, 0)
      this.#paymentCount--
    }
  }

  /** Bookings with these ids are the legs of one trip. */
  addTrip(first: number, last: number): void {
    for (let id = first; id <= last; id++) this.#firstLeg.set(id, first)
    this.#lastLeg.set(first, last)
    this.#lastTrip = Math.max(this.#lastTrip, first)
  }

  /** When rows are loaded, of one that is held: with the last leg of its trip the legs know each other. */
  joinTrip({ bookingId }: Booking): void {
    const first = this.#firstLeg.get(bookingId)
    if (first === 0 || this.#lastLeg.get(first) !== bookingId) return
    const legs: Booking[] = []
    for (let id = first; id <= bookingId; id++) {
      const leg = this.#bookings.get(id)
      // It comes out of order: all are loaded once more, in order.
      if (leg === undefined) return
      legs.push(leg)
    }
    join(legs)
  }

  /** The rows of all trips, by id. */
  *tripRows(): Generator<Value[]> {
    for (let id = 1; id <= this.#lastTrip; id++) {
      if (this.#lastLeg.get(id) !== 0) yield [id, this.#lastLeg.get(id)]
    }
  }

  /** Throws when a trip has legs that are not there, or of which some are settled and some are held. */
  checkTrips(): void {
    for (const [id, last] of this.tripRows() as Iterable<[number, number]>) {
      for (let leg = id; leg <= last; leg++) {
        const isLike = this.has(leg) && this.isPacked(leg) === this.isPacked(id)
        if (!isLike) throw new Error(`trips ${id}: its legs do not go together`)
      }
    }
  }

  /** It is packed, and nobody has asked for it since. */
  isPacked(bookingId: number): boolean {
    return !this.#bookings.has(bookingId) && this.#packedBookings.has(bookingId)
  }

  /** What of the packed bookings answers for a request. */
  byRequest(requestKey: string): Booking | Payment | undefined {
    for (const bookingId of this.#keys.find(requestKey, this.#meta.pnrKey)) {
      const booking = this.get(bookingId)
      if (booking?.requestKey === requestKey) return booking
      const payment = booking?.payments.find((it) => it.requestKey === requestKey)
      if (payment !== undefined) return payment
    }
    return undefined
  }

  /** It, or one of its payments, has changed. */
  touch(booking: Booking): void {
    this.#touched.set(booking, true)
  }

  /** At the end of an entry: packs what is settled, and gives it to `forget`. */
  settle(forget: (thing: Booking | Payment) => void): void {
    if (this.#touched.size === 0) return
    for (const [booking, changed] of this.#touched) {
      if (booking.trip === undefined) {
        if (isSettled(booking)) this.#putAway(booking, changed, forget)
        continue
      }
      // With the leg that was touched first all have gone.
      if (!this.#bookings.has(booking.bookingId) || !legsOf(booking).every(isSettled)) continue
      for (const leg of legsOf(booking)) {
        // One that is not touched now was changed before the last of them was settled.
        this.#putAway(leg, this.#touched.get(leg) !== false, forget)
      }
    }
    this.#touched.clear()
  }

  /** By id. What is packed comes as a thing of its own each time. */
  *values(): Generator<Booking> {
    for (let id = 1; id <= this.#lastBooking; id++) {
      const booking =
        this.#bookings.get(id) ?? this.#legsFrom(id).find((leg) => leg.bookingId === id)
      if (booking !== undefined) yield booking
    }
  }

  /** The rows of all bookings, by id. */
  *bookingRows(): Generator<Value[]> {
    for (let id = 1; id <= this.#lastBooking; id++) {
      const booking = this.#bookings.get(id)
      const values =
        booking === undefined ? this.#packedBookings.get(id) : rowValues.bookings(booking)
      if (values !== undefined) yield values
    }
  }

  /** The rows of all payments, by id. */
  *paymentRows(): Generator<Value[]> {
    for (let id = 1; id <= this.#lastPayment; id++) {
      const payment = this.#payments.get(id)
      const values =
        payment === undefined ? this.#packedPayments.get(id) : rowValues.payments(payment)
      if (values !== undefined) yield values
    }
  }

  #unpack(bookingId: number): Booking | undefined {
    const legs = this.#legsFrom(bookingId)
    for (const leg of legs) {
      this.#bookings.set(leg.bookingId, leg)
      for (const payment of leg.payments) this.#payments.set(payment.paymentId, payment)
      this.#touched.set(leg, false)
    }
    return this.#bookings.get(bookingId)
  }

  /** A packed booking with the other legs of its trip, as things. */
  #legsFrom(bookingId: number): readonly Booking[] {
    const first = this.#firstLeg.get(bookingId)
    if (first === 0) {
      const booking = this.#bookingOf(bookingId)
      return booking === undefined ? none : [booking]
    }
    const legs: Booking[] = []
    for (let id = first; id <= this.#lastLeg.get(first); id++) {
      const leg = this.#bookingOf(id)
      if (leg === undefined) throw new Error(`trips ${first}: its legs do not go together`)
      legs.push(leg)
    }
    join(legs)
    return legs
  }

  #putAway(booking: Booking, changed: boolean, forget: (thing: Booking | Payment) => void): void {
    if (changed) this.#pack(booking)
    this.#bookings.delete(booking.bookingId)
    forget(booking)
    for (const payment of booking.payments) {
      this.#payments.delete(payment.paymentId)
      forget(payment)
    }
  }

  #bookingOf(bookingId: number): Booking | undefined {
    const values = this.#packedBookings.get(bookingId)
    if (values === undefined) return undefined
    const booking = bookingFrom({ table: 'bookings', values, at: 0 }, this.#runs)
    hashThing('bookings', booking, values)
    const payments: Payment[] = []
    let paymentId = this.#firstPayment.get(bookingId)
    for (; paymentId !== 0; paymentId = this.#nextPayment.get(paymentId)) {
      const ofPayment = this.#packedPayments.get(paymentId) ?? []
      const payment = paymentFrom({ table: 'payments', values: ofPayment, at: 0 }, booking)
      hashThing('payments', payment, ofPayment)
      payments.push(payment)
    }
    if (payments.length > 0) booking.payments = payments
    booking.cancelled = this.#cancelled.get(bookingId) ?? none
    booking.offer = this.#offers.get(bookingId)
    return booking
  }

  #pack(booking: Booking): void {
    const { bookingId, payments } = booking
    if (!this.#packedBookings.has(bookingId) && booking.requestKey !== '') {
      this.#index(booking.requestKey, bookingId)
    }
    this.#packedBookings.set(bookingId, rowValues.bookings(booking))
    let last = 0
    for (const payment of payments) {
      const { paymentId, requestKey } = payment
      if (!this.#packedPayments.has(paymentId) && requestKey !== '') {
        this.#index(requestKey, bookingId)
      }
      this.#packedPayments.set(paymentId, rowValues.payments(payment))
      if (last === 0) this.#firstPayment.set(bookingId, paymentId)
      else this.#nextPayment.set(last, paymentId)
      last = paymentId
    }
  }

  /** A payment of a packed booking, the last of them. */
  #linkPayment(paymentId: number, bookingId: number): void {
    let last = this.#firstPayment.get(bookingId)
    if (last === 0) {
      this.#firstPayment.set(bookingId, paymentId)
      return
    }
    for (let next = last; next !== 0; next = this.#nextPayment.get(last)) last = next
    this.#nextPayment.set(last, paymentId)
  }

  #index(requestKey: string, bookingId: number): void {
    this.#keys.add(requestKey, bookingId, this.#meta.pnrKey)
  }

  #unindex(requestKey: string, bookingId: number): void {
    if (requestKey !== '') this.#keys.remove(requestKey, bookingId, this.#meta.pnrKey)
  }

  #countBooking(bookingId: number, runId: number): void {
    this.#size++
    this.#lastBooking = Math.max(this.#lastBooking, bookingId)
    this.#onRuns.add(runId, bookingId)
  }

  #countPayment(paymentId: number): void {
    this.#paymentCount++
    this.#lastPayment = Math.max(this.#lastPayment, paymentId)
  }
}

/** Nothing of it expires, and nothing is on its way outside. */
export function isSettled({ status, payments }: Booking): boolean {
  if (status === 'held' || status === 'paying' || status === 'waiting') return false
  return payments.every(({ effects }) => effects.length === 0)
}

function join(legs: readonly Booking[]): void {
  const [first, ...others] = legs
  if (first === undefined) return
  const trip: Trip = { hashLow: 0, hashHigh: 0, legs: [first, ...others] }
  for (const leg of legs) leg.trip = trip
}
