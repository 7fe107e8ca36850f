/** Reads of one booking: what they show is what the log has at their index. */
import type { Operation, Status } from '../history.ts'
import { type Bookings, isDoneAt, type SoldBooking } from './bookings.ts'
import type { Finding } from './finding.ts'
import { describe } from './index-bounds.ts'

export function judgeBookingReads(operations: readonly Operation[], bookings: Bookings): Finding[] {
  const reads = operations.flatMap((operation) => {
    const { call, outcome } = operation
    if (call.kind !== 'booking' || outcome.type !== 'done') return []
    const { answer, index } = outcome
    const booking = bookings.get(call.bookingId)
    return answer.kind === 'booking' && booking !== undefined
      ? [{ operation, booking, answer, index }]
      : []
  })
  reads.sort((a, b) => a.index - b.index)
  const confirmedSince = new Map<number, number>()
  return reads.flatMap(({ operation, booking, answer, index }): Finding[] => {
    const { bookingId } = booking
    const wasConfirmed = (confirmedSince.get(bookingId) ?? Infinity) < index
    if (answer.status === 'CONFIRMED' && !wasConfirmed) confirmedSince.set(bookingId, index)
    const isOwn = answer.name === booking.hold.name && answer.seat === booking.answer.seat
    const may = possibleStatuses(booking, index)
    const turnedBack = wasConfirmed && answer.status === 'PAYING'
    if (isOwn && may.has(answer.status) && !turnedBack) return []
    const sentence = `${describe(operation)} shows ${answer.status}, seat ${answer.seat}, ${answer.name} at index ${index}; it should show ${[...may].join(' or ')}, seat ${booking.answer.seat}, ${booking.hold.name}.`
    return [{ code: 'wrongRead', sentence }]
  })
}

function possibleStatuses(booking: SoldBooking, index: number): Set<Status> {
  const ended = isDoneAt(booking.ended, index)
  const may = new Set<Status>()
  if (ended !== false && booking.endedBy !== undefined) may.add(booking.endedBy)
  if (ended === true) return may
  const paid = isDoneAt(booking.paid, index)
  if (paid !== true) may.add('HELD')
  if (paid !== false) may.add('PAYING').add('CONFIRMED')
  return may
}
