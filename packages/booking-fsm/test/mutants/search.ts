/** Planted bugs in looking for connections. */
import { type Mutant, mutant } from './mutant.ts'

export const searchMutants: readonly Mutant[] = [
  mutant(
    'people are there when the train is at the stop before',
    'search/rounds.ts',
    '(shape.arrivalMs[stop] as number)',
    '(shape.arrivalMs[stop - 1] as number)',
  ),
  mutant(
    'who may not alight alights',
    'search/rounds.ts',
    'if (shape.alighting[stop] === 0) continue',
    '',
  ),
  mutant(
    'a run that comes is not on the board of its day',
    'search/departures.ts',
    `dayOf(arrivalMs(run, last)) - day)
    this.#forget(run)`,
    'dayOf(arrivalMs(run, last)) - day)',
  ),
  mutant(
    'a run that is cancelled stays on the board',
    'handlers/cancel-run.ts',
    'state.departures.changed(run)',
    '',
  ),
]
