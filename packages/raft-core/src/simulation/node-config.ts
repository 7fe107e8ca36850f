import type { RaftConfig } from '../runtime/raft-config.ts'
import type { Feature } from './features.ts'
import type { Profile } from './profile.ts'

const TICK_MS = 15
const HEARTBEAT_MS = 45

/** What a node is opened with: the limits of the profile, and what its features ask for. */
export function configOf(profile: Profile, priority: number): Partial<RaftConfig> {
  const has = (feature: Feature): boolean => profile.features.includes(feature)
  return {
    tickMs: TICK_MS,
    heartbeatMs: HEARTBEAT_MS,
    electionMinMs: profile.electionMinMs,
    electionMaxMs: profile.electionMaxMs,
    proposeTimeoutMs: 2000,
    // Some runs with it, some without: no draw of its own, so that seeds stay what they are.
    commitNewsMs: has('slowLinks') ? 4 : 0,
    maxAppendBytes: profile.maxAppendBytes,
    maxInflightMessages: profile.maxInflightMessages,
    maxTailBytes: profile.maxTailBytes,
    maxApplyBytes: profile.maxApplyBytes,
    maxUncommittedBytes: profile.maxUncommittedBytes,
    maxPendingProposals: profile.maxPendingProposals,
    maxInboxBytes: profile.maxInboxBytes,
    leaseReads: has('leaseReads'),
    leaseMarginMs: profile.leaseMarginMs,
    forwardProposals: has('forwarding'),
    priority: has('priorities') ? priority : 0,
    learnerCatchUpEntries: 5,
    snapshotEveryEntries: has('snapshots') ? profile.snapshotEvery : 0,
    snapshotEveryBytes: 0,
    retainEntries: profile.keepEntries,
    snapshotChunkBytes: profile.snapshotChunkBytes,
    snapshotKeepMs: 2000,
    snapshotTimeoutMs: 300,
    snapshotSource: has('anySource') ? 'anyMember' : 'leader',
  }
}
