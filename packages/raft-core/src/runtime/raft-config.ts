/** Everything about a node that may be tuned, with its defaults and ranges. */
import { ConfigError } from '../errors.ts'

/** All members of a cluster should use the same times, and must use the same `leaseReads`. */
export interface RaftConfig {
  /** Milliseconds between two ticks; all times below are rounded up to whole ticks. Default 10, 1–1,000. */
  readonly tickMs: number
  /** A leader speaks to every follower at least this often. Default 50 ms. */
  readonly heartbeatMs: number
  /**
   * Least time without a leader before a follower campaigns; also how long a leader leads without
   * hearing from a majority. At least three heartbeats. Default 500 ms.
   */
  readonly electionMinMs: number
  /** Most time without a leader before a follower campaigns. Above `electionMinMs`. Default 1,000 ms. */
  readonly electionMaxMs: number
  /** Ask before campaigning, so that nobody disturbs a leader in vain (dissertation §9.6). Default true. */
  readonly preVote: boolean
  /** A leader that hears from no majority steps down, and followers stand by it until then. Default true. */
  readonly checkQuorum: boolean
  /** A voter of higher priority votes only for logs longer than its own. At least 0. Default 0. */
  readonly priority: number
  /** How many entries a learner may be behind to be promoted by itself. At least 0. Default 64. */
  readonly learnerCatchUpEntries: number

  /** Largest command, in bytes. Default 1 MiB. */
  readonly maxEntryBytes: number
  /** Largest append message, in bytes of entries (one entry may exceed it). Default 1 MiB. */
  readonly maxAppendBytes: number
  /** Append messages under way to one follower. Default 16. */
  readonly maxInflightMessages: number
  /** Bytes of entries under way to one follower. Default 8 MiB. */
  readonly maxInflightBytes: number
  /** Bytes of entries kept in memory so that replication need not read the disk. Default 32 MiB. */
  readonly maxTailBytes: number
  /** Bytes appended by a leader and not yet committed; more is refused as overloaded. Default 32 MiB. */
  readonly maxUncommittedBytes: number
  /** Bytes of entries handed to the state machine at once (one entry may exceed it). Default 4 MiB. */
  readonly maxApplyBytes: number
  /** Proposals waiting for an answer; more are refused as overloaded. Default 65,536. */
  readonly maxPendingProposals: number
  /** Bytes of proposals waiting for an answer; more are refused as overloaded. Default 64 MiB. */
  readonly maxPendingBytes: number
  /** Reads waiting for an answer; more are refused as overloaded. Default 65,536. */
  readonly maxPendingReads: number
  /** Bytes received from peers and not yet handled (one batch may exceed it); more is dropped. Default 64 MiB. */
  readonly maxInboxBytes: number
  /** A proposal without an answer for so long fails (`timeout`). Default 10,000 ms. */
  readonly proposeTimeoutMs: number
  /**
   * News of commits alone wait up to so long for something else to be sent to that follower: it applies entries so much later
   * when nothing follows them, and one caller after the other costs a third less. Nobody's command waits for it;
   * with `forwardProposals` it does nothing. Default 0: sent at once.
   */
  readonly commitNewsMs: number
  /** A follower passes proposals on to the leader, instead of refusing them. Default false. */
  readonly forwardProposals: boolean

  /**
   * Reads may be answered by a lease, without asking a majority, as long as no clock of a member
   * runs off by more than `leaseMarginMs` in an election timeout. Default false.
   */
  readonly leaseReads: boolean
  /** What a lease is shorter by, for clocks that do not run alike. Default 50 ms. */
  readonly leaseMarginMs: number

  /** Take a snapshot after so many applied entries. Default 100,000; 0: not by entries. */
  readonly snapshotEveryEntries: number
  /** Take a snapshot after so many bytes of applied entries. Default 64 MiB; 0: not by bytes. */
  readonly snapshotEveryBytes: number
  /** Entries kept in the log behind what could be removed, as far as `retainBytes` goes. Default 10,000. */
  readonly retainEntries: number
  /**
   * Bytes of entries kept in the log behind what could be removed, as far as `retainEntries` goes, so
   * that a member that was away for a while needs no snapshot. Default 64 MiB.
   */
  readonly retainBytes: number
  /** How long a snapshot that is not the newest is kept after a member last fetched of it. Default 60,000 ms. */
  readonly snapshotKeepMs: number
  /** Most bytes of a snapshot in one message. Default 1 MiB. */
  readonly snapshotChunkBytes: number
  /** Pieces of a snapshot that are asked for at once. Default 4. */
  readonly snapshotFetchWindow: number
  /** A piece of a snapshot that does not come for so long is asked for elsewhere. Default 3,000 ms. */
  readonly snapshotTimeoutMs: number
  /** Where snapshots are fetched from: the leader, or any member that has one. Default `leader`. */
  readonly snapshotSource: 'leader' | 'anyMember'
}

