/** What a disruption does to a booking, and what it looks at. */
import { changeOf } from './disruption-basics.ts'
import { tell } from './notice-commands.ts'
import { ruleInForce } from './rule-commands.ts'
import type { ModelBooking, ModelDisruption, World } from './world.ts'

export function loseTrain(
  world: World,
  booking: ModelBooking,
  disruption: ModelDisruption,
  kind: 'trainCancelled' | 'seatsLost' | 'overbooked' = 'trainCancelled',
): void {
  world.changes.push(changeOf(world, booking, kind, disruption.reason))
  booking.offer = undefined
  booking.status = 'disrupted'
  world.hits = world.hits.filter((hit) => hit.bookingId !== booking.id)
  world.hits.push({ bookingId: booking.id, disruptionId: disruption.id, outcome: 'open' })
  disruption.bookings++
  const { runId, choiceUntil } = disruption
  const notices = { trainCancelled: 'runCancelled', seatsLost: 'seatsLost', overbooked: 'noSeats' }
  const notice = notices[kind] as 'runCancelled' | 'seatsLost' | 'noSeats'
  tell(world, booking.accountId, booking.id, notice, { runId, choiceUntilMs: choiceUntil })
}

export function rulesAt(
  world: World,
  instant: number,
): World['compensationRules'][number] | undefined {
  return ruleInForce(world.compensationRules, instant)
}
