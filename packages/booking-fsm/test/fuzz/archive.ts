/** Two runs of long ago: of one everything is in the archive, the other is still to go there. */
import type { Command, RequestKey } from '../../src/commands.ts'
import { ticketsOf } from '../../src/queries/tickets.ts'
import { confirmed, DAY, done, hold, key, MONDAY, must, pay, type Railway, send } from '../world.ts'

/** So long before Monday the world begins. */
export const LONG_BEFORE = 60 * DAY
/** A request that a booking in the archive answers for. */
export const archivedKey: RequestKey = key('archived', { principal: 'a:1' })
/** Filled when the world is made: a ticket of that booking. */
export const archivedTicket = { number: '' }

/** Who has made what is in the archive, by the booking's id. */
export const archivedOwners: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 1],
  [3, 3],
])

/** Ann's, one of staff, and Bob's that is still there. The clock is on Monday then. */
export function archiveSome(world: Railway): void {
  const { ann, bob, trainId } = world
  const [serviceDate, baseMs] = [20261004, MONDAY - 50 * DAY]
  const add = { type: 'addRuns', importId: undefined, trainId, trainNumber: '' } as const
  const dates = [0, 1].map((day) => ({
    serviceDate: serviceDate + day,
    baseMs: baseMs + day * DAY,
  }))
  const { runIds } = must(send(world, { ...add, runs: dates }), 'runsAdded')
  const [gone = 0, due = 0] = runIds
  const by = { actor: ann, key: archivedKey }
  const booking = must(send(world, hold(gone, { passengers: 2 }), by), 'seatsHeld')
  must(pay(world, ann, booking), 'paymentStarted')
  must(done(world, 1), 'done')
  must(done(world, 2), 'done')
  const { bookingId } = booking
  must(send(world, { type: 'issueTickets', bookingId, passengers: [] }), 'ticketsIssued')
  archivedTicket.number = ticketsOf(world.state, bookingId)[0]?.ticketNumber ?? ''
  must(send(world, hold(gone), { actor: ann }), 'seatsHeld')
  // Staff, who have a till.
  confirmed(world, 3, gone)
  must(send(world, hold(due), { actor: bob }), 'seatsHeld')
  world.nowMs = MONDAY
  must(send(world, { type: 'archiveRun', runId: gone, belowBookingId: 0 }), 'runArchived')
}

export function archiveCommands({ state }: Railway, draw: () => number): Command[] {
  const runId = 1 + (draw() % state.meta.nextRunId)
  return [{ type: 'archiveRun', runId, belowBookingId: draw() % 3 === 0 ? draw() % 9 : 0 }]
}
