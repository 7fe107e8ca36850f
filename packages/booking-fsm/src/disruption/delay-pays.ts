/** What passengers had for delays, beside what it was given back of. */
import { type Work, writeRow } from '../store.ts'
import { type Booking, unhashed } from '../things.ts'

export function keepPay(
  work: Work,
  { bookingId }: Booking,
  { position, amountMinor }: { readonly position: number; readonly amountMinor: number },
  lateMinutes: number,
): void {
  const { disruption, meta } = work.state
  const before = disruption.delayPays.get(bookingId) ?? []
  let pay = before.find((it) => it.position === position)
  if (pay === undefined) {
    const none = { lateMinutes: 0, amountMinor: 0, atMs: 0 }
    pay = { ...unhashed, bookingId, position, ...none }
    const all = [...before, pay].sort((a, b) => a.position - b.position)
    disruption.delayPays.set(bookingId, all)
  }
  pay.lateMinutes = lateMinutes
  pay.amountMinor += amountMinor
  pay.atMs = meta.nowMs
  writeRow(work, 'delay_compensations', pay)
}

/** The fare turned out not to be paid: there was nothing to give back of it. */
export function withdrawDelayPay(work: Work, { bookingId }: Booking): void {
  for (const pay of work.state.disruption.delayPays.get(bookingId) ?? []) {
    pay.amountMinor = 0
    writeRow(work, 'delay_compensations', pay)
  }
}
