/** The portions in which a disruption is worked off, in an order that follows from the rows alone. */
import { mustBeCluster } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { ContinueDisruption } from '../commands.ts'
import { continueConsist } from '../consist/continue.ts'
import { closeChoice, loseTrain, refundWhole } from '../disruption/hit.ts'
import { comeLate } from '../disruption/late.ts'
import { type Disruption, isMoving } from '../disruption/things.ts'
import { expireIfDue } from '../expiry.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { losesTrain } from './cancel-run.ts'
import { releaseTrip } from './release-hold.ts'

/** Bookings of the run that one entry looks at. */
const LOOKED_AT = 200
/** Of a run that is late: each may be paid, and miss the next train. */
const LATE_LOOKED_AT = 50
/** Refunds that one entry queues: each writes up to a dozen rows. */
const REFUNDED = 100

export function continueDisruption(work: Work, { disruptionId }: ContinueDisruption): Reply {
  const { meta, disruption: about } = work.state
  const refusal = firstInvalid([[isId(disruptionId), 'disruptionId']]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const disruption = about.disruptions.get(disruptionId)
  if (disruption === undefined) return refuse('disruptionNotFound')
  work.subject = `run:${disruption.runId}`
  if (disruption.phase === 'ending') endSome(work, disruption)
  else if (isMoving(disruption)) continueConsist(work, disruption)
  else {
    const isDue = disruption.phase === 'choosing' && disruption.choiceUntilMs <= meta.nowMs
    if (!isDue) return refuse('nothingDue')
    payOpen(work, disruption)
  }
  writeRow(work, 'disruptions', disruption)
  return { type: 'done' }
}

function endSome(work: Work, disruption: Disruption): void {
  const { bookings } = work.state
  const isLate = disruption.kind === 'runDelayed'
  let left = isLate ? LATE_LOOKED_AT : LOOKED_AT
  for (const bookingId of bookings.idsOnRun(disruption.runId, disruption.cursor)) {
    if (left-- === 0) return
    disruption.cursor = bookingId
    const booking = bookings.get(bookingId)
    if (booking === undefined) continue
    if (isLate) comeLate(work, booking, disruption)
    else end(work, booking, disruption)
  }
  disruption.phase = 'choosing'
  if (isLate && disruption.open.size === 0) finish(work, disruption)
}

function end(work: Work, booking: Booking, disruption: Disruption): void {
  expireIfDue(work, booking)
  if (booking.status === 'confirmed') {
    if (losesTrain(booking)) loseTrain(work, booking, disruption)
  } else if (booking.status === 'held' || booking.status === 'paying') releaseTrip(work, booking)
}

/** Who has not chosen gets the money; or has the next train still, which was not lost. */
function payOpen(work: Work, disruption: Disruption): void {
  const { bookings } = work.state
  const next = [...disruption.open].sort((a, b) => a - b).slice(0, REFUNDED)
  for (const bookingId of next) {
    const booking = bookings.get(bookingId)
    if (booking === undefined) continue
    if (disruption.kind === 'runDelayed') closeChoice(work, booking, 'kept')
    else refundWhole(work, booking)
  }
  if (disruption.open.size === 0) finish(work, disruption)
}

function finish({ state }: Work, disruption: Disruption): void {
  disruption.phase = 'over'
  state.disruption.unsettled.delete(disruption)
}
