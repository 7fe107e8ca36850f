import { Links } from './links.ts'

/** The bookings of each run, whatever became of them, as lists: the last one of a run, the one before on the same run. */
export class OnRuns {
  readonly #last = new Links()
  readonly #previous = new Links()

  /** A booking with the highest id of all. */
  add(runId: number, bookingId: number): void {
    this.#previous.set(bookingId, this.#last.get(runId))
    this.#last.set(runId, bookingId)
  }

  /** The ids of a run's bookings below the one given: the last one first. */
  *ids(runId: number, below = Number.MAX_SAFE_INTEGER): Generator<number> {
    for (let id = this.#last.get(runId); id !== 0; id = this.#previous.get(id)) {
      if (id < below) yield id
    }
  }

  remove(runId: number, bookingId: number): void {
    const next = this.#next(runId, bookingId)
    const previous = this.#previous.get(bookingId)
    if (next === 0) this.#last.set(runId, previous)
    else this.#previous.set(next, previous)
    this.#previous.set(bookingId, 0)
  }

  /** It goes to another run: its place among the bookings of both. */
  move(bookingId: number, fromRunId: number, toRunId: number): void {
    this.remove(fromRunId, bookingId)
    const above = this.#next(toRunId, bookingId)
    const below = above === 0 ? this.#last.get(toRunId) : this.#previous.get(above)
    this.#previous.set(bookingId, below)
    if (above === 0) this.#last.set(toRunId, bookingId)
    else this.#previous.set(above, bookingId)
  }

  /** The least id above this one among the bookings of the run; 0: none. */
  #next(runId: number, bookingId: number): number {
    let next = 0
    for (const id of this.ids(runId)) {
      if (id <= bookingId) break
      next = id
    }
    return next
  }
}
