import type { Transport } from '@connectrpc/connect'
import { type Clock, systemClock } from './clock.ts'
import type { ReadConsistency, SeenIndex } from './read-consistency.ts'

export interface ClusterTransportOptions {
  /** Public addresses of the nodes, e.g. `http://localhost:3001`. Hints are followed only to these. */
  readonly endpoints: readonly string[]
  /** Makes the transport to one node; called once per address. */
  readonly createTransport: (url: string) => Transport
  readonly clock?: Clock
  /** Uniform in [0, 1), for the jitter of pauses. */
  readonly random?: () => number
  readonly limits?: Partial<Limits>
  /**
   * Methods without a request id that may be repeated all the same, by full name. The default is
   * LogIn (a session nobody has the token of is harmless) and LogOut.
   */
  readonly repeatable?: readonly string[]
  /**
   * Go also to members that came after `endpoints` was written, as the nodes there name them. For
   * programs. Default: no; a page may call only the addresses that its policy lists.
   */
  readonly followMembers?: boolean
  /**
   * How new reads of any node have to be; `readAs` says so for one call. With a `SeenIndex` every answer is noted in it, so that no
   * read is older than what was shown before. Default: what the node asked has (`stale`).
   */
  readonly reads?: ReadConsistency | SeenIndex
  /** Nodes that do not lead pass calls on to the leader instead of naming it. Default: no. */
  readonly forward?: boolean
}

/** All in milliseconds, save the budget. */
export interface Limits {
  /** A unary call altogether, over all its attempts; `timeoutMs` of a call takes its place. */
  readonly unaryMs: number
  /** One attempt of a unary call. A node answers within 5 s. */
  readonly attemptMs: number
  /** The first message of a stream, per attempt. */
  readonly firstMessageMs: number
  /** Finding a node that opens the stream altogether. */
  readonly openStreamMs: number
  /** "Are you there?" before a node that failed, or has not been heard of lately, is trusted. */
  readonly probeMs: number
  /** A node that owes an answer and has said nothing for so long is asked whether it is there. */
  readonly silentMs: number
  /** How long an answer proves that a node is alive. */
  readonly freshMs: number
  /** How long a node that failed is asked after the others. */
  readonly failedMs: number
  /** "No quorum" and "outcome unknown" are handed to the caller once a call is this old. */
  readonly settleMs: number
  /** Pauses between attempts: uniform between 0 and a limit that doubles from first to most. */
  readonly pauseFirstMs: number
  readonly pauseMostMs: number
  /** Retries in store at most, over all calls; the first try of each node in a call is free. */
  readonly budget: number
  /** Retries that come back per second. */
  readonly budgetPerSecond: number
}

export const defaultLimits: Limits = {
  unaryMs: 15_000,
  attemptMs: 5_500,
  firstMessageMs: 12_000,
  openStreamMs: 30_000,
  probeMs: 1_000,
  silentMs: 500,
  freshMs: 5_000,
  failedMs: 3_000,
  settleMs: 5_000,
  pauseFirstMs: 50,
  pauseMostMs: 400,
  budget: 40,
  budgetPerSecond: 2,
}

/** The options with nothing left open. */
export interface Settings {
  readonly clock: Clock
  readonly random: () => number
  readonly limits: Limits
  readonly repeatable: ReadonlySet<string>
  readonly followMembers: boolean
  readonly reads: ReadConsistency | undefined
  /** Told of every answer. */
  readonly seen: SeenIndex | undefined
  readonly forward: boolean
}

export function settingsOf(options: ClusterTransportOptions): Settings {
  return {
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    limits: { ...defaultLimits, ...options.limits },
    followMembers: options.followMembers ?? false,
    reads: options.reads,
    seen: seenIn(options.reads),
    forward: options.forward ?? false,
    repeatable: new Set(
      options.repeatable ?? [
        'quorail.booking.v1.AccountService.LogIn',
        'quorail.booking.v1.AccountService.LogOut',
      ],
    ),
  }
}

const seenIn = (reads: ReadConsistency | SeenIndex | undefined): SeenIndex | undefined =>
  typeof reads === 'object' && 'note' in reads ? reads : undefined
