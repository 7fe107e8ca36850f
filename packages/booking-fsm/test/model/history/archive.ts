/** Draws what is about the archive: runs that are long over, and complaints about what was on them. */
import type { Command } from '../../../src/index.ts'
import { isLongOver } from '../archive-commands.ts'
import { type Asked, type Draw, oneIn, pick, staff } from '../draws.ts'
import { payerOf, type World } from '../world.ts'

/** A time comes when much that was sold is long over. */
export function isMuchLater(world: World, twist: number): boolean {
  const sold = world.bookings.filter((b) => ['confirmed', 'cancelled'].includes(b.status))
  return twist % 8 < Math.min(3, sold.length)
}

/** A few days more than a month: what was sold till now is over then. */
export const longLater = 33 * 86_400_000

export function archiving(world: World, draw: Draw): Asked {
  if (world.archived.length > 0 && oneIn(4, draw)) return complaint(world, draw)
  const waits = oneIn(2, draw) ? undefined : unanswered(world)
  if (waits !== undefined) {
    const outcome = { type: 'done', providerReference: `ref-${waits}` } as const
    return { actor: 0, command: { type: 'recordOutcome', outboxId: waits, outcome } }
  }
  const due = world.runs.filter((run) => run.importId === 0 && isLongOver(world, run))
  const run = pick(due.length > 0 && !oneIn(12, draw) ? due : world.runs, draw)
  const runId = oneIn(30, draw) ? draw() % 9 : (run?.id ?? 1)
  const belowBookingId = oneIn(9, draw) ? draw() % 40 : 0
  const actor = oneIn(30, draw) ? staff(world, draw) : 0
  return { actor, command: { type: 'archiveRun', runId, belowBookingId } }
}

/** What keeps a booking on a run that is long over. */
function unanswered(world: World): number | undefined {
  const over = world.runs.filter((run) => isLongOver(world, run)).map(({ id }) => id)
  const on = world.bookings.filter((b) => over.includes(b.runId)).map(payerOf)
  const payments = world.payments.filter((p) => on.includes(p.bookingId)).map(({ id }) => id)
  return world.effects.find((e) => !e.answered && payments.includes(e.paymentId))?.id
}

/** What may be asked about a booking that is archived, and must be refused or done. */
function complaint(world: World, draw: Draw): Asked {
  const sold = world.archived.filter((b) => ['confirmed', 'cancelled'].includes(b.status))
  const likely = sold.length > 0 && !oneIn(4, draw) ? sold : world.archived
  const booking = pick(likely.slice(-30), draw)
  const bookingId = booking?.id ?? 1
  const owner = booking?.accountId ?? 1
  if (oneIn(2, draw)) {
    const able = world.accounts.filter(({ role }) => ['staff', 'operator'].includes(role))
    const all = [...(booking?.passengers.keys() ?? [0])]
    const passengers = oneIn(3, draw) ? all : all.slice(draw() % all.length)
    const kept = passengers.reduce((sum, at) => {
      const { price = 0, refund = 0, compensated = 0 } = booking?.passengers[at] ?? {}
      return sum + price - refund - compensated
    }, 0)
    const some = 1 + (draw() % Math.max(1, Math.min(kept, 9_000)))
    const amountMinor = oneIn(4, draw) ? Math.max(1, kept) : some
    const actor = oneIn(9, draw) ? staff(world, draw) : (pick(able, draw)?.id ?? 0)
    const why = { reason: 'staffError', note: 'It was found out later.' } as const
    return {
      actor,
      command: { type: 'overrideRefund', bookingId, passengers, amountMinor, ...why },
    }
  }
  const commands: Command[] = [
    { type: 'payRefund', bookingId },
    { type: 'cancelBooking', bookingId, expectedRefundMinor: 0 },
    { type: 'offerRefund', bookingId, passengers: [] },
    { type: 'issueTickets', bookingId, passengers: [] },
    { type: 'takeRefund', bookingId },
    { type: 'releaseHold', bookingId },
  ]
  const actor = oneIn(4, draw) ? staff(world, draw) : owner
  return { actor, command: pick(commands, draw) as Command }
}
