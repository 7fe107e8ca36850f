/** Planted bugs in places whose seats are given later. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const test = 'handlers/later-seats.test.ts'
const overbooked = 'handlers/overbooking.test.ts'

export const laterSeatMutants: readonly Mutant[] = [
  foundBy(
    test,
    mutant(
      'a seat that is promised further on counts as a place',
      'inventory/later.ts',
      'for (let segment = 0; segment < end; segment++) open',
      'for (let segment = 0; segment < Math.min(end, 1); segment++) open',
    ),
  ),
  foundBy(
    test,
    mutant(
      'promised seats are sold although those who get theirs later need them',
      'seat-promise/places.ts',
      "if (wanted - needed <= spare && typeof chosen !== 'number') return chosen",
      "if (typeof chosen !== 'number') return chosen",
    ),
  ),
  foundBy(
    test,
    mutant(
      'seats that are needed later are taken off sale',
      'handlers/seat-blocks.ts',
      "    if (!spared(run, seats)) return refuse('seatsNeeded', { figure })\n",
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'seats are given in the order of booking, not of boarding',
      'seat-promise/give-seats.ts',
      '      a.fromStop - b.fromStop ||\n',
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a run whose chart is closed is not seated any more once the rows are loaded',
      'loading/waiting.ts',
      'if (chart.closedAtMs > 0) expectSeating(state, chart.run)',
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'the wishes of who gets a seat later are forgotten',
      'seat-promise/give-seats.ts',
      'const { wished, apart } = wish ?? { wished: 0, apart: false }',
      'const [wished, apart] = [0, false]',
    ),
  ),
  foundBy(
    test,
    mutant(
      'the hold says other seats when it is asked again after the chart',
      'seat-promise/give-seats.ts',
      "  noteChange(work, booking, 'seated', 'other')\n",
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'who pays late after the chart has no seat',
      'handlers/record-outcome.ts',
      'for (const { run } of legs) if (isClosed(state, run)) expectSeating(state, run)',
      '',
    ),
  ),
  foundBy(
    overbooked,
    mutant(
      'promised seats are overbooked, too',
      'seat-promise/rule.ts',
      'if (product === 0 || laterBy(state, run, of, nowMs) === undefined) return 0',
      'if (product === 0) return 0',
    ),
  ),
  foundBy(
    overbooked,
    mutant(
      'of too many the first who booked are turned away',
      'seat-promise/turn-away.ts',
      'of state.bookings.idsOnRun(run.runId)) {',
      'of [...state.bookings.idsOnRun(run.runId)].reverse()) {',
    ),
  ),
  foundBy(
    overbooked,
    mutant(
      'a train with too few seats does not run once the rows are loaded',
      'loading/disruption.ts',
      "else if (disruption.kind === 'runCancelled' && run !== undefined) {",
      'else if (run !== undefined) {',
    ),
  ),
]
