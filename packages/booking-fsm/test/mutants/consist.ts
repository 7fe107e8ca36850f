/** Planted bugs in what becomes of passengers when a run goes with other coaches. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const TEST = 'handlers/change-consist.test.ts'

const planted: readonly Mutant[] = [
  mutant(
    'a seat that is kept for one passenger is found for another one',
    'consist/plan.ts',
    "    if (status === 'seated') fill(plan, booking, seats)\n    else claim(plan, booking)",
    "    if (status !== 'seated') claim(plan, booking)",
  ),
  mutant(
    'single passengers are seated before groups',
    'consist/plan.ts',
    'const size = 6 - there.length',
    'const size = there.length',
  ),
  mutant(
    'who sits in another coach under the same number is not told',
    'consist/move.ts',
    'if (isSame && moved.length === 0) return false',
    'if (isSame) return false',
  ),
  mutant(
    'the ticket for the old seat stays valid',
    'consist/move.ts',
    '  voidTickets(work, booking, moved)\n',
    '',
  ),
  mutant(
    'nothing comes back for a cheaper class',
    'consist/continue.ts',
    "refundSome(work, booking, backs, 'otherClass')",
    '0',
  ),
  mutant(
    'the difference to a cheaper class comes back once more with the next change',
    'consist/classes.ts',
    ' - (given[position] ?? 0))',
    ' - 0 * (given[position] ?? 0))',
  ),
  mutant(
    'what came back before a free rebooking comes back once more',
    'consist/classes.ts',
    'for (const { backs } of disruption.changes.get(bookingId) ?? []) {',
    'for (const { backs } of disruption.changes.get(bookingId)?.slice(-1) ?? []) {',
  ),
  mutant(
    'a run is sold on while its passengers are being seated anew',
    'handlers/hold-seats.ts',
    "  if (isReseating(state, run.runId)) return refuse('consistChanging')\n",
    '',
  ),
  mutant(
    'a late payment brings back seat numbers of before',
    'handlers/record-outcome.ts',
    'isReseating(state, leg.run.runId) || isOfBefore(state, leg)',
    'isReseating(state, leg.run.runId)',
  ),
  mutant(
    'a new leader has forgotten the coaches of the run',
    'loading/timetable.ts',
    'own === undefined ? train.layout : layoutOf(own.coaches)',
    'train.layout',
  ),
  mutant(
    'seats off sale are sold again when the coaches change',
    'consist/move.ts',
    '  for (const block of blocks.values()) if (isOfRun(block, run)) takeBlock(run, block)\n',
    '',
  ),
  mutant(
    'who needs a wheelchair place is put on any seat',
    'consist/plan.ts',
    'wheelchairPlaces: needing.length,',
    'wheelchairPlaces: 0,',
  ),
  mutant(
    'those who wait are not offered the seats of a longer train',
    'consist/move.ts',
    '  noteFreed(work, run)\n',
    '',
  ),
  mutant(
    'pools keep what the shorter train does not have',
    'consist/move.ts',
    '  fitQuotas(work, run)\n',
    '',
  ),
]

export const consistMutants: readonly Mutant[] = planted.map((it) => foundBy(TEST, it))
