/** When runs of log indexes reached a point: the latest runs. What comes again, as after a change of leader, counts anew. */
export class IndexTimes {
  readonly #firsts: Float64Array
  readonly #lasts: Float64Array
  readonly #times: Float64Array
  /** Runs that were noted and not taken back; the ring has the latest of them. */
  #count = 0
  #oldest = 0

  constructor(runsAtMost: number) {
    this.#firsts = new Float64Array(runsAtMost)
    this.#lasts = new Float64Array(runsAtMost)
    this.#times = new Float64Array(runsAtMost)
  }

  /** The latest index; 0: none. */
  get last(): number {
    return this.#count === this.#oldest ? 0 : this.#lastOf(this.#count - 1)
  }

  note(first: number, last: number, time: number): void {
    while (this.#count > this.#oldest && this.#firstOf(this.#count - 1) >= first) this.#count -= 1
    const at = this.#count % this.#lasts.length
    this.#firsts[at] = first
    this.#lasts[at] = last
    this.#times[at] = time
    this.#count += 1
    if (this.#count - this.#oldest > this.#lasts.length)
      this.#oldest = this.#count - this.#lasts.length
  }

  at(index: number): number | undefined {
    let low = this.#oldest
    let high = this.#count
    // The latest run that begins at or before it.
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#firstOf(middle) <= index) low = middle + 1
      else high = middle
    }
    const run = low - 1
    if (run < this.#oldest || this.#lastOf(run) < index) return undefined
    return this.#times[run % this.#times.length]
  }

  #firstOf(run: number): number {
    return this.#firsts[run % this.#firsts.length] as number
  }

  #lastOf(run: number): number {
    return this.#lasts[run % this.#lasts.length] as number
  }
}
