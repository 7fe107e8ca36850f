import type { LogIndex } from '../types.ts'

/** Where an entry's operation begins on disk, and how long its bytes are. */
export interface EntryPlace {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

const CHUNK_ENTRIES = 32_768

/**
 * Where every entry is: eight bytes each, in chunks, so that it neither burdens the collector nor
 * is ever copied. Which segment an entry is in never decreases with its index (what is appended
 * later is written later), so segments are kept as runs.
 */
export class EntryIndex {
  readonly firstIndex: LogIndex
  #lastIndex: LogIndex
  readonly #chunks: Uint32Array[] = []
  readonly #runs: { readonly segment: number; readonly firstIndex: LogIndex }[] = []

  constructor(firstIndex: LogIndex) {
    this.firstIndex = firstIndex
    this.#lastIndex = firstIndex - 1
  }

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  /** Appends the place of entry `lastIndex + 1`. */
  push(segment: number, offset: number, length: number): void {
    const at = ++this.#lastIndex - this.firstIndex
    const nth = Math.floor(at / CHUNK_ENTRIES)
    let chunk = this.#chunks[nth]
    if (chunk === undefined) {
      chunk = new Uint32Array(2 * CHUNK_ENTRIES)
      this.#chunks[nth] = chunk
    }
    const slot = 2 * (at % CHUNK_ENTRIES)
    chunk[slot] = offset
    chunk[slot + 1] = length
    if (this.#runs.at(-1)?.segment !== segment) {
      this.#runs.push({ segment, firstIndex: this.#lastIndex })
    }
  }

  /** Forgets entry `from` and all behind it. */
  truncate(from: LogIndex): void {
    if (from > this.#lastIndex) return
    this.#lastIndex = from - 1
    while ((this.#runs.at(-1)?.firstIndex ?? 0) >= from) this.#runs.pop()
    this.#chunks.length = Math.ceil((from - this.firstIndex) / CHUNK_ENTRIES)
  }

  /** The place of an entry between `firstIndex` and `lastIndex`. */
  find(index: LogIndex): EntryPlace {
    const at = index - this.firstIndex
    const chunk = this.#chunks[Math.floor(at / CHUNK_ENTRIES)] as Uint32Array
    const slot = 2 * (at % CHUNK_ENTRIES)
    return {
      segment: this.#segmentOf(index),
      offset: chunk[slot] as number,
      length: chunk[slot + 1] as number,
    }
  }

  #segmentOf(index: LogIndex): number {
    let low = 0
    let high = this.#runs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#runs[middle]?.firstIndex ?? 0) <= index) low = middle
      else high = middle - 1
    }
    return this.#runs[low]?.segment as number
  }
}
