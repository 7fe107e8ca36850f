/**
 * What waits to be sent to one peer: bounded in items and bytes. When it is full the newest is
 * dropped: Raft repeats what is lost, and what is older is wanted first.
 */
export class PeerOutbox {
  readonly #maxBytes: number
  readonly #maxBatches: number
  #batches: Uint8Array[] = []
  /** Those before it are taken. */
  #head = 0
  #bytes = 0
  #closed = false
  #dropped = 0
  /** Told of each batch that waits. */
  onPush: (() => void) | undefined

  constructor(maxBytes: number, maxBatches: number) {
    this.#maxBytes = maxBytes
    this.#maxBatches = maxBatches
  }

  /** Batches that were dropped because this was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** Batches that wait. */
  get size(): number {
    return this.#batches.length - this.#head
  }

  push(batch: Uint8Array): void {
    const count = this.size
    const full =
      count >= this.#maxBatches ||
      // One batch always fits, however large it is.
      (count > 0 && this.#bytes + batch.length > this.#maxBytes)
    if (full || this.#closed) {
      this.#dropped += 1
      return
    }
    this.#batches.push(batch)
    this.#bytes += batch.length
    this.onPush?.()
  }

  /** The oldest. */
  take(): Uint8Array | undefined {
    const batch = this.#batches[this.#head]
    if (batch === undefined) return undefined
    this.#head += 1
    this.#bytes -= batch.length
    if (this.#head === this.#batches.length || this.#head > 1_024) {
      this.#batches = this.#batches.slice(this.#head)
      this.#head = 0
    }
    return batch
  }

  /** What waits is not sent. */
  close(): void {
    this.#closed = true
    this.#batches = []
    this.#head = 0
    this.#bytes = 0
  }
}
