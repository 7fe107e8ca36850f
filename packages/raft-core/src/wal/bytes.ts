/** Little-endian numbers, hexadecimal names and UTF-8, without the host's help. */

const TWO_32 = 2 ** 32

/** Grows as it is written to. The bytes are reused by the next `reset`. */
export class ByteWriter {
  #bytes = new Uint8Array(64 * 1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Back to nothing; gives memory back after an unusually large content. */
  reset(keepBytes: number): void {
    if (this.#bytes.length > keepBytes) this.#bytes = new Uint8Array(64 * 1024)
    this.#length = 0
  }

  /** What was written. Shares memory with the writer. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  u8(value: number): void {
    this.#reserve(1)[this.#length++] = value
  }

  u32(value: number): void {
    putU32(this.#reserve(4), this.#length, value)
    this.#length += 4
  }

  u64(value: number): void {
    putU64(this.#reserve(8), this.#length, value)
    this.#length += 8
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length).set(value, this.#length)
    this.#length += value.length
  }

  /** Bytes behind their length. */
  sized(value: Uint8Array): void {
    this.u32(value.length)
    this.bytes(value)
  }

  zeros(count: number): void {
    this.#reserve(count).fill(0, this.#length, this.#length + count)
    this.#length += count
  }

  #reserve(count: number): Uint8Array {
    const needed = this.#length + count
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      larger.set(this.view())
      this.#bytes = larger
    }
    return this.#bytes
  }
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

export function getU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  )
}

/** Safe integers only. */
export function putU64(bytes: Uint8Array, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a safe index: ${value}`)
  putU32(bytes, at, value)
  putU32(bytes, at + 4, Math.floor(value / TWO_32))
}

/** May give an unsafe number where the bytes are damaged; checksums come first. */
export function getU64(bytes: Uint8Array, at: number): number {
  return getU32(bytes, at + 4) * TWO_32 + getU32(bytes, at)
}

/** 32 hexadecimal digits as 16 bytes. */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError(`not 32 hexadecimal digits: ${hex}`)
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16))
}

export function bytesToHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}
