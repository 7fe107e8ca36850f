import type { Random } from '../ports.ts'

/**
 * A stream of random numbers in [0, 1), the same for the same seed and label everywhere. Streams
 * with different labels are independent: drawing more from one does not shift another, so that a
 * failing run stays the same when something unrelated is changed. Generator: sfc32 (PractRand).
 */
export function randomStream(seed: number | string, label: string): Random {
  let [a, b, c, counter] = hash128(`${seed}/${label}`)
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 16; round++) next()
  return next
}

/** A whole number from `from` to `to`, both included. */
export function randomInteger(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1))
}

/** One of the items; there must be one. */
export function randomItem<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

/** Four differently seeded FNV-1a hashes with a final mix; not for secrets. */
function hash128(text: string): [number, number, number, number] {
  const hash = (basis: number): number => {
    let value = basis
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
    return value ^ (value >>> 16)
  }
  return [hash(0x811c9dc5), hash(0x9e3779b9), hash(0x6a09e667), hash(0xbb67ae85)]
}
