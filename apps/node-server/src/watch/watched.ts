import { ConnectError } from '@connectrpc/connect'
import type { Principal } from '../auth/principal.ts'
import type { EncodedBody } from './encoded-body.ts'
import { sameBytes } from './fingerprint.ts'
import type { Subject, Version } from './subject.ts'
import type { WatchLimits } from './watch-limits.ts'

/** Somebody who wants to know that there is something new to fetch. */
export interface Watcher {
  wake(): void
}

/**
 * A subject with the states it had lately. Who watches it keeps nothing but the number of the state it was
 * told last: what is new since then stands here, once for all, as long as it is few.
 */
export class Watched {
  readonly watchers = new Map<Watcher, number>()
  readonly #subject: Subject
  readonly #limits: Pick<WatchLimits, 'keptChanges' | 'keptBytes'>
  /** The last states, without a hole; the last one is the present. */
  readonly #versions: Version[] = []
  #keptBytes = 0
  #index = 0
  /** undefined: it goes on; otherwise why it does not, or why it never began. */
  #end: 'ended' | ConnectError | undefined
  /** Something that it is made of has changed since the last look. */
  isOld = true
  lookedAtMs = Number.NEGATIVE_INFINITY
  leftAtMs = Number.POSITIVE_INFINITY

  constructor(subject: Subject, limits: Pick<WatchLimits, 'keptChanges' | 'keptBytes'>) {
    this.#subject = subject
    this.#limits = limits
  }

  get subject(): Subject {
    return this.#subject
  }

  get version(): Version | undefined {
    return this.#versions.at(-1)
  }

  /** It is known to be like that at this index. */
  get index(): number {
    return this.#index
  }

  get end(): 'ended' | ConnectError | undefined {
    return this.#end
  }

  /** True: there is something to tell. */
  look(index: number, nowMs: number): boolean {
    if (this.#end !== undefined) return false
    this.isOld = false
    this.lookedAtMs = nowMs
    this.#index = index
    try {
      const look = this.#subject.look()
      if (look.type === 'same') return false
      if (look.type === 'ended') this.#end = 'ended'
      else this.#add(index, look.fingerprint, look.change)
    } catch (error) {
      // What was there and is not any more has ended.
      this.#end = this.version === undefined ? ConnectError.from(error) : 'ended'
    }
    return true
  }

  admit(principal: Principal | undefined): void {
    this.#subject.admit(principal)
  }

  /** The version with this fingerprint, if it was lately. */
  numbered(fingerprint: Uint8Array): number | undefined {
    return this.#versions.findLast((it) => sameBytes(it.fingerprint, fingerprint))?.number
  }

  /** What has changed since a version; undefined when that is not known any more. */
  since(number: number): readonly Version[] | undefined {
    const later = this.#versions.filter((it) => it.number > number)
    const first = later[0]
    const isWhole = first === undefined || first.number === number + 1
    return isWhole && later.every(({ change }) => change !== undefined) ? later : undefined
  }

  #add(index: number, fingerprint: Uint8Array, change: EncodedBody | undefined): void {
    const number = (this.version?.number ?? 0) + 1
    this.#versions.push({ number, index, fingerprint, change })
    this.#keptBytes += change?.data.length ?? 0
    const { keptBytes, keptChanges } = this.#limits
    while (
      this.#versions.length > 1 &&
      (this.#versions.length > keptChanges || this.#keptBytes > keptBytes)
    )
      this.#keptBytes -= this.#versions.shift()?.change?.data.length ?? 0
  }
}
