/**
 * Which booking may have a request's key: 8 bytes for each key, at half load. It may name a wrong one,
 * never misses the right one; who asks compares the key itself.
 */
export class KeyIndex {
  // Many small tables: each grows by itself, and none for long.
  readonly #tables: Table[] = Array.from({ length: 64 }, () => new Table())

  add(key: string, bookingId: number, salt: readonly number[]): void {
    this.addHash(keyHash(key, salt), bookingId)
  }

  /** Of a key of which only the hash is known. */
  addHash(hash: number, bookingId: number): void {
    ;(this.#tables[hash >>> 26] as Table).add(hash, bookingId)
  }

  /** When it is there. */
  remove(key: string, bookingId: number, salt: readonly number[]): void {
    const hash = keyHash(key, salt)
    ;(this.#tables[hash >>> 26] as Table).remove(hash, bookingId)
  }

  find(key: string, salt: readonly number[]): readonly number[] {
    const hash = keyHash(key, salt)
    return (this.#tables[hash >>> 26] as Table).find(hash)
  }
}

class Table {
  #hashes = new Uint32Array(16)
  /** 0: the place is free. */
  #owners = new Uint32Array(16)
  #count = 0

  add(hash: number, owner: number): void {
    if (this.#count * 2 >= this.#owners.length) this.#grow()
    this.#put(hash, owner)
    this.#count++
  }

  /** What stands behind it moves up, so that everything is found from its own place on without a gap. */
  remove(hash: number, owner: number): void {
    const mask = this.#owners.length - 1
    let at = hash & mask
    while (this.#owners[at] !== 0) {
      if (this.#hashes[at] === hash && this.#owners[at] === owner) break
      at = (at + 1) & mask
    }
    if (this.#owners[at] === 0) return
    this.#count--
    let gap = at
    for (let next = (gap + 1) & mask; this.#owners[next] !== 0; next = (next + 1) & mask) {
      const wanted = (this.#hashes[next] as number) & mask
      if (((next - wanted) & mask) < ((next - gap) & mask)) continue
      this.#hashes[gap] = this.#hashes[next] as number
      this.#owners[gap] = this.#owners[next] as number
      gap = next
    }
    this.#owners[gap] = 0
  }

  find(hash: number): readonly number[] {
    const mask = this.#owners.length - 1
    let found: number[] | undefined
    for (let at = hash & mask; this.#owners[at] !== 0; at = (at + 1) & mask) {
      if (this.#hashes[at] !== hash) continue
      found ??= []
      found.push(this.#owners[at] as number)
    }
    return found ?? nothing
  }

  #put(hash: number, owner: number): void {
    const mask = this.#owners.length - 1
    let at = hash & mask
    while (this.#owners[at] !== 0) at = (at + 1) & mask
    this.#hashes[at] = hash
    this.#owners[at] = owner
  }

  #grow(): void {
    const [hashes, owners] = [this.#hashes, this.#owners]
    this.#hashes = new Uint32Array(hashes.length * 2)
    this.#owners = new Uint32Array(hashes.length * 2)
    for (let at = 0; at < owners.length; at++) {
      const owner = owners[at] as number
      if (owner !== 0) this.#put(hashes[at] as number, owner)
    }
  }
}

const nothing: readonly number[] = []

/** By a secret, so that nobody can choose keys that fall together. */
export function keyHash(key: string, salt: readonly number[]): number {
  // However poor the secret is, the factor has bits all over.
  const factor = Math.imul((salt[0] ?? 0) ^ 0x9e37_79b1, 0x2c1b_3c6d) | 1
  let hash = salt[1] ?? 0
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ key.charCodeAt(at), factor)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
