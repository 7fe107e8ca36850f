/** What leaves the memory is neither lost nor there twice, and the money that may still go back is there. */
import type { Stub } from '../../src/archive/things.ts'
import type { BookingState } from '../../src/state.ts'
import type { Check } from './check.ts'

export const archiveChecks: Readonly<Record<string, Check>> = {
  /** Each booking is in memory or in the archive; none on a run that is not there any more. */
  D1: ({ state, bookings, scope }) => {
    for (const { bookingId, run } of scope.bookings) {
      if (state.archive.has(bookingId)) return `${bookingId} is in memory and in the archive`
      if (!state.runs.has(run.runId)) return `${bookingId} is on a run that is not there`
    }
    const last = state.meta.nextBookingId - 1
    const ids = scope.thorough ? Array.from({ length: last }, (_, i) => i + 1) : scope.ids
    for (const id of ids) {
      if (!bookings.has(id) && !state.archive.has(id)) return `booking ${id} is lost`
    }
    return undefined
  },

  /** Of a family: what is kept, owed and on its way is at most what is left of its payments. */
  D2: ({ state, scope }) => {
    if (!scope.touches('booking_stubs', 'payment_stubs', 'outbox')) return undefined
    for (const [familyId, stubs] of familiesOf(state)) {
      let [due, left] = [0, 0]
      for (const { bookingId, fares, owedMinor } of stubs) {
        if (bookingId !== familyId && owedMinor !== 0) return `${bookingId} owes by itself`
        for (const { keptMinor } of fares) {
          if (keptMinor < 0) return `${bookingId} keeps ${keptMinor}`
          due += keptMinor
        }
        due += owedMinor
        const payment = state.archive.paymentOf(bookingId)
        if (payment === undefined) continue
        left += payment.leftMinor
        for (const { amountMinor } of state.archive.effectsOf(payment.paymentId)) due += amountMinor
      }
      if (due > left) return `${familyId}: ${due} may go back of ${left}`
    }
    return undefined
  },
}

function familiesOf({ archive, meta }: BookingState): Map<number, Stub[]> {
  const families = new Map<number, Stub[]>()
  for (let id = 1; archive.size > 0 && id < meta.nextBookingId; id++) {
    const stub = archive.get(id)
    if (stub === undefined) continue
    families.set(stub.familyId, [...(families.get(stub.familyId) ?? []), stub])
  }
  return families
}
