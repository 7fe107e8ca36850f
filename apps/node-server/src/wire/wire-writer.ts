const firstBytes = 64 * 1_024
const utf8 = new TextEncoder()

/** A value that the direct way does not take; the general one says what is wrong with it, or takes it. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError'
}

/** One for all, because most of them pass unseen. */
export const unfit = new UnfitError('not for the direct way')

/** Protobuf's wire format into one buffer that is used again and again. */
export class WireWriter {
  #bytes = new Uint8Array(firstBytes)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  restart(): void {
    this.#at = 0
  }

  /** How much was written since `restart`. */
  get length(): number {
    return this.#at
  }

  /** Forgets what was written after the first `length` bytes. */
  cut(length: number): void {
    this.#at = length
  }

  /** Leaves so many bytes for others. */
  skip(bytes: number): void {
    this.#room(bytes)
    this.#at += bytes
  }

  /** What was written since `restart`, in memory of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at) as Uint8Array<ArrayBuffer>
  }

  /** A whole number from 0 to 2⁵³ − 1. */
  varint(value: number): void {
    this.#room(10)
    const bytes = this.#bytes
    let rest = value
    while (rest >= 0x8000_0000) {
      bytes[this.#at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      bytes[this.#at++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[this.#at++] = rest
  }

  /** The lower 64 bits of it, as they are. */
  bigVarint(value: bigint): void {
    const number = Number(value)
    if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) {
      this.varint(number)
      return
    }
    this.#room(10)
    let rest = BigInt.asUintN(64, value)
    while (rest > 127n) {
      this.#bytes[this.#at++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.#bytes[this.#at++] = Number(rest)
  }

  double(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  raw(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** With its length before it. Throws `unfit` for a lone surrogate, which UTF-8 would not give back. */
  text(value: string): void {
    const { length } = value
    this.#room(3 * length + 10)
    if (length < 128 && this.#ascii(value)) return
    if (/\p{Surrogate}/u.test(value)) throw unfit
    const start = this.begin()
    this.#at += utf8.encodeInto(value, this.#bytes.subarray(this.#at)).written
    this.end(start)
  }

  /** Keeps a byte for the length of what follows until `end`. */
  begin(): number {
    this.#room(1)
    this.#at += 1
    return this.#at
  }

  end(start: number): void {
    const length = this.#at - start
    if (length < 128) {
      this.#bytes[start - 1] = length
      return
    }
    let more = 0
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) more += 1
    this.#room(more)
    this.#bytes.copyWithin(start + more, start, this.#at)
    const until = this.#at + more
    this.#at = start - 1
    this.varint(length)
    this.#at = until
  }

  /** False, and nothing written, if there is another character in it. */
  #ascii(value: string): boolean {
    const bytes = this.#bytes
    let at = this.#at + 1
    for (let i = 0; i < value.length; i += 1) {
      const code = value.charCodeAt(i)
      if (code > 127) return false
      bytes[at++] = code
    }
    bytes[this.#at] = value.length
    this.#at = at
    return true
  }

  #room(length: number): void {
    const needed = this.#at + length
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}
