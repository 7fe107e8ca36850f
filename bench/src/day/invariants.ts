/**
 * The invariants that booking-fsm's own tests look at after every entry, beside the day's books. They are no part of
 * what is built: the package's door to them is one of this repository's alone.
 */
import type { BookingState, Entry, Reply, RowChange } from '@quorail/booking-fsm'

export interface Invariants {
  /** How many entries were looked at, and how many whole states. */
  readonly looks: { entries: number; states: number }
  /** Throws at the first one that does not hold, with its number. */
  follow(state: BookingState, entry: Entry, reply: Reply, changes: readonly RowChange[]): void
  checkAll(state: BookingState): void
}

/** Of each entry only what its rows can have touched is looked at. */
export async function watchInvariants(from: BookingState): Promise<Invariants> {
  const { Watch } = await import('@quorail/booking-fsm/invariants')
  // To its tests the package is its sources, to us what was built of them: the same things by two names.
  const asTheirs = (ours: unknown) => ours as never
  const watch = new Watch(asTheirs(from))
  const looks = { entries: 0, states: 0 }
  return {
    looks,
    follow(state, entry, reply, changes) {
      looks.entries++
      watch.check(asTheirs(state), asTheirs(entry), asTheirs(reply), changes, false)
    },
    checkAll(state) {
      looks.states++
      watch.checkAll(asTheirs(state))
    },
  }
}
