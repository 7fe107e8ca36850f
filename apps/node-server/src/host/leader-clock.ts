/**
 * The stamps of a leader: the first of a term is its wall clock, or the state's clock if that is
 * ahead; from there on only monotonic time passes. So a wall clock that is set back or forward while
 * this node leads moves nothing.
 */
export class LeaderClock {
  readonly #monotonicMs: () => number
  readonly #wallMs: () => number
  #term = -1
  /** Time passes from this instant, which was at this moment. */
  #base = 0
  #monotonicBase = 0
  #last = 0

  constructor(monotonicMs: () => number, wallMs: () => number) {
    this.#monotonicMs = monotonicMs
    this.#wallMs = wallMs
  }

  /** The stamp of an entry made now in `term`. `stateMs` is the state's own clock. */
  stamp(term: number, stateMs: number): number {
    const now = this.#monotonicMs()
    const least = Math.max(this.#last, stateMs)
    if (term !== this.#term) {
      this.#term = term
      this.#startFrom(Math.max(Math.round(this.#wallMs()), least), now)
    }
    const due = this.#base + Math.floor(now - this.#monotonicBase)
    // An earlier leader's last entries can move the state ahead of the first stamp of this term. Time
    // passes on from there: to wait until this clock has caught up would be to let nothing expire.
    if (due < least) this.#startFrom(least, now)
    this.#last = Math.max(due, least)
    return this.#last
  }

  #startFrom(instant: number, now: number): void {
    this.#base = instant
    this.#monotonicBase = now
  }
}
