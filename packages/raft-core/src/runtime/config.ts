/** The runtime's defaults, their ranges, and the same in ticks for the core. */
import type { CoreOptions } from '../core/config.ts'
import { ConfigError } from '../errors.ts'
import type { Random } from '../ports.ts'
import type { Genesis, NodeId, RestoredLog, Term } from '../types.ts'
import type { RaftConfig } from './options.ts'

export const RAFT_DEFAULTS: RaftConfig = {
  tickMs: 10,
  heartbeatMs: 50,
  electionMinMs: 500,
  electionMaxMs: 1000,
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
}

/** Fills in the defaults and checks the ranges. Throws `ConfigError` naming the option. */
export function checkConfig(given: Partial<RaftConfig> = {}): RaftConfig {
  const config: RaftConfig = { ...RAFT_DEFAULTS, ...given }
  for (const name of Object.keys(RAFT_DEFAULTS) as (keyof RaftConfig)[]) {
    const value = config[name]
    if (!Number.isFinite(value) || value < 1) {
      throw new ConfigError(`${name}: must be a number of at least 1, is ${value}`)
    }
  }
  if (config.tickMs > 1000) throw new ConfigError('tickMs: must be at most 1000')
  if (config.electionMinMs < 3 * config.heartbeatMs) {
    throw new ConfigError('electionMinMs: must be at least three times heartbeatMs')
  }
  if (config.electionMaxMs <= config.electionMinMs) {
    throw new ConfigError('electionMaxMs: must be above electionMinMs')
  }
  return config
}

/** What the core is made with: the same limits, times in ticks, randomness drawn once. */
export function coreOptions(
  id: NodeId,
  members: readonly NodeId[],
  config: RaftConfig,
  random: Random,
): CoreOptions {
  const ticks = (ms: number) => Math.max(1, Math.ceil(ms / config.tickMs))
  const heartbeatTicks = ticks(config.heartbeatMs)
  const electionMinTicks = Math.max(3 * heartbeatTicks, ticks(config.electionMinMs))
  return {
    id,
    members,
    heartbeatTicks,
    electionMinTicks,
    electionMaxTicks: Math.max(electionMinTicks + 1, ticks(config.electionMaxMs)),
    peerLostTicks: Math.max(1, Math.floor(electionMinTicks / 5)),
    electionJitter: makeJitter(Math.floor(random() * 2 ** 32)),
    firstReadId: Math.floor(random() * 2 ** 51),
    maxEntryBytes: config.maxEntryBytes,
    maxAppendBytes: config.maxAppendBytes,
    maxInflightMessages: config.maxInflightMessages,
    maxInflightBytes: config.maxInflightBytes,
    maxTailBytes: config.maxTailBytes,
    maxUncommittedBytes: config.maxUncommittedBytes,
    maxApplyBytes: config.maxApplyBytes,
  }
}

/** Refuses a log that belongs to another cluster than the caller believes. */
export function checkGenesis(given: Genesis | undefined, restored: RestoredLog): void {
  if (given === undefined) return
  const found = restored.genesis
  if (found === undefined) {
    throw new ConfigError('genesis: the log was created without one; it waits to be added')
  }
  if (found.clusterId !== given.clusterId) {
    throw new ConfigError(`genesis: the log is of cluster ${found.clusterId}`)
  }
  if (found.members.join() !== given.members.join()) {
    throw new ConfigError(`genesis: the log was founded by ${found.members.join(', ')}`)
  }
}

/** A pure function of seed, term and attempt, well spread over [0, 1). */
function makeJitter(seed: number): (term: Term, attempt: number) => number {
  return (term, attempt) => {
    let hash = seed ^ Math.imul(term | 0, 0x9e3779b1) ^ Math.imul(attempt | 0, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
    return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
  }
}
