import { mustBeStaff, noBooking, ownBooking } from '../actors.ts'
import { checkLength, firstInvalid, isId, isInt } from '../checks.ts'
import type { IssueTickets } from '../commands.ts'
import { arrivalMs } from '../fares.ts'
import { travelling } from '../live.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { MAX_VERSION, ticketNumber } from '../tickets/number.ts'
import { keepTicket, type Ticket } from '../tickets/ticket.ts'

export function issueTickets(work: Work, command: IssueTickets): Reply {
  const { state } = work
  const { bookingId, passengers } = command
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']]) ?? checkPositions(passengers)
  if (refusal !== undefined) return refusal
  const isStaff = mustBeStaff(work) === undefined
  const booking = isStaff ? state.bookings.get(bookingId) : ownBooking(work, bookingId)
  if (booking === undefined) return noBooking(work, bookingId, isStaff)
  if (booking.status === 'cancelled') return refuse('alreadyCancelled')
  if (booking.status !== 'confirmed') return refuse('notConfirmed')
  if (arrivalMs(booking.run, booking.toStop) <= state.meta.nowMs) return refuse('runDeparted')
  const there = travelling(booking)
  const named = passengers.length > 0
  const isValid = (position: number) => ticketOf(work, booking, position)?.voidedAtMs === 0
  const getting = named ? passengers : there.filter((position) => !isValid(position))
  for (const [i, position] of getting.entries()) {
    const field = named ? `passengers[${i}]` : 'passengers'
    if (position >= booking.passengers) return invalid(field)
    if (!there.includes(position)) return refuse('passengerCancelled', { field })
    // Who was seen on the train could else be somebody who has missed it.
    if (!isStaff && isInUse(ticketOf(work, booking, position)))
      return refuse('alreadyInspected', { field })
    if ((ticketOf(work, booking, position)?.version ?? 0) >= MAX_VERSION) {
      return refuse('tooMany', { field, figure: MAX_VERSION })
    }
  }
  for (const position of getting) issue(work, booking, position)
  const tickets = (named ? passengers : there).map((position) => {
    const version = ticketOf(work, booking, position)?.version ?? 0
    return {
      position,
      ticketNumber: ticketNumber(state.meta.pnrKey, { bookingId, position, version }),
    }
  })
  return { type: 'ticketsIssued', tickets }
}

function isInUse(ticket: Ticket | undefined): boolean {
  return ticket?.voidedAtMs === 0 && ticket.scan !== undefined
}

function ticketOf({ state }: Work, { bookingId }: Booking, position: number): Ticket | undefined {
  return state.tickets.get(bookingId)?.find((it) => it.position === position)
}

/** A ticket of a higher version: the one before is void by that alone. */
function issue(work: Work, booking: Booking, position: number): void {
  const { meta } = work.state
  const { bookingId } = booking
  const earlier = ticketOf(work, booking, position)
  const ticket: Ticket = earlier ?? {
    hashLow: 0,
    hashHigh: 0,
    bookingId,
    position,
    version: 0,
    issuedAtMs: 0,
    voidedAtMs: 0,
    scan: undefined,
  }
  if (earlier === undefined) keepTicket(work.state, ticket)
  ticket.version++
  ticket.issuedAtMs = meta.nowMs
  ticket.voidedAtMs = 0
  ticket.scan = undefined
  writeRow(work, 'tickets', ticket)
}

function checkPositions(passengers: readonly number[]): Refusal | undefined {
  const length = checkLength(passengers, 0, 6, 'passengers')
  if (length !== undefined) return length
  let least = 0
  for (const [i, position] of passengers.entries()) {
    if (!isInt(position, least, 5)) return invalid(`passengers[${i}]`)
    least = position + 1
  }
  return undefined
}
