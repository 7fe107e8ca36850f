import { createHash } from 'node:crypto'

/** The same on every node of a version for the same state, whenever it had it. */
export function fingerprintOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update(`/${part.length}`)
  return new Uint8Array(hash.digest().subarray(0, 8))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
