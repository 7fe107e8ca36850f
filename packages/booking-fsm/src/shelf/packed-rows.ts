/** Rows by their id as bytes, out of the garbage collector's sight. */
import type { Value } from '../rows.ts'
import { packRow, unpackRow } from './pack.ts'

const CHUNK = 1 << 20
const PAGE = 4_096

export class PackedRows {
  readonly #chunks: Uint8Array[] = []
  /** Bytes of the last chunk that are written. */
  #used = CHUNK
  /** Per id 1 + its place, counted through all chunks; 0: none. In words of four bytes. */
  readonly #places: Uint32Array[] = []
  #last = 0

  /** The greatest id there was. */
  get last(): number {
    return this.#last
  }

  has(id: number): boolean {
    return this.#place(id) !== 0
  }

  /** In the place it has, if it fits there; the bytes of an older, shorter one stay unused. */
  set(id: number, values: readonly Value[]): void {
    const bytes = packRow(values)
    const place = this.#place(id)
    const room = place === 0 ? -1 : this.#roomAt(place)
    const at = bytes.length <= room ? (place - 1) * 4 : this.#append(id, bytes.length)
    const chunk = this.#chunks[Math.floor(at / CHUNK)] as Uint8Array
    const start = at % CHUNK
    const { length } = bytes
    chunk[start] = length & 255
    chunk[start + 1] = length >>> 8
    chunk[start + 2] = length >>> 16
    chunk.set(bytes, start + 4)
  }

  get(id: number): Value[] | undefined {
    const place = this.#place(id)
    if (place === 0) return undefined
    const { chunk, start, length } = this.#at(place)
    return unpackRow(chunk, start + 4, start + 4 + length)
  }

  #append(id: number, length: number): number {
    // Four bytes before the row say how long it is, and how much room it has in words.
    const words = Math.ceil(length / 4) + 1
    if (words * 4 > CHUNK) throw new Error(`a row of ${length} bytes`)
    if (this.#used + words * 4 > CHUNK) {
      this.#chunks.push(new Uint8Array(CHUNK))
      this.#used = 0
    }
    const at = (this.#chunks.length - 1) * CHUNK + this.#used
    this.#used += words * 4
    this.#setPlace(id, at / 4 + 1)
    return at
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

  #place(id: number): number {
    return this.#places[Math.floor(id / PAGE)]?.[id % PAGE] ?? 0
  }

  #setPlace(id: number, place: number): void {
    const page = Math.floor(id / PAGE)
    while (this.#places.length <= page) this.#places.push(new Uint32Array(PAGE))
    ;(this.#places[page] as Uint32Array)[id % PAGE] = place
    if (id > this.#last) this.#last = id
  }
}
