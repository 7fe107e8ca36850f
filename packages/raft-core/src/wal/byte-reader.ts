import { getU32, getU64 } from './bytes.ts'

/** Reads what a `ByteWriter` wrote. Throws a `RangeError` rather than reading past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#bytes = bytes
    this.#at = from
    this.#end = to
  }

  /** Where the next read begins, in the bytes it was made with. */
  get at(): number {
    return this.#at
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number
  }

  u32(): number {
    return getU32(this.#bytes, this.#take(4))
  }

  u64(): number {
    const value = getU64(this.#bytes, this.#take(8))
    if (!Number.isSafeInteger(value)) throw new RangeError('a number is too large')
    return value
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return this.#bytes.subarray(at, at + count)
  }

  /** Bytes behind their length. A view, not a copy. */
  sized(): Uint8Array {
    return this.bytes(this.u32())
  }

  #take(count: number): number {
    const at = this.#at
    if (at + count > this.#end) throw new RangeError('something is longer than its record')
    this.#at = at + count
    return at
  }
}
