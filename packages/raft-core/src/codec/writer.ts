/**
 * Writes protobuf from the end to the beginning: when a length is needed, what it measures has been
 * written already. So fields are written in descending order, and a message is encoded in one pass.
 */
import { encodeUtf8 } from './utf8.ts'
import { varintSize, writeVarint } from './varint.ts'

/** Field numbers up to 2047. */
const MAX_TAG_BYTES = 2

/** Small messages share one buffer: one of its own for each is what costs most. */
const SHARED_BYTES = 1 << 16
const MOST_SHARED_BYTES = SHARED_BYTES / 16
let shared = new Uint8Array(0)
/** What is below is free; it is given out from the end, as a writer fills it. */
let sharedFree = 0

export class Writer {
  #bytes: Uint8Array
  #at: number
  #end: number
  /** Where this writer's part of a shared buffer begins; 0 for one of its own. */
  #start: number

  /** `capacity`: how many bytes it will probably be. */
  constructor(capacity: number) {
    if (capacity > MOST_SHARED_BYTES) {
      this.#bytes = new Uint8Array(capacity)
      this.#at = capacity
      this.#end = capacity
      this.#start = 0
      return
    }
    if (capacity > sharedFree) {
      shared = new Uint8Array(SHARED_BYTES)
      sharedFree = SHARED_BYTES
    }
    this.#bytes = shared
    this.#end = sharedFree
    this.#at = sharedFree
    sharedFree -= capacity
    this.#start = sharedFree
  }

  /** How many bytes have been written; take it before a nested message and give it to `close`. */
  get length(): number {
    return this.#end - this.#at
  }

  /** A field with an integer; the default, 0, is left out. */
  integer(field: number, value: number): void {
    if (value === 0) return
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`field ${field}: ${value} is not a whole number from 0 to 2^53 - 1`)
    }
    const size = varintSize(value)
    this.#reserve(size + MAX_TAG_BYTES)
    this.#at -= size
    writeVarint(this.#bytes, this.#at, value)
    this.#tag(field << 3)
  }

  bool(field: number, value: boolean): void {
    if (value) this.integer(field, 1)
  }

  string(field: number, value: string): void {
    if (value.length > 0 && !this.#ascii(field, value)) this.bytes(field, encodeUtf8(value))
  }

  /** A field with bytes, written even when empty. */
  bytes(field: number, value: Uint8Array): void {
    this.#reserve(value.length)
    this.#at -= value.length
    this.#bytes.set(value, this.#at)
    this.#header(field, value.length)
  }

  /** Makes what was written since `before` the content of a message in `field`. */
  close(field: number, before: number): void {
    this.#header(field, this.length - before)
  }

  /** What was written. The writer must not be used afterwards. */
  finish(): Uint8Array {
    // What it did not need is given back, unless another writer has begun below it meanwhile.
    if (this.#bytes === shared && this.#start === sharedFree) sharedFree = this.#at
    return this.#bytes.subarray(this.#at, this.#end)
  }

  /** Names are ASCII as a rule: no bytes in between then. Writes nothing when this one is not. */
  #ascii(field: number, value: string): boolean {
    this.#reserve(value.length)
    const start = this.#at - value.length
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code >= 0x80) return false
      this.#bytes[start + i] = code
    }
    this.#at = start
    this.#header(field, value.length)
    return true
  }

  #header(field: number, length: number): void {
    const size = varintSize(length)
    this.#reserve(size + MAX_TAG_BYTES)
    this.#at -= size
    writeVarint(this.#bytes, this.#at, length)
    this.#tag((field << 3) | 2)
  }

  /** There is room for it. */
  #tag(tag: number): void {
    if (tag < 0x80) {
      this.#bytes[--this.#at] = tag
      return
    }
    this.#bytes[--this.#at] = tag >>> 7
    this.#bytes[--this.#at] = (tag & 0x7f) | 0x80
  }

  #reserve(count: number): void {
    if (this.#at - this.#start >= count) return
    const used = this.length
    const larger = new Uint8Array(Math.max(2 * (this.#end - this.#start), used + count + 64))
    larger.set(this.#bytes.subarray(this.#at, this.#end), larger.length - used)
    this.#bytes = larger
    this.#start = 0
    this.#end = larger.length
    this.#at = larger.length - used
  }
}
