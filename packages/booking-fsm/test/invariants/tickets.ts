import { ticketsOf } from '../../src/queries/tickets.ts'
import { type Seen, type Step, travellers } from './check.ts'

/** Who travels on a confirmed booking has one valid ticket at most, everybody else none; no number twice. */
export function ticketProblem({ state, scope }: Step, { tickets }: Seen): string | undefined {
  for (const booking of scope.bookings) {
    const { bookingId, status } = booking
    const going = status === 'confirmed' ? travellers(booking) : []
    const valid: number[] = []
    for (const { ticketNumber, position, version, voidedAtMs } of ticketsOf(state, bookingId)) {
      const name = `${bookingId} ${position} ${version}`
      const owner = tickets.get(ticketNumber) ?? name
      if (owner !== name) return `the ticket ${ticketNumber} is there twice: ${owner}, ${name}`
      tickets.set(ticketNumber, name)
      if (voidedAtMs > 0) continue
      if (!going.includes(position)) return `${name} does not travel and has a ticket`
      if (valid.includes(position)) return `${name} has two tickets`
      valid.push(position)
    }
  }
  return undefined
}
