/**
 * Planted bugs in what delays mean for passengers. Histories find some of them, but are seldom there: trains must be
 * sold, go, and come late.
 */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const test = 'handlers/record-delay.test.ts'
const cut = 'handlers/cancel-run.test.ts'

export const delayMutants: readonly Mutant[] = [
  foundBy(
    test,
    mutant(
      'a delay is paid again with each record',
      'disruption/delay-pays.ts',
      'pay.amountMinor += amountMinor',
      'pay.amountMinor = 0 * amountMinor',
    ),
  ),
  foundBy(
    test,
    mutant(
      'what is only expected is paid',
      'disruption/delays.ts',
      'if (delay === undefined || !delay.final) return undefined',
      'if (delay === undefined) return undefined',
    ),
  ),
  foundBy(
    test,
    mutant(
      'an hour is not an hour yet',
      'disruption/paying-delays.ts',
      '({ fromMinutes }) => fromMinutes <= lateMinutes',
      '({ fromMinutes }) => fromMinutes < lateMinutes',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a rule that was set after the sale counts for it',
      'disruption/paying-delays.ts',
      'rule.validFromMs <= booking.heldAtMs && rule.fromBookingId <= booking.bookingId',
      'rule.validFromMs <= booking.heldAtMs',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a new leader has lost what was paid for delays',
      'loading/disruption.ts',
      'disruption.delayPays.set(pay.bookingId, [...before, pay])',
      'disruption.delayPays.set(-pay.bookingId, [...before, pay])',
    ),
  ),
  foundBy(
    cut,
    mutant(
      'who gets off before a train ends loses it too',
      'handlers/cancel-run.ts',
      'return run.cancelled && toStop > run.goesTo',
      'return run.cancelled && toStop >= run.goesTo',
    ),
  ),
  foundBy(
    cut,
    mutant(
      'a new leader does not know where the train ends',
      'loading/disruption.ts',
      'run.goesTo = disruption.fromStop',
      'run.goesTo = 0',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a leg is paid although the journey goes on',
      'disruption/paying-delays.ts',
      '  if (journey.at(-1) !== booking) return []\n',
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'who stands on the platform may not choose any more',
      'disruption/hit.ts',
      'return !isMissed || wasSeen',
      'return isMissed || !wasSeen || true',
    ),
  ),
  foundBy(
    test,
    mutant(
      'who does nothing about a connection loses the next train',
      'handlers/continue-disruption.ts',
      "if (disruption.kind === 'runDelayed') closeChoice(work, booking, 'kept')\n    else refundWhole(work, booking)",
      'refundWhole(work, booking)',
    ),
  ),
]
