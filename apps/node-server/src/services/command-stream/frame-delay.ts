/** Clocks of different machines run a little differently: what was the quickest way is found out anew so often. */
const windowMs = 30_000

/**
 * How long a frame has waited on its way, in the buffers of either side: how much longer it was on its way than the
 * quickest one of late. The two clocks need not agree.
 */
export class FrameDelay {
  #quickest = Number.POSITIVE_INFINITY
  #quickestBefore = Number.POSITIVE_INFINITY
  #windowEndsAtMs = Number.NEGATIVE_INFINITY

  /** @param sentMs by the sender's clock; 0: not told */
  of(sentMs: number, nowMs: number): number {
    if (!(Number.isFinite(sentMs) && sentMs > 0)) return 0
    const onItsWay = nowMs - sentMs
    if (nowMs >= this.#windowEndsAtMs) {
      const isLately = nowMs < this.#windowEndsAtMs + windowMs
      this.#quickestBefore = isLately ? this.#quickest : Number.POSITIVE_INFINITY
      this.#quickest = onItsWay
      this.#windowEndsAtMs = nowMs + windowMs
    }
    if (onItsWay < this.#quickest) this.#quickest = onItsWay
    return onItsWay - Math.min(this.#quickest, this.#quickestBefore)
  }
}
