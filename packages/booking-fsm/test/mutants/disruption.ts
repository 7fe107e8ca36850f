/** Planted bugs in what becomes of bookings when the railway does not keep what it sold. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const disruptionMutants: readonly Mutant[] = [
  mutant(
    'a run that is cancelled is sold on',
    'handlers/hold-seats.ts',
    "  if (run.cancelled) return refuse('runCancelled')\n",
    '',
  ),
  mutant(
    'a new leader does not know that the run is cancelled',
    'loading/disruption.ts',
    'run.cancelled = true\n',
    '\n',
  ),
  mutant(
    'a new leader goes through the bookings of a cancelled run again, and refunds who has chosen',
    'loading/disruption.ts',
    "if (outcome === 'open') disruption.open.add(bookingId)",
    'disruption.open.add(bookingId)',
  ),
  mutant(
    'who has taken another train is paid back all the same',
    'disruption/hit.ts',
    'disruptions.get(hit.disruptionId)?.open.delete(hit.bookingId)',
    '',
  ),
  mutant(
    'who is rebooked pays for the other train',
    'handlers/rebook-free.ts',
    '  moveBooking(state, booking, run, fromStop, toStop, chosen)\n',
    '  moveBooking(state, booking, run, fromStop, toStop, chosen)\n  booking.priceEachMinor += 100\n',
  ),
  mutant(
    'who is rebooked is told of money that comes back',
    'handlers/rebook-free.ts',
    "noteChange(work, booking, 'rebooked', disruption.reason)",
    "noteChange(work, booking, 'rebooked', disruption.reason, { lost: [], backs: [100] })",
  ),
  foundBy(
    'handlers/cancel-run.test.ts',
    mutant(
      'who takes the money stays open, and is paid once more',
      'disruption/hit.ts',
      "  closeChoice(work, booking, 'refunded')\n",
      '',
    ),
  ),
  foundBy(
    'handlers/cancel-run.test.ts',
    mutant(
      'a late authorisation sells seats on a run that does not go',
      'handlers/record-outcome.ts',
      "if (cancelled && booking.status === 'paying') releaseTrip(work, booking)",
      '',
    ),
  ),
  mutant(
    'a booking that was moved stays in the list of its old run',
    'live.ts',
    'if (run !== booking.run) state.bookings.moveToRun(booking.bookingId, booking.run.runId, run.runId)',
    '',
  ),
  foundBy(
    'handlers/cancel-run.test.ts',
    mutant(
      'of a trip only the leg that lost its train is protected',
      'disruption/hit.ts',
      'for (const leg of legsNow(state, booking)) {\n    const hit',
      'for (const leg of [booking]) {\n    const hit',
    ),
  ),
  foundBy(
    'handlers/override-refund.test.ts',
    mutant(
      'who asks for an override approves it too',
      'handlers/override-refund.ts',
      "  if (override.askedBy === actor) return refuse('secondPersonNeeded')\n",
      '',
    ),
  ),
  foundBy(
    'handlers/override-refund.test.ts',
    mutant(
      'small overrides do not add up',
      'handlers/override-refund.ts',
      'const waits = given + amountMinor > OVERRIDE_LIMIT_MINOR',
      'const waits = given * 0 + amountMinor > OVERRIDE_LIMIT_MINOR',
    ),
  ),
  mutant(
    'an override gives back what was given before',
    'disruption/overriding.ts',
    '(values[position] as number) - given)',
    '(values[position] as number) - given * 0)',
  ),
  foundBy(
    'handlers/cancel-run.test.ts',
    mutant(
      'the reply of a hold changes with its train',
      'disruption/hit.ts',
      'disruption.changes.get(booking.bookingId)?.[0]?.seats ?? booking.seats',
      'booking.seats',
    ),
  ),
]
