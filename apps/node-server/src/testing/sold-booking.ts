import { type JourneyView, pendingOutbox, searchJourneys } from '@quorail/booking-fsm'
import type { MemoryHost } from './memory-host.ts'

const day = 86_400_000

/** A journey of the demo's timetable, two days ahead. */
export function demoJourney(host: MemoryHost): JourneyView {
  const now = host.nowMs()
  for (let pair = 0; pair < 900; pair++) {
    const [journey] = searchJourneys(host.state, {
      fromStationId: 1 + (pair % 30),
      toStationId: 1 + Math.floor(pair / 30),
      earliestMs: now + 2 * day,
      latestMs: now + 3 * day,
      nowMs: now,
      passengers: 2,
      limit: 1,
    })
    if (journey !== undefined && journey.classes.length > 0) return journey
  }
  throw new Error('the demo timetable has no journey')
}

/** An account, by its email. */
export function registered(
  host: MemoryHost,
  email: string,
  role: 'passenger' | 'agent' | 'staff' | 'operator' = 'passenger',
): number {
  const reply = host.run({
    type: 'registerAccount',
    email,
    displayName: email.split('@')[0] ?? email,
    passwordHash: 'hash',
    role,
  })
  if (reply.type !== 'accountRegistered') throw new Error(JSON.stringify(reply))
  return reply.accountId
}

/** Held, paid, authorised and captured. */
export function soldBooking(host: MemoryHost, accountId: number, names = ['Ann', 'Ben']): number {
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const held = host.run(
    {
      type: 'holdSeats',
      runId,
      fromStop,
      toStop,
      classCode: classes[0]?.classCode ?? '',
      passengers: names.map((name) => ({ name })),
      seats: [],
    },
    accountId,
  )
  if (held.type !== 'seatsHeld') throw new Error(JSON.stringify(held))
  const { bookingId, priceMinor: amountMinor } = held
  host.run({ type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor }, accountId)
  settleEffects(host)
  return bookingId
}

/** The payment provider does what is asked, until nothing is. */
export function settleEffects(host: MemoryHost): void {
  for (;;) {
    const [effect] = pendingOutbox(host.state, 1)
    if (effect === undefined) return
    const outcome = { type: 'done', providerReference: `ref-${effect.outboxId}` } as const
    host.run({ type: 'recordOutcome', outboxId: effect.outboxId, outcome })
  }
}