export const RAFT_DEFAULTS: RaftConfig = {
  tickMs: 10,
  heartbeatMs: 50,
  electionMinMs: 500,
  electionMaxMs: 1000,
  preVote: true,
  checkQuorum: true,
  priority: 0,
  learnerCatchUpEntries: 64,
  maxEntryBytes: 1 << 20,
  maxAppendBytes: 1 << 20,
  maxInflightMessages: 16,
  maxInflightBytes: 8 << 20,
  maxTailBytes: 32 << 20,
  maxUncommittedBytes: 32 << 20,
  maxApplyBytes: 4 << 20,
  maxPendingProposals: 65_536,
  maxPendingBytes: 64 << 20,
  maxPendingReads: 65_536,
  maxInboxBytes: 64 << 20,
  proposeTimeoutMs: 10_000,
  commitNewsMs: 0,
  forwardProposals: false,
  leaseReads: false,
  leaseMarginMs: 50,
  snapshotEveryEntries: 100_000,
  snapshotEveryBytes: 64 << 20,
  retainEntries: 10_000,
  retainBytes: 64 << 20,
  snapshotKeepMs: 60_000,
  snapshotChunkBytes: 1 << 20,
  snapshotFetchWindow: 4,
  snapshotTimeoutMs: 3000,
  snapshotSource: 'leader',
}

/** Numbers that may be 0; all others are at least 1. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set([
  'priority',
  'learnerCatchUpEntries',
  'commitNewsMs',
  'leaseMarginMs',
  'snapshotEveryEntries',
  'snapshotEveryBytes',
  'retainEntries',
  'retainBytes',
  'snapshotKeepMs',
])

/** Fills in the defaults and checks the ranges. Throws `ConfigError` naming the option. */
export function checkConfig(given: Partial<RaftConfig> = {}): RaftConfig {
  const config: RaftConfig = { ...RAFT_DEFAULTS, ...given }
  for (const name of Object.keys(RAFT_DEFAULTS) as (keyof RaftConfig)[]) checkOne(config, name)
  if (config.tickMs > 1000) throw new ConfigError('tickMs: must be at most 1000')
  if (config.electionMinMs < 3 * config.heartbeatMs) {
    throw new ConfigError('electionMinMs: must be at least three times heartbeatMs')
  }
  if (config.electionMaxMs <= config.electionMinMs) {
    throw new ConfigError('electionMaxMs: must be above electionMinMs')
  }
  if (config.leaseReads && leaseMs(config) < 1) {
    throw new ConfigError('leaseMarginMs: leaves nothing of the lease; see electionMinMs')
  }
  return config
}

function checkOne(config: RaftConfig, name: keyof RaftConfig): void {
  const value = config[name]
  const wanted = RAFT_DEFAULTS[name]
  if (typeof wanted === 'string') {
    if (value === 'leader' || value === 'anyMember') return
    throw new ConfigError(`${name}: must be leader or anyMember, is ${value}`)
  }
  if (typeof wanted === 'boolean') {
    if (typeof value === 'boolean') return
    throw new ConfigError(`${name}: must be true or false, is ${value}`)
  }
  const least = MAY_BE_ZERO.has(name) ? 0 : 1
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
    throw new ConfigError(`${name}: must be a number of at least ${least}, is ${value}`)
  }
}

/** The ticks of the core's election timeouts. */
export function electionTicks(config: RaftConfig): { heartbeat: number; min: number; max: number } {
  const ticks = (ms: number) => Math.max(1, Math.ceil(ms / config.tickMs))
  const heartbeat = ticks(config.heartbeatMs)
  const min = Math.max(3 * heartbeat, ticks(config.electionMinMs))
  return { heartbeat, min, max: Math.max(min + 1, ticks(config.electionMaxMs)) }
}

/**
 * How many missed ticks are made up for at once. A pause of this process alone is no reason to give up
 * leading, or to campaign: time is left to hear from peers, who may have stood still too. Two pauses
 * in a row are not yet one timeout.
 */
export function mostTicksAtOnce(config: RaftConfig): number {
  return Math.floor(electionTicks(config).min / 2)
}

/**
 * How long a follower waits for the one before it in line when the leader's stream has closed: long
 * enough for an election between nodes that are near to each other.
 */
export function successionMs(config: RaftConfig): number {
  return Math.max(2 * config.tickMs, config.electionMinMs / 20)
}

/**
 * How long no other leader can have been elected, counted from the sending of a round that a majority
 * has confirmed. Shorter than an election timeout by the margin, and by the ticks that a follower may
 * count in one go right after it has heard from the leader: those it has missed by standing still.
 */
export function leaseMs(config: RaftConfig): number {
  const ticks = electionTicks(config).min - mostTicksAtOnce(config) - 1
  return ticks * config.tickMs - config.leaseMarginMs
}
