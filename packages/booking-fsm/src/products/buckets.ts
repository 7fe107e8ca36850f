/** How many places are left at a product: limits nested in the order of the list, on each segment. */
import type { FareProduct } from '../commands.ts'
import { countPool } from '../inventory/occupancy.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import type { BookingProduct } from './things.ts'

/** A pool's key has a slash there. */
export function bucketKey(classCode: string, code: string): string {
  return `${classCode}*${code}`
}

/** Those of the list that count for the class on the run, in order. */
export function offeredOn(
  products: readonly FareProduct[],
  run: Run,
  classCode: string,
): readonly FareProduct[] {
  return products.filter(
    (of) =>
      (of.classCode === '' || of.classCode === classCode) &&
      run.train.number.startsWith(of.trainPrefix),
  )
}

/** 0 where none is left, whatever was sold under other rules. */
export function placesLeft(
  { inventory }: Run,
  classCode: string,
  offered: readonly FareProduct[],
  product: FareProduct,
  from: number,
  to: number,
): number {
  const first = offered.indexOf(product)
  let left = product.places
  for (let segment = from; segment < to; segment++) {
    let sold = 0
    for (const [i, { code, places }] of offered.entries()) {
      sold += inventory?.pools?.get(bucketKey(classCode, code))?.[segment] ?? 0
      if (i >= first) left = Math.min(left, places - sold)
    }
  }
  return Math.max(left, 0)
}

/** What the booking was sold as; undefined: the full fare. */
export function soldAs(state: BookingState, { bookingId }: Booking): FareProduct | undefined {
  if (state.bookingProducts.size === 0) return undefined
  const sold = state.bookingProducts.get(bookingId)
  return sold && productOf(state, sold)
}

function productOf(state: BookingState, { ruleId, code }: BookingProduct): FareProduct | undefined {
  return state.fareProducts
    .find((rule) => rule.ruleId === ruleId)
    ?.products.find((of) => of.code === code)
}

/** Places of the booking's product; most bookings have none. */
export function countInBucket(state: BookingState, booking: Booking, by: number): void {
  if (state.bookingProducts.size === 0) return
  const sold = state.bookingProducts.get(booking.bookingId)
  const { run, classCode, fromStop, toStop } = booking
  if (sold?.counts !== true || run.inventory === undefined) return
  countPool(run.inventory, bucketKey(classCode, sold.code), fromStop, toStop, by)
}

/** Whether an expired booking's places can be counted again, by the rule that it was sold under. */
export function hasBucketAgain(state: BookingState, booking: Booking): boolean {
  if (state.bookingProducts.size === 0) return true
  const sold = state.bookingProducts.get(booking.bookingId)
  const rule = sold && state.fareProducts.find(({ ruleId }) => ruleId === sold.ruleId)
  const product = sold && productOf(state, sold)
  if (rule === undefined || product === undefined) return true
  const { run, classCode, fromStop, toStop, passengers } = booking
  const offered = offeredOn(rule.products, run, classCode)
  return placesLeft(run, classCode, offered, product, fromStop, toStop) >= passengers
}

export function keepProduct(work: Work, { bookingId }: Booking, of: SoldAs): void {
  const { ruleId, product } = of
  const sold = { hashLow: 0, hashHigh: 0, bookingId, ruleId, code: product.code, counts: true }
  work.state.bookingProducts.set(bookingId, sold)
  writeRow(work, 'booking_products', sold)
}

export interface SoldAs {
  readonly ruleId: number
  readonly product: FareProduct
}

/** A booking that the railway moves keeps its conditions, and takes nobody's place at a product. */
export function leaveBucket(work: Work, { bookingId }: Booking): void {
  const sold = work.state.bookingProducts.get(bookingId)
  if (sold?.counts !== true) return
  sold.counts = false
  writeRow(work, 'booking_products', sold)
}
