import { pause } from './clock.ts'
import type { NodeBook } from './node-book.ts'
import type { Settings } from './options.ts'
import type { RetryBudget } from './retry-budget.ts'

/**
 * The way of one call through the nodes. It goes in passes: in a pass each node is tried once. Within
 * the first pass tries are free; later ones are paid for from the budget. A hint is followed at once
 * to a node not tried in this pass, so that nodes that name each other can not make it run in circles.
 */
export class Route {
  readonly #book: NodeBook
  readonly #budget: RetryBudget
  readonly #settings: Settings
  readonly #tried = new Set<string>()
  #firstPass = true
  #pauses = 0

  constructor(book: NodeBook, budget: RetryBudget, settings: Settings) {
    this.#book = book
    this.#budget = budget
    this.#settings = settings
  }

  start(url = this.#book.preferred): string {
    this.#tried.add(url)
    return url
  }

  /**
   * Where to go after `from`, after a pause where one is due. Undefined: the budget is used up, or
   * the signal was aborted meanwhile.
   */
  async onward(
    from: string,
    leader: string | undefined,
    endsAt: number,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const { clock } = this.#settings
    if (leader !== undefined && !this.#tried.has(leader)) {
      return this.#go(leader)
    }
    let url = this.#book.next(from, this.#tried)
    if (url === undefined) {
      this.#tried.clear()
      this.#firstPass = false
      url = leader ?? this.#book.next(from, this.#tried) ?? from
    }
    await pause(clock, Math.min(this.#pauseMs(), Math.max(0, endsAt - clock.now())), signal)
    return signal?.aborted === true ? undefined : this.#go(url)
  }

  /**
   * Waits as long as the node asked for, and a little, so that not all come back at once. False: it is not worth it,
   * because the call would be over, the budget is used up, or the signal was aborted.
   */
  async wait(ms: number, endsAt: number, signal: AbortSignal | undefined): Promise<boolean> {
    const { clock, random } = this.#settings
    const pauseMs = ms * (1 + random() / 2)
    if (clock.now() + pauseMs >= endsAt || !this.#budget.take(clock.now())) return false
    await pause(clock, pauseMs, signal)
    return signal?.aborted !== true
  }

  #go(url: string): string | undefined {
    this.#tried.add(url)
    if (this.#firstPass || this.#budget.take(this.#settings.clock.now())) return url
    return undefined
  }

  /** Full jitter: clients that failed together do not come back together. */
  #pauseMs(): number {
    const { pauseFirstMs, pauseMostMs } = this.#settings.limits
    const limit = Math.min(pauseMostMs, pauseFirstMs * 2 ** Math.min(this.#pauses++, 20))
    return limit * this.#settings.random()
  }
}
