/** The life of each booking as the clients made it: held, perhaps paid, perhaps cancelled or released. */
import type { BookingAnswer, HoldCall, Operation } from '../history.ts'
import type { Bounds } from './index-bounds.ts'

export interface SoldBooking {
  readonly bookingId: number
  readonly hold: HoldCall
  readonly answer: BookingAnswer
  readonly held: Bounds
  readonly paid: Bounds | undefined
  /** Cancelled or released: the seat is free again. */
  readonly ended: Bounds | undefined
  readonly endedBy: 'CANCELLED' | 'RELEASED' | undefined
}

export type Bookings = ReadonlyMap<number, SoldBooking>

/** Two holds that were given the same booking: the earlier one is lost. They are told by `twice`. */
export function bookingsOf(
  operations: readonly Operation[],
  bounds: ReadonlyMap<Operation, Bounds>,
  twice: (operation: Operation) => void,
): Bookings {
  const bookings = new Map<number, SoldBooking>()
  for (const operation of operations) {
    const { call, outcome } = operation
    const held = bounds.get(operation)
    if (call.kind !== 'hold' || outcome.type !== 'done' || held === undefined) continue
    if (outcome.answer.kind !== 'booking') continue
    const { answer } = outcome
    if (bookings.has(answer.bookingId)) twice(operation)
    bookings.set(answer.bookingId, {
      ...{ bookingId: answer.bookingId, hold: call, answer, held },
      ...{ paid: undefined, ended: undefined, endedBy: undefined },
    })
  }
  for (const operation of operations) {
    const { call, outcome } = operation
    const at = bounds.get(operation)
    if (outcome.type !== 'done' || at === undefined) continue
    if (call.kind !== 'pay' && call.kind !== 'cancel' && call.kind !== 'release') continue
    const booking = bookings.get(call.bookingId)
    if (booking === undefined) continue
    const after = { low: Math.max(at.low, booking.held.low + 1), high: at.high }
    const endedBy = call.kind === 'cancel' ? 'CANCELLED' : 'RELEASED'
    const change = call.kind === 'pay' ? { paid: after } : { ended: after, endedBy }
    bookings.set(call.bookingId, { ...booking, ...change } as SoldBooking)
  }
  return bookings
}

/** Whether it was done at this index: yes, no, or not known. */
export function isDoneAt(bounds: Bounds | undefined, index: number): boolean | undefined {
  if (bounds === undefined || index < bounds.low) return false
  return index >= bounds.high ? true : undefined
}
