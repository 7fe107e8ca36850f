/** Rows by their id as bytes, out of the garbage collector's sight. */
import type { Value } from '../rows.ts'
import { Links } from './links.ts'
import { packRow, unpackRow } from './pack.ts'

/** Bytes of what rows are kept in together. */
export const CHUNK = 1 << 20
/** A chunk of which less than this is left is given up, and its rows move to the last one. */
const WORTH_KEEPING = CHUNK / 4

export class PackedRows {
  /** One without bytes is free to be used again. */
  readonly #chunks: Uint8Array[] = []
  /** Bytes of each chunk in which rows are. */
  readonly #live: number[] = []
  readonly #free: number[] = []
  /** Where rows are added, and how many of its bytes are written. */
  #open = -1
  #used = CHUNK
  /** Per id 1 + its place, counted through all chunks in words of four bytes. */
  readonly #places = new Links()

  has(id: number): boolean {
    return this.#places.get(id) !== 0
  }

  /** In the place it has, if it fits there; the bytes of an older, shorter one stay unused. */
  set(id: number, values: readonly Value[]): void {
    const bytes = packRow(values)
    const place = this.#places.get(id)
    const room = place === 0 ? -1 : this.#roomAt(place)
    if (bytes.length <= room) this.#write((place - 1) * 4, bytes)
    else {
      if (place !== 0) this.#leave(place)
      this.#write(this.#append(id, bytes.length), bytes)
    }
  }

  get(id: number): Value[] | undefined {
    const place = this.#places.get(id)
    if (place === 0) return undefined
    const { chunk, start, length } = this.#at(place)
    return unpackRow(chunk, start + 4, start + 4 + length)
  }

  /** Its bytes are given back in time; at most one chunk is emptied by a call. */
  delete(id: number): void {
    const place = this.#places.get(id)
    if (place === 0) return
    this.#places.set(id, 0)
    this.#leave(place)
    const at = chunkOf(place)
    if (at !== this.#open && (this.#live[at] as number) < WORTH_KEEPING) this.#empty(at)
  }

  /** A whole chunk that another thread has filled. Gives what `adopt` adds the places of its rows to. */
  adoptChunk(bytes: Uint8Array): number {
    const at = this.#free.pop() ?? this.#chunks.length
    this.#chunks[at] = bytes
    this.#live[at] = 0
    return (at * CHUNK) / 4 + 1
  }

  /** A row of such a chunk, whose id is new. */
  adopt(id: number, place: number): void {
    this.#places.set(id, place)
    const at = chunkOf(place)
    this.#live[at] = (this.#live[at] as number) + this.#roomAt(place) + 4
  }

  /** By id. */
  *rows(): Generator<Value[]> {
    for (const id of this.#places.ids()) yield this.get(id) as Value[]
  }

  /** Bytes of all chunks. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  #write(at: number, bytes: Uint8Array): void {
    const chunk = this.#chunks[Math.floor(at / CHUNK)] as Uint8Array
    const start = at % CHUNK
    const { length } = bytes
    chunk[start] = length & 255
    chunk[start + 1] = length >>> 8
    chunk[start + 2] = length >>> 16
    chunk.set(bytes, start + 4)
  }

  #append(id: number, length: number): number {
    // Four bytes before the row say how long it is.
    const words = Math.ceil(length / 4) + 1
    if (words * 4 > CHUNK) throw new Error(`a row of ${length} bytes`)
    if (this.#used + words * 4 > CHUNK) this.#begin()
    const at = this.#open * CHUNK + this.#used
    this.#used += words * 4
    this.#live[this.#open] = (this.#live[this.#open] as number) + words * 4
    this.#places.set(id, at / 4 + 1)
    return at
  }

  #begin(): void {
    const at = this.#free.pop() ?? this.#chunks.length
    this.#chunks[at] = new Uint8Array(CHUNK)
    this.#live[at] = 0
    this.#open = at
    this.#used = 0
  }

  #leave(place: number): void {
    const at = chunkOf(place)
    this.#live[at] = (this.#live[at] as number) - this.#roomAt(place) - 4
  }

  /** What is left in the chunk moves to the open one. */
  #empty(at: number): void {
    const old = this.#chunks[at] as Uint8Array
    const ids = [...this.#places.ids()].filter((id) => chunkOf(this.#places.get(id)) === at)
    for (const id of ids) {
      const { start, length } = this.#at(this.#places.get(id))
      this.#write(this.#append(id, length), old.subarray(start + 4, start + 4 + length))
    }
    this.#chunks[at] = nothing
    this.#live[at] = 0
    this.#free.push(at)
  }

  #roomAt(place: number): number {
    const { length } = this.#at(place)
    return Math.ceil(length / 4) * 4
  }

  #at(place: number): { chunk: Uint8Array; start: number; length: number } {
    const at = (place - 1) * 4
    const chunk = this.#chunks[Math.floor(at / CHUNK)] as Uint8Array
    const start = at % CHUNK
    const length =
      (chunk[start] as number) |
      ((chunk[start + 1] as number) << 8) |
      ((chunk[start + 2] as number) << 16)
    return { chunk, start, length }
  }
}

const nothing = new Uint8Array(0)

function chunkOf(place: number): number {
  return Math.floor(((place - 1) * 4) / CHUNK)
}
