import type { BookingState } from '../../src/state.ts'
import type { Booking, Run } from '../../src/things.ts'
import { type Check, isLive, travellers } from './check.ts'

/** Who has a place at one of the products on the segment, in the class of the run. */
function soldAt(
  state: BookingState,
  bookings: readonly Booking[],
  run: Run,
  classCode: string,
  codes: readonly string[],
  segment: number,
): number {
  let sold = 0
  for (const booking of bookings) {
    const product = state.bookingProducts.get(booking.bookingId)
    if (product?.counts !== true || !codes.includes(product.code)) continue
    if (booking.run !== run || booking.classCode !== classCode || !isLive(booking)) continue
    if (booking.fromStop <= segment && segment < booking.toStop) sold += travellers(booking).length
  }
  return sold
}

export const productChecks: Readonly<Record<string, Check>> = {
  F1: ({ state, scope, entry }) => {
    for (const run of scope.runs) {
      for (const [key, counts] of run.inventory?.pools ?? []) {
        const [classCode = '', code] = key.split('*')
        if (code === undefined) continue
        for (const [segment, counted] of counts.entries()) {
          if (soldAt(state, scope.liveOn(run), run, classCode, [code], segment) !== counted) {
            return `run ${run.runId}: the places at ${code} on segment ${segment}`
          }
        }
      }
    }
    for (const booking of scope.bookings) {
      const { bookingId, run, classCode, heldAtIndex } = booking
      const product = state.bookingProducts.get(bookingId)
      if (product === undefined || heldAtIndex !== entry.index || !isLive(booking)) continue
      const rule = state.fareProducts.find(({ ruleId }) => ruleId === product.ruleId)
      const offered = rule?.products.filter(
        (of) => of.classCode === '' || of.classCode === classCode,
      )
      const there = offered?.filter((of) => run.train.number.startsWith(of.trainPrefix)) ?? []
      const first = there.findIndex(({ code }) => code === product.code)
      if (first < 0) return `booking ${bookingId} has a product that nobody sells`
      for (const [i, { places, code }] of there.entries()) {
        if (i < first) continue
        const codes = there.slice(0, i + 1).map((of) => of.code)
        for (let segment = booking.fromStop; segment < booking.toStop; segment++) {
          const sold = soldAt(state, scope.liveOn(run), run, classCode, codes, segment)
          if (sold > places) return `run ${run.runId}: ${sold} places of ${places} up to ${code}`
        }
      }
    }
    return undefined
  },
}
