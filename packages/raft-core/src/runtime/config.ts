/** What a core is made with, from what a node is made with. */
import { type CoreOptions, checkName } from '../core/config.ts'
import { ConfigError } from '../errors.ts'
import type { Random } from '../ports.ts'
import type { Genesis, NodeId, RestoredLog, Term } from '../types.ts'
import { electionTicks, type RaftConfig } from './raft-config.ts'

/** The same limits, times in ticks, randomness drawn once. */
export function coreOptions(id: NodeId, config: RaftConfig, random: Random): CoreOptions {
  checkName('id', id)
  const ticks = electionTicks(config)
  return {
    id,
    heartbeatTicks: ticks.heartbeat,
    electionMinTicks: ticks.min,
    electionMaxTicks: ticks.max,
    peerLostTicks: Math.max(1, Math.floor(ticks.min / 5)),
    electionJitter: makeJitter(Math.floor(random() * 2 ** 32)),
    firstReadId: Math.floor(random() * 2 ** 51),
    preVote: config.preVote,
    checkQuorum: config.checkQuorum,
    priority: config.priority,
    leaseReads: config.leaseReads,
    promoteWithinEntries: config.learnerCatchUpEntries,
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
