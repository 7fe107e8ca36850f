import { unfit } from './wire-writer.ts'

/** Protobuf's wire format from one piece of memory. Throws `unfit` for what is rare or wrong. */
export class WireReader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get length(): number {
    return this.#bytes.length
  }

  /** A whole number from 0 to 2⁵³ − 1. */
  varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.at++] as number
    if (byte < 128) return byte
    let value = byte & 127
    let factor = 128
    for (let count = 1; count < 8; count += 1) {
      byte = bytes[this.at++] as number
      value += (byte & 127) * factor
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) throw unfit
        return value
      }
      factor *= 128
    }
    throw unfit
  }

  /** The same, and below 0, which takes ten bytes. */
  signed(): number {
    const bytes = this.#bytes
    let last = this.at
    while ((bytes[last] as number) > 127) last += 1
    if (last - this.at < 9) return this.varint()
    if (last - this.at > 9) throw unfit
    let value = 0n
    for (; last >= this.at; last -= 1) value = value * 128n + BigInt((bytes[last] as number) & 127)
    this.at += 10
    const number = Number(BigInt.asIntN(64, value))
    if (!Number.isSafeInteger(number) || number >= 0) throw unfit
    return number
  }

  double(): number {
    if (this.at + 8 > this.#bytes.length) throw unfit
    this.at += 8
    return this.#bytes.readDoubleLE(this.at - 8)
  }

  /** A view of bytes that have their length before them. */
  raw(): Uint8Array {
    const end = this.end()
    const bytes = this.#bytes.subarray(this.at, end)
    this.at = end
    return bytes
  }

  /** Where what has its length before it ends. */
  end(): number {
    const length = this.varint()
    const end = this.at + length
    if (end > this.#bytes.length) throw unfit
    return end
  }

  text(): string {
    const end = this.end()
    const text = this.#bytes.toString('utf8', this.at, end)
    // What stands in the place of bytes that are no UTF-8; or somebody wrote it.
    if (text.includes('\ufffd')) throw unfit
    this.at = end
    return text
  }
}
