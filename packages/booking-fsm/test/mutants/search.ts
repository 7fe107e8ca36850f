/** Planted bugs in looking for connections. */
import { type Mutant, mutant } from './mutant.ts'

export const searchMutants: readonly Mutant[] = [
  mutant(
    'a change of trains takes no time',
    'search/rounds.ts',
    'this.#wait(at + 1, stationId, atMs + here, leg, stop)',
    'this.#wait(at + 1, stationId, atMs, leg, stop)',
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
    'a connection that another one is better than is shown',
    'search/rounds.ts',
    'if (it.arrivalMs >= (best[it.changes] as number)) continue',
    '',
  ),
]
