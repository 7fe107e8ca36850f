/**
 * The replies that are kept for repeats, in log order. What one client asks can not push out what the
 * others asked: accounts, clients without one, and burned keys each have room of their own, and in it
 * each principal a share.
 */
import type { Remembered } from './things.ts'

/** Of accounts and providers; of clients without an account; of burned keys, whoever burned them. */
export const POOL_LIMITS = { known: 100_000, anonymous: 20_000, burned: 20_000 } as const
/** Of one principal: replies, and burned keys. A provider's are bounded by the pool alone. */
export const PRINCIPAL_LIMIT = 1_000
export const BURNED_LIMIT = 100

type Pool = keyof typeof POOL_LIMITS
const POOLS: readonly Pool[] = ['known', 'anonymous', 'burned']

export class RequestMemory {
  readonly #pools = { known: new Queue(), anonymous: new Queue(), burned: new Queue() }
  /** Those of a principal, the oldest first; where its number is limited. */
  readonly #shares = new Map<string, Remembered[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The newest in log order, unless rows are being loaded: then `sort` follows. */
  add(kept: Remembered): void {
    this.#size++
    this.#pools[poolOf(kept)].push(kept)
    const share = shareOf(kept)
    if (share === undefined) return
    const own = this.#shares.get(share)
    if (own === undefined) this.#shares.set(share, [kept])
    else own.push(kept)
  }

  /** After rows were loaded. */
  sort(): void {
    for (const pool of POOLS) this.#pools[pool].sort()
    for (const own of this.#shares.values()) own.sort(byIndex)
  }

  /** Of all. */
  oldest(): Remembered | undefined {
    let found: Remembered | undefined
    for (const pool of POOLS) {
      const oldest = this.#pools[pool].oldest()
      if (oldest !== undefined && (found === undefined || oldest.index < found.index)) {
        found = oldest
      }
    }
    return found
  }

  /** What must go since this one came: of its principal, or of its pool. */
  tooMany(kept: Remembered): Remembered | undefined {
    const own = this.#shares.get(shareOf(kept) ?? '')
    const limit = isBurned(kept) ? BURNED_LIMIT : PRINCIPAL_LIMIT
    if (own !== undefined && own.length > limit) return own[0]
    const pool = poolOf(kept)
    return this.#pools[pool].size > POOL_LIMITS[pool] ? this.#pools[pool].oldest() : undefined
  }

  /** The oldest of its principal, or of its pool, which is both. */
  remove(kept: Remembered): void {
    this.#size--
    this.#pools[poolOf(kept)].remove(kept)
    const share = shareOf(kept) ?? ''
    const own = this.#shares.get(share)
    if (own?.[0] === kept) own.shift()
    if (own?.length === 0) this.#shares.delete(share)
  }

  /** By pool, each in log order. */
  *values(): Generator<Remembered> {
    for (const pool of POOLS) yield* this.#pools[pool].values()
  }
}

/** In log order; whoever goes from the middle is passed over until there are many of them. */
class Queue {
  #kept: Remembered[] = []
  #head = 0
  #gone = new Set<Remembered>()

  get size(): number {
    return this.#kept.length - this.#head - this.#gone.size
  }

  push(kept: Remembered): void {
    this.#kept.push(kept)
  }

  sort(): void {
    this.#kept.sort(byIndex)
  }

  oldest(): Remembered | undefined {
    for (;;) {
      const oldest = this.#kept[this.#head]
      if (oldest === undefined || !this.#gone.delete(oldest)) return oldest
      this.#head++
    }
  }

  remove(kept: Remembered): void {
    if (this.oldest() === kept) this.#head++
    else this.#gone.add(kept)
    const unused = this.#head + this.#gone.size
    if (unused < 4_096 || unused * 2 < this.#kept.length) return
    this.#kept = [...this.values()]
    this.#head = 0
    this.#gone.clear()
  }

  *values(): Generator<Remembered> {
    for (let at = this.#head; at < this.#kept.length; at++) {
      const kept = this.#kept[at] as Remembered
      if (!this.#gone.has(kept)) yield kept
    }
  }
}

function byIndex(a: Remembered, b: Remembered): number {
  return a.index - b.index
}

function poolOf(kept: Remembered): Pool {
  if (isBurned(kept)) return 'burned'
  return kept.requestKey.startsWith('c:') ? 'anonymous' : 'known'
}

/** Undefined: as many as the pool holds. */
function shareOf(kept: Remembered): string | undefined {
  const { requestKey } = kept
  const burned = isBurned(kept)
  if (!burned && requestKey.startsWith('p:')) return undefined
  const principal = requestKey.slice(0, requestKey.indexOf(' '))
  return burned ? `burned ${principal}` : principal
}

function isBurned({ replyJson }: Remembered): boolean {
  return replyJson === '{"type":"burned"}'
}
