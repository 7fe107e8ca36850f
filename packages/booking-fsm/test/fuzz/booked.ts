/** What is done with a booking that is there. */
import { refundAt } from '../../src/cancellation.ts'
import type { Command } from '../../src/commands.ts'
import { dueMinor } from '../../src/exchanges.ts'
import { ticketsOf } from '../../src/queries/tickets.ts'
import { leadOf } from '../../src/trips.ts'
import type { Railway } from '../world.ts'
import { archivedTicket } from './archive.ts'
import { bookingFrom, type FuzzRailway, oneOf } from './bookings.ts'
import { chargebackCommands } from './chargebacks.ts'

export function bookedCommands(world: FuzzRailway, draw: () => number): readonly Command[] {
  const { state } = world
  // Who waits is seldom among the others.
  const waiter = draw() % 6 === 0 ? oneOf([...state.waiting.keys()], draw) : undefined
  const bookingId = waiter ?? bookingFrom(world, draw)
  const booking = state.bookings.get(bookingId)
  const withOffer = (draw() % 2 === 0 && oneOf([...state.offers.keys()], draw)) || bookingId
  const price = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
  const refund = booking === undefined ? 0 : refundAt(state, booking, world.nowMs)
  const passengers = [0, 1, 2, 5].filter(() => draw() % 3 === 0)
  return [
    { type: 'leaveWaitingList', bookingId },
    { type: 'releaseHold', bookingId },
    { type: 'extendHold', bookingId },
    {
      type: 'startPayment',
      bookingId,
      paymentToken: 'tok',
      amountMinor: price + (draw() % 4 === 0 ? 1 : 0),
    },
    {
      type: 'cancelBooking',
      bookingId,
      expectedRefundMinor: draw() % 2 === 0 ? refund : price,
    },
    { type: 'offerRefund', bookingId, passengers },
    {
      type: 'acceptRefund',
      bookingId: withOffer,
      offerId: draw() % 4 === 0 ? 1 + (draw() % 9) : (state.offers.get(withOffer)?.offerId ?? 1),
      payLater: draw() % 2 === 0,
    },
    { type: 'payRefund', bookingId },
    ...chargebackCommands(world, draw, bookingId),
    { type: 'confirmBooking', bookingId },
    { type: 'issueTickets', bookingId, passengers },
    {
      type: 'inspectTicket',
      ticketNumber: ticketNumberFrom(world, draw),
      runId: 1 + (draw() % state.meta.nextRunId),
      stop: draw() % 4,
      atMs: world.nowMs,
      deviceId: `gate-${draw() % 2}`,
      scanId: `scan-${draw() % 9}`,
    },
  ]
}

/** One that was made, or one that never was. */
function ticketNumberFrom({ state }: Railway, draw: () => number): string {
  const all = [...state.tickets.keys()].flatMap((id) => ticketsOf(state, id))
  const archived = draw() % 2 === 0 ? archivedTicket.number : 'ABCDEFGHJ'
  return all[draw() % (all.length + 1)]?.ticketNumber ?? archived
}
