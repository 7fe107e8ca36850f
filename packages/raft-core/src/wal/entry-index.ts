import type { LogIndex } from '../types.ts'

/** Where an entry's operation begins on disk, and how long its bytes are. */
export interface EntryPlace {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** Entries from `firstIndex` on, up to the next run's, are in this segment. */
interface EntryIndexRun {
  readonly segment: number
  readonly firstIndex: LogIndex
}

const CHUNK_ENTRIES = 32_768
/** The segment of entries that are in none: those that a checkpoint counts and that were removed. */
export const REMOVED_SEGMENT = 0

/**
 * Where every entry is: eight bytes each, in chunks, so that it neither burdens the collector nor
 * is ever copied. Which segment an entry is in never decreases with its index (what is appended
 * later is written later), so segments are kept as runs.
 */
export class EntryIndex {
  #firstIndex: LogIndex = 1
  #lastIndex: LogIndex = 0
  /** Entry of the first place in the first chunk. */
  #origin: LogIndex = 1
  #chunks: (Uint32Array | undefined)[] = []
  readonly #runs: EntryIndexRun[] = []

  get firstIndex(): LogIndex {
    return this.#firstIndex
  }

  get lastIndex(): LogIndex {
    return this.#lastIndex
  }

  /** The segment of the first entry; `undefined` if there is no entry. */
  get firstSegment(): number | undefined {
    return this.#firstIndex > this.#lastIndex ? undefined : this.#segmentOf(this.#firstIndex)
  }

  /** Begins anew with entries whose places are not known, in `REMOVED_SEGMENT`. */
  reset(firstIndex: LogIndex, lastIndex: LogIndex): void {
    this.#firstIndex = firstIndex
    this.#lastIndex = lastIndex
    this.#origin = firstIndex
    this.#chunks = []
    this.#runs.length = 0
    if (lastIndex >= firstIndex) this.#runs.push({ segment: REMOVED_SEGMENT, firstIndex })
  }

  /** Appends the place of entry `lastIndex + 1`. */
  push(segment: number, offset: number, length: number): void {
    const at = ++this.#lastIndex - this.#origin
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
    this.#chunks.length = Math.ceil((from - this.#origin) / CHUNK_ENTRIES)
  }

  /** Forgets entry `upTo`, not behind the last one, and all before it. */
  compact(upTo: LogIndex): void {
    if (upTo >= this.#lastIndex) {
      this.reset(upTo + 1, upTo)
      return
    }
    if (upTo < this.#firstIndex) return
    this.#firstIndex = upTo + 1
    const covering = this.#runs.findLastIndex((run) => run.firstIndex <= this.#firstIndex)
    this.#runs.splice(0, covering)
    const chunks = Math.floor((this.#firstIndex - this.#origin) / CHUNK_ENTRIES)
    this.#chunks.splice(0, chunks)
    this.#origin += chunks * CHUNK_ENTRIES
  }

  /** The place of an entry between `firstIndex` and `lastIndex`. */
  find(index: LogIndex): EntryPlace {
    const at = index - this.#origin
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
      const run = this.#runs[middle] as EntryIndexRun
      if (run.firstIndex <= index) low = middle
      else high = middle - 1
    }
    return this.#runs[low]?.segment as number
  }
}
