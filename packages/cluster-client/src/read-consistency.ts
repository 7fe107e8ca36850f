import type { Message } from '@bufbuild/protobuf'
import type { CallOptions } from '@connectrpc/connect'

/**
 * How new a read has to be that any node answers (searches, fares): `stale`, as the node asked has it; `linearizable`,
 * as new as now; or at least as new as a log index, e.g. that of one's own last answer. What only the leader answers is
 * as new as now in any case.
 */
export type ReadConsistency = 'stale' | 'linearizable' | AtLeast

/** At least as new as this log index. */
export interface AtLeast {
  readonly atLeast: bigint
}

/** The highest log index that somebody has been shown: who reads at least that never sees the past again. */
export interface SeenIndex extends AtLeast {
  /** An answer, or the index of one; answers without an index change nothing. */
  note(answer: Message | bigint): void
}

/** @param from where to go on, e.g. the `atLeast` that another process has handed over. */
export function createSeenIndex(from = 0n): SeenIndex {
  let seen = from
  return {
    get atLeast() {
      return seen
    },
    note(answer) {
      const index = typeof answer === 'bigint' ? answer : sourceIndex(answer)
      if (index !== undefined && index > seen) seen = index
    },
  }
}

/** The log index that an answer is the state at. Undefined when it does not say: it was the leader's, as new as then. */
export function sourceIndex(answer: Message): bigint | undefined {
  const { index } = answer as { readonly index?: unknown }
  return typeof index === 'bigint' && index > 0n ? index : undefined
}

/** Options for one call: a read that is so new, whatever its transport asks for otherwise. */
export const readAs = (consistency: ReadConsistency, options: CallOptions = {}): CallOptions =>
  withHeader(options, readHeader, readHeaderValue(consistency))

/**
 * Options for one call: a node that does not lead passes it on to the leader instead of naming it. Costs one hop more; for
 * who can reach some of the nodes only.
 */
export const forwarded = (options: CallOptions = {}): CallOptions =>
  withHeader(options, forwardHeader, '1')

export const readHeader = 'quorail-read'
export const forwardHeader = 'quorail-forward'

export const readHeaderValue = (consistency: ReadConsistency): string =>
  typeof consistency === 'string' ? consistency : `index=${consistency.atLeast}`

function withHeader(options: CallOptions, name: string, value: string): CallOptions {
  const headers = new Headers(options.headers)
  headers.set(name, value)
  return { ...options, headers }
}
