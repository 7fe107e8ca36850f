/** More places were promised than there are seats: who booked last has none, and chooses another train or the money. */
import { addToCounter } from '../counters.ts'
import { loseTrain } from '../disruption/hit.ts'
import { disruptionRuleAt } from '../disruption/rules.ts'
import type { Disruption } from '../disruption/things.ts'
import { expireIfDue } from '../expiry.ts'
import { releaseTrip } from '../handlers/release-hold.ts'
import { isLater, laterOn, openSeats } from '../inventory/later.ts'
import type { ClassLayout } from '../inventory/layout.ts'
import { claimOf, liveSeats } from '../live.ts'
import { type Work, writeRow } from '../store.ts'
import { type Booking, type Run, unhashed } from '../things.ts'

/** One party, where there are too few seats; false: there are enough. */
export function turnOneAway(work: Work, run: Run): boolean {
  for (const of of run.layout.classes) {
    const segment = overbookedOn(run, of)
    const booking = segment === undefined ? undefined : lastWith(work, run, of, segment)
    if (booking === undefined) continue
    turnAway(work, booking)
    return true
  }
  return false
}

/** The first segment with fewer open seats than places. */
function overbookedOn({ inventory, layout }: Run, of: ClassLayout): number | undefined {
  const later = laterOn(inventory, of)
  if (inventory === undefined || later === undefined) return undefined
  const open = openSeats(inventory, layout.classAt, of)
  const segment = later.findIndex((places, at) => places > (open[at] as number))
  return segment < 0 ? undefined : segment
}

/** Of those without a seat on the segment who booked last. */
function lastWith(
  { state }: Work,
  run: Run,
  of: ClassLayout,
  segment: number,
): Booking | undefined {
  for (const bookingId of state.bookings.idsOnRun(run.runId)) {
    const booking = state.bookings.get(bookingId)
    if (booking === undefined || claimOf(booking.status) === undefined) continue
    const isThere = booking.fromStop <= segment && segment < booking.toStop
    if (isThere && booking.classCode === of.classCode && isLater(liveSeats(booking))) return booking
  }
  return undefined
}

/** What is only held is free, and nobody is charged. */
function turnAway(work: Work, booking: Booking): void {
  expireIfDue(work, booking)
  if (booking.status === 'held' || booking.status === 'paying') releaseTrip(work, booking)
  if (booking.status !== 'confirmed') return
  const disruption = disruptionOf(work, booking.run)
  loseTrain(work, booking, disruption, 'overbooked')
  writeRow(work, 'disruptions', disruption)
}

/** One for all of the run, as long as somebody may choose. */
function disruptionOf(work: Work, { runId }: Run): Disruption {
  const { disruption: about, meta } = work.state
  for (const known of about.unsettled) {
    if (known.runId === runId && known.kind === 'overbooked') return known
  }
  const { nowMs } = meta
  const disruption: Disruption = {
    ...unhashed,
    disruptionId: addToCounter(work, 'disruptions', 1),
    ...{
      kind: 'overbooked',
      runId,
      fromStop: 0,
      reason: 'other',
      begunAtMs: nowMs,
      phase: 'choosing',
    },
    ...{ cursor: 0, choiceUntilMs: nowMs + disruptionRuleAt(work.state, nowMs).choiceMs },
    ...{ bookings: 0, moved: 0, open: new Set() },
  }
  about.disruptions.set(disruption.disruptionId, disruption)
  about.unsettled.add(disruption)
  return disruption
}
