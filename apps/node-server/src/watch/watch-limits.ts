/** What watching may cost a node; documented in docs/internals/watches.md. */
export interface WatchLimits {
  /** Streams of a node altogether. */
  readonly streams: number
  /** Streams of one account; without one, of one address (behind which may be a whole office). */
  readonly streamsOfAccount: number
  readonly streamsOfAddress: number
  /** Subscriptions of one stream. */
  readonly subscriptions: number
  /** New subscriptions in a minute, of one account or address. */
  readonly subscriptionsPerMinute: number
  /** Different things that are watched on a node. */
  readonly subjects: number
  /** A stream says something at least so often. */
  readonly heartbeatMs: number
  /** A stream whose client takes nothing for so long is closed. */
  readonly drainMs: number
  /** A subscription whose index this node has not reached for so long ends its stream. */
  readonly behindMs: number
  /** A node that has no leader for so long ends its streams: what they show may be old. */
  readonly leaderlessMs: number
  /** Changes of a subject that are kept for those who read slowly or come back; beyond that they get a reset. */
  readonly keptChanges: number
  readonly keptBytes: number
  /** A subject that nobody watches any more is kept for so long. */
  readonly lingerMs: number
  /** A frame that has grown to so many bytes is sent; the rest comes in the next one. */
  readonly frameBytes: number
  /** What depends on the clock and not on the log is looked at again so often. */
  readonly lookAgainMs: number
  /** Looking at what has changed: so long at a time, then so long for others. */
  readonly workMs: number
  readonly restMs: number
}

export const watchLimits: WatchLimits = {
  streams: 5_000,
  streamsOfAccount: 20,
  streamsOfAddress: 400,
  subscriptions: 64,
  subscriptionsPerMinute: 1_200,
  subjects: 4_000,
  heartbeatMs: 5_000,
  drainMs: 20_000,
  behindMs: 4_000,
  leaderlessMs: 4_000,
  keptChanges: 64,
  keptBytes: 16 * 2 ** 10,
  lingerMs: 30_000,
  frameBytes: 256 * 2 ** 10,
  lookAgainMs: 30_000,
  workMs: 4,
  restMs: 16,
}
