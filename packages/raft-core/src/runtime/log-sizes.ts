/** How many bytes of the log lie between two entries, from a few samples of it. */
import type { LogIndex } from '../types.ts'

interface Sample {
  readonly index: LogIndex
  /** Bytes of all entries up to here, from some point on. */
  readonly bytes: number
}

export class LogSizes {
  readonly #stepBytes: number
  #samples: Sample[]
  #lastIndex: LogIndex
  #bytes: number

  /** A log of `sizeBytes` between two entries; a sample is kept for every `stepBytes` that come. */
  constructor(baseIndex: LogIndex, lastIndex: LogIndex, sizeBytes: number, stepBytes: number) {
    this.#stepBytes = stepBytes
    this.#samples = [{ index: baseIndex, bytes: 0 }]
    this.#lastIndex = lastIndex
    this.#bytes = sizeBytes
    if (lastIndex > baseIndex) this.#samples.push({ index: lastIndex, bytes: sizeBytes })
  }

  /** Entries up to `index`, of so many bytes, came. Those that were there at the start do not count. */
  added(index: LogIndex, bytes: number): void {
    if (index <= this.#lastIndex) return
    this.#lastIndex = index
    this.#bytes += bytes
    if (this.#bytes - (this.#samples.at(-1) as Sample).bytes < this.#stepBytes) return
    this.#samples.push({ index, bytes: this.#bytes })
  }

  /** The log begins behind `index` now. */
  removed(index: LogIndex): void {
    const first = this.#samples.findLastIndex((sample) => sample.index <= index)
    if (first > 0) this.#samples.splice(0, first)
  }

  /** The first index that has no more than `bytes` between it and `index`. */
  indexBefore(index: LogIndex, bytes: number): LogIndex {
    const target = this.#bytesAt(index) - bytes
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const at = this.#samples[i] as Sample
      if (at.bytes > target) continue
      const next = this.#samples[i + 1] ?? { index: this.#lastIndex, bytes: this.#bytes }
      if (next.bytes <= at.bytes) return next.index
      const share = (target - at.bytes) / (next.bytes - at.bytes)
      return at.index + Math.ceil(Math.min(1, share) * (next.index - at.index))
    }
    return (this.#samples[0] as Sample).index
  }

  #bytesAt(index: LogIndex): number {
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const at = this.#samples[i] as Sample
      if (at.index > index) continue
      const next = this.#samples[i + 1] ?? { index: this.#lastIndex, bytes: this.#bytes }
      if (next.index <= at.index) return at.bytes
      const share = Math.min(1, (index - at.index) / (next.index - at.index))
      return at.bytes + share * (next.bytes - at.bytes)
    }
    return 0
  }
}
