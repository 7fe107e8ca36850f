/**
 * The stamps of a leader: the first of a term is its wall clock, or the state's clock if that is
 * ahead; from there on only monotonic time passes. So a wall clock that is set back or forward while
 * this node leads moves nothing.
 */
export class LeaderClock {
  readonly #monotonicMs: () => number
  readonly #wallMs: () => number
  #term = -1
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
    if (term !== this.#term) {
      this.#term = term
      this.#base = Math.max(Math.round(this.#wallMs()), stateMs)
      this.#monotonicBase = now
    }
    const due = this.#base + Math.floor(now - this.#monotonicBase)
    if (stateMs > due) {
      // An earlier leader's entries were still on their way into the state: time passes from theirs on.
      this.#base = stateMs
      this.#monotonicBase = now
    }
    this.#last = Math.max(this.#last, due, stateMs)
    return this.#last
  }
}
