/**
 * What waits to be sent to one peer: bounded in items and bytes. When it is full the newest is
 * dropped: Raft repeats what is lost, and what is older is wanted first.
 */
export class PeerOutbox implements AsyncIterable<Uint8Array> {
  readonly #maxBytes: number
  readonly #maxBatches: number
  #batches: Uint8Array[] = []
  #bytes = 0
  #wake: (() => void) | undefined
  #closed = false
  #dropped = 0

  constructor(maxBytes: number, maxBatches: number) {
    this.#maxBytes = maxBytes
    this.#maxBatches = maxBatches
  }

  /** Batches that were dropped because this was full. */
  get dropped(): number {
    return this.#dropped
  }

  push(batch: Uint8Array): void {
    const full =
      this.#batches.length >= this.#maxBatches ||
      // One batch always fits, however large it is.
      (this.#batches.length > 0 && this.#bytes + batch.length > this.#maxBytes)
    if (full || this.#closed) {
      this.#dropped += 1
      return
    }
    this.#batches.push(batch)
    this.#bytes += batch.length
    this.#wake?.()
  }

  /** Ends the iteration; what waits is not sent. */
  close(): void {
    this.#closed = true
    this.#batches = []
    this.#bytes = 0
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (!this.#closed) {
      const batches = this.#batches
      this.#batches = []
      this.#bytes = 0
      for (const batch of batches) {
        if (this.#closed) return
        yield batch
      }
      if (this.#batches.length === 0 && !this.#closed) await this.#somethingNew()
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }
}
