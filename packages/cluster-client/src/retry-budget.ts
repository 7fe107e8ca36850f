/**
 * A token bucket over all calls of a transport: without it, every client of a cluster in trouble
 * multiplies its load at the moment when it can bear least.
 */
export class RetryBudget {
  readonly #most: number
  readonly #perSecond: number
  #tokens: number
  #filledAt: number

  constructor(most: number, perSecond: number, now: number) {
    this.#most = most
    this.#perSecond = perSecond
    this.#tokens = most
    this.#filledAt = now
  }

  take(now: number): boolean {
    const earned = ((now - this.#filledAt) / 1000) * this.#perSecond
    this.#tokens = Math.min(this.#most, this.#tokens + earned)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
