import type { DescribedError } from '../described-error.ts'

/** How something that is watched stands. */
export interface WatchUpdate<Value> {
  /** Undefined until something is known; then always the latest, also while the stream is away. */
  readonly value: Value | undefined
  /** Of which index the value is. It never goes back. */
  readonly index: bigint
  /** The clock of the node that spoke last, in milliseconds since 1970; 0 before that. */
  readonly nodeNowMs: number
  /** Changes are being told. Not live: ask yourself from time to time, if it matters. */
  readonly isLive: boolean
  /** It does not change any more. Without a value: ask for it, it is not among what can be watched. */
  readonly hasEnded: boolean
  /** Why there is nothing (more) to see, or why the stream is away. */
  readonly error: DescribedError | undefined
}

export type WatchListener<Value> = (update: WatchUpdate<Value>) => void
