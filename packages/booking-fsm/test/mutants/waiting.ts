/** Planted bugs in waiting lists: envy, what is forgotten, and money taken too early. */
import { type Mutant, mutant } from './mutant.ts'

export const waitingMutants: readonly Mutant[] = [
  mutant(
    'envy in the waiting list: who came last is promoted first',
    'waiting/promote.ts',
    '[...waiting].sort(byRank)',
    '[...waiting].sort((a, b) => byRank(b, a))',
  ),
  mutant(
    'what an expired hold frees is not offered to who waits',
    'live.ts',
    '  noteFreed(work, booking.run)\n',
    "  if (booking.status === 'confirmed') noteFreed(work, booking.run)\n",
  ),
  mutant(
    'who waits pays before there are seats',
    'handlers/record-outcome.ts',
    "    payment.status = 'authorised'\n    return\n",
    "    payment.status = 'authorised'\n    queueEffect(work, 'capture', payment, amountMinor)\n    return\n",
  ),
  mutant(
    'the position counts those who want other segments',
    'waiting/list.ts',
    'return there !== undefined && overlap(there, option)',
    'return there !== undefined',
  ),
  mutant(
    'the reservation of who waited in vain is kept',
    'waiting/ending.ts',
    "if (payment.status !== 'authorised') continue",
    'if (payment.status) continue',
  ),
]
