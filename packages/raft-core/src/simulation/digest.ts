import { crc32c } from '../wal/crc32c.ts'

/** A rolling 64-bit hash of everything that happened. Not for secrets. */
export class Digest {
  #a = 0x811c9dc5
  #b = 0x9e3779b9

  number(value: number): void {
    const low = value | 0
    const high = Math.floor(value / 2 ** 32) | 0
    this.#a = Math.imul(this.#a ^ low, 0x01000193) ^ high
    this.#b = Math.imul(this.#b ^ (low + high), 0x85ebca6b)
    this.#b ^= this.#b >>> 15
  }

  bytes(value: Uint8Array): void {
    this.number(crc32c(value))
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    const hex = (part: number): string => (part >>> 0).toString(16).padStart(8, '0')
    return hex(this.#a) + hex(this.#b)
  }
}

/** A number that stands for a text in a digest; worked out once, used for every event. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) | 0
}

/** Continues a chain of entries: equal chains at an index mean equal logs up to there. */
export function chainHash(
  before: number,
  entry: { readonly index: number; readonly term: number; readonly kind: string },
  data: Uint8Array,
): number {
  let hash = crc32c(data, before)
  hash = Math.imul(hash ^ entry.index, 0x85ebca6b)
  hash = Math.imul((hash ^ (hash >>> 13)) + entry.term, 0xc2b2ae35)
  return (hash ^ (hash >>> 16) ^ entry.kind.length) >>> 0
}
