/** What a core is made with. Times are in ticks; the embedder decides how long a tick is. */
import { ConfigError } from '../errors.ts'
import type { NodeId, Term } from '../types.ts'

export interface CoreConfig {
  readonly id: NodeId
  /** A leader speaks to every follower at least this often. At least 1. Default 5. */
  readonly heartbeatTicks: number
  /** Least ticks without a leader before campaigning; the leader's own limit. Default 50. */
  readonly electionMinTicks: number
  /** Most ticks without a leader before campaigning. Above the least. Default 100. */
  readonly electionMaxTicks: number
  /** Ticks within which a follower campaigns when its leader's stream closed. Default 10. */
  readonly peerLostTicks: number
  /**
   * Spreads elections: a pure function of its arguments and of what it was made with, in [0, 1).
   * `attempt` counts the timeouts this core has drawn, so that no two are bound to be equal.
   */
  readonly electionJitter: (term: Term, attempt: number) => number
  /**
   * Number of the first read this core sends to a leader. Choose it at random, up to 2^52, in each
   * life of a process: an answer meant for an earlier life must not be taken for one's own.
   */
  readonly firstReadId: number
  /** Ask before campaigning (dissertation §9.6). Default true. */
  readonly preVote: boolean
  /**
   * A leader that hears from no majority for `electionMinTicks` steps down, and nobody helps to
   * replace a leader that was heard from within that time. Default true.
   */
  readonly checkQuorum: boolean
  /** How often a leader looks whether it has its majority. Default 1. */
  readonly quorumCheckTicks: number
  /**
   * A log write that has been under way for longer than this means that the disk stands still: the
   * node neither leads nor campaigns. Default: `electionMinTicks`.
   */
  readonly storageStallTicks: number
  /** A voter of higher priority votes only for logs longer than its own. At least 0. Default 0. */
  readonly priority: number
  /**
   * Lease reads are in use in this cluster: nobody campaigns early when a leader's stream closes,
   * nobody forgets a leader, and a node that has just started does not vote until the promise of
   * its past life must be over. Must be the same on all nodes. Default false.
   */
  readonly leaseReads: boolean
  /** Tell candidates and voters what is committed (see `RequestVote.commitIndex`). Default true. */
  readonly commitInVotes: boolean
  /** Decide by the changes of the membership in the log, too (`decisions.ts`). Default true; off for test scenarios. */
  readonly countUnappliedChanges: boolean
  /** A leader that is no voter any more steps down once it has applied that. Default true. */
  readonly stepDownOnRemoval: boolean
  /** Before it does, it asks the most advanced voter to campaign at once. Default true. */
  readonly handOverOnRemoval: boolean
  /**
   * Entries behind an offered snapshot that are kept, at most, as long as the follower is heard from and has not
   * read them; so many more than the embedder asks for. Default 1,000,000; 0: none.
   */
  readonly keepEntriesForOffers: number
  /** Refuse changes of the membership that can not be made. Default true; off for test scenarios. */
  readonly validateMembership: boolean
  /**
   * No change of the membership before an entry of the leader's own term is committed (Ongaro 2015).
   * Default true; off for test scenarios.
   */
  readonly changeAfterOwnCommit: boolean
  /** How many entries a learner may be behind to be promoted (see `Membership.promote`). Default 64. */
  readonly promoteWithinEntries: number
  /**
   * Apply committed entries that are not yet durable here. Default false: no state is ever ahead of
   * this node's own log.
   */
  readonly applyUnstable: boolean
  /** Default 1 MiB. */
  readonly maxEntryBytes: number
  /** Default 1 MiB. */
  readonly maxAppendBytes: number
  /** Default 16. */
  readonly maxInflightMessages: number
  /** Default 8 MiB. */
  readonly maxInflightBytes: number
  /** Default 32 MiB. */
  readonly maxTailBytes: number
  /** Default 32 MiB. */
  readonly maxUncommittedBytes: number
  /** Default 4 MiB. */
  readonly maxApplyBytes: number
  /** Read requests waiting in the core, of this node and its followers. Default 4,096. */
  readonly maxPendingReads: number
}

export const CORE_DEFAULTS = {
  heartbeatTicks: 5,
  electionMinTicks: 50,
  electionMaxTicks: 100,
  peerLostTicks: 10,
  quorumCheckTicks: 1,
  maxEntryBytes: 1 << 20,
  maxAppendBytes: 1 << 20,
  maxInflightMessages: 16,
  maxInflightBytes: 8 << 20,
  maxTailBytes: 32 << 20,
  maxUncommittedBytes: 32 << 20,
  maxApplyBytes: 4 << 20,
  maxPendingReads: 4096,
} as const

const SWITCHES = {
  preVote: true,
  checkQuorum: true,
  leaseReads: false,
  commitInVotes: true,
  countUnappliedChanges: true,
  stepDownOnRemoval: true,
  handOverOnRemoval: true,
  keepEntriesForOffers: 1_000_000,
  validateMembership: true,
  changeAfterOwnCommit: true,
  applyUnstable: false,
  priority: 0,
  promoteWithinEntries: 64,
} as const

/** What must be given; the rest has defaults. */
export type CoreOptions = Pick<CoreConfig, 'id' | 'electionJitter' | 'firstReadId'> &
  Partial<CoreConfig>

/** Fills in the defaults and checks the ranges. Throws `ConfigError` naming the option. */
export function checkCoreConfig(options: CoreOptions): CoreConfig {
  const storageStallTicks = options.electionMinTicks ?? CORE_DEFAULTS.electionMinTicks
  const config: CoreConfig = { ...CORE_DEFAULTS, ...SWITCHES, storageStallTicks, ...options }
  checkName('id', config.id)
  const limits = Object.keys(CORE_DEFAULTS) as (keyof typeof CORE_DEFAULTS)[]
  for (const name of [...limits, 'storageStallTicks'] as const) {
    const value = config[name]
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ConfigError(`${name}: must be a whole number of at least 1, is ${value}`)
    }
  }
  if (config.electionMinTicks < 3 * config.heartbeatTicks) {
    throw new ConfigError('electionMinTicks: must be at least three heartbeats')
  }
  if (config.electionMaxTicks <= config.electionMinTicks) {
    throw new ConfigError('electionMaxTicks: must be above electionMinTicks')
  }
  for (const name of ['priority', 'promoteWithinEntries', 'keepEntriesForOffers'] as const) {
    if (!Number.isSafeInteger(config[name]) || config[name] < 0) {
      throw new ConfigError(`${name}: must be a whole number of at least 0, is ${config[name]}`)
    }
  }
  if (config.leaseReads && !config.checkQuorum) {
    throw new ConfigError('leaseReads: a lease rests on checkQuorum, which is off')
  }
  if (!Number.isSafeInteger(config.firstReadId) || config.firstReadId < 0) {
    throw new ConfigError('firstReadId: must be a whole number of at least 0')
  }
  return config
}

/** Throws `ConfigError` if `name` can not be a node's. */
export function checkName(option: string, name: string): void {
  if (name.length === 0 || name.length > 64) {
    throw new ConfigError(`${option}: a node's name has 1 to 64 characters, not ${name.length}`)
  }
}
