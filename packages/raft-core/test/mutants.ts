/**
 * Planted bugs: each a small change of the source text, made in a copy. The simulator must find every
 * one within its budget; a mutant that survives means that the simulator is broken. When a line here
 * no longer matches the source, the test says so: bring it up to date.
 */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Invariants that may be the first to notice. */
  readonly expected: readonly string[]
  /** Default `swarm`. */
  readonly profile?: string
  /** Most events until it must be found. Default 1 million. */
  readonly maxEvents?: number
}

const ELECTIONS: readonly Mutant[] = [
  {
    name: 'the vote is not persisted',
    file: 'core/state.ts',
    from: 'hardState: withHardState ? { term, votedFor, commitIndex } : undefined',
    to: 'hardState: withHardState ? { term, votedFor: votedFor && undefined, commitIndex } : undefined',
    expected: ['I1', 'I7'],
  },
  {
    name: 'a second vote in the same term',
    file: 'core/election.ts',
    from: 's.votedFor === message.from || (s.votedFor === undefined && s.leader === undefined)',
    to: 's.leader === undefined',
    expected: ['I6', 'I7', 'assertion'],
  },
  {
    name: 'votes of an earlier candidacy count',
    file: 'core/raft-core.ts',
    from: 'if (message.term < s.term) {',
    to: "if (message.term < s.term && message.type !== 'requestVoteReply') {",
    expected: ['I1', 'assertion'],
    maxEvents: 5_000_000,
  },
  {
    name: 'half of the nodes are a majority',
    file: 'core/quorum.ts',
    from: 'return Math.floor(voters / 2) + 1',
    to: 'return Math.max(1, Math.floor(voters / 2))',
    expected: ['I1', 'I7', 'I4', 'assertion'],
  },
  {
    name: 'a vote goes to a shorter log',
    file: 'core/raft-log.ts',
    from: 'lastLogIndex >= this.lastIndex',
    to: 'lastLogIndex >= 0',
    expected: ['I4', 'I5', 'assertion'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a vote goes by the length of the log alone',
    file: 'core/raft-log.ts',
    from: '(lastLogTerm === this.lastTerm && lastLogIndex >= this.lastIndex)',
    to: 'lastLogIndex >= this.lastIndex',
    expected: ['I4', 'I5', 'assertion'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a promise leaves before it is durable',
    file: 'core/state.ts',
    from: 'if (afterWrite <= this.completedWriteId && message.to !== this.config.id)',
    to: 'if (message.to !== this.config.id)',
    expected: ['I7'],
  },
]

const REPLICATION: readonly Mutant[] = [
  {
    name: 'an entry of an older term is committed by counting (Figure 8)',
    file: 'core/commit.ts',
    from: '|| index < s.termStart) return false',
    to: ') return false',
    expected: ['I4', 'I5', 'assertion'],
  },
  {
    name: 'the best of three is committed',
    file: 'core/quorum.ts',
    from: 'return middle(at(voters, 0, acked), at(voters, 1, acked), at(voters, 2, acked))',
    to: 'return Math.max(at(voters, 0, acked), at(voters, 1, acked), at(voters, 2, acked))',
    expected: ['I7'],
  },
  {
    name: 'the leader counts what it has not yet synced',
    file: 'core/commit.ts',
    from: 'if (id === s.config.id) return s.log.durableIndex',
    to: 'if (id === s.config.id) return s.log.lastIndex',
    expected: ['I7', 'I5'],
  },
  {
    name: 'every append truncates what follows it',
    file: 'core/following.ts',
    from: 'if (ours === entry.term) continue',
    to: 'if (ours === entry.term && entry.index <= s.commitIndex) continue',
    expected: ['I4', 'I5', 'I7', 'I8', 'assertion', 'liveness'],
  },
  {
    name: 'a heartbeat commits what its receiver has not acknowledged',
    file: 'core/replication.ts',
    from: 'const leaderCommit = Math.min(progress.match, s.commitIndex)',
    to: 'const leaderCommit = s.commitIndex',
    expected: ['I5', 'I7', 'assertion'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a late completion makes newer entries durable (ABA)',
    file: 'core/raft-log.ts',
    from: 'for (const write of this.#pending) write.lastIndex = Math.min(write.lastIndex, from - 1)',
    to: '',
    expected: ['I7', 'assertion'],
    maxEvents: 5_000_000,
  },
  {
    name: 'the answer to a heartbeat lets nothing out',
    file: 'core/replication.ts',
    from: '  progress.resume()\n',
    to: '',
    expected: ['liveness'],
  },
  {
    name: 'a write changes under its writer',
    file: 'core/state.ts',
    from: '    this.newlyKnownPeers = []\n    const withHardState',
    to: '    if (peers.length > 0) this.newlyKnownPeers = []\n    const withHardState',
    expected: ['recovery'],
    maxEvents: 5_000_000,
  },
]

const MEMBERS: readonly Mutant[] = [
  {
    name: 'a change while another one is not applied',
    file: 'core/config-entries.ts',
    from: "if (s.pendingConfigIndex > s.appliedIndex) return 'pending'",
    to: '',
    expected: ['I12', 'I1', 'assertion'],
    profile: 'members',
  },
  {
    name: 'a change before an entry of the own term is committed (Ongaro 2015)',
    file: 'core/config-entries.ts',
    from: "if (s.config.changeAfterOwnCommit && s.commitIndex < s.termStart) return 'notReady'",
    to: '',
    expected: ['I12'],
    profile: 'members',
    maxEvents: 5_000_000,
  },
  {
    name: 'the outgoing half does not count for commits',
    file: 'core/quorum.ts',
    from: 'return Math.min(incoming, committedIndex(membership.votersOutgoing, acked))',
    to: 'return incoming',
    expected: ['I7'],
    profile: 'members',
  },
  {
    name: 'the outgoing half does not count for votes',
    file: 'core/quorum.ts',
    from: "if (membership.votersOutgoing.length === 0 || incoming === 'lost') return incoming",
    to: 'return incoming',
    expected: ['I1'],
    maxEvents: 5_000_000,
  },
  {
    name: 'two changes of the voters at once without a joint membership',
    file: 'core/membership-change.ts',
    from: "const single = change.transition === 'auto' && change.changes.length === 1",
    to: "const single = change.transition === 'auto'",
    expected: ['I12'],
    profile: 'members',
  },
]

const SNAPSHOTS: readonly Mutant[] = [
  {
    name: 'a snapshot leaves a conflicting entry at its last index',
    file: 'core/snapshots.ts',
    from: 'if (s.log.termAt(mark.index) === mark.term) s.commitIndex = mark.index',
    to: 'if (s.log.termAt(mark.index) !== undefined) s.commitIndex = mark.index',
    expected: ['I5', 'I7', 'assertion'],
    profile: 'snapshots+network',
    maxEvents: 5_000_000,
  },
  {
    name: 'the state is replaced before the log says so durably',
    file: 'core/snapshots.ts',
    from: '|| s.log.durableIndex < mark.index) return undefined',
    to: ') return undefined',
    expected: ['recovery', 'assertion', 'I6'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a snapshot is marked with the entry before its state',
    file: 'runtime/driver.ts',
    from: 'this.core.markAt(this.#appliedIndex)',
    to: 'this.core.markAt(this.#appliedIndex - 1)',
    expected: ['assertion', 'recovery', 'I13', 'I11'],
    profile: 'snapshots',
  },
  {
    name: 'the log is compacted beyond the snapshot',
    file: 'runtime/compaction.ts',
    from: 'const limit = durableIndex ?? newestSnapshot ?? 0',
    to: 'const limit = (durableIndex ?? newestSnapshot ?? -40) + 40',
    expected: ['recovery'],
  },
  {
    name: 'an offer of a snapshot that was lost is not repeated',
    file: 'core/replication.ts',
    from: "if (progress.state === 'snapshot') repeatOffer(s, progress)",
    to: '',
    expected: ['liveness'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a snapshot has its name before its bytes are durable',
    file: 'wal/snapshot-writer.ts',
    from: '(next) => file.sync(next),\n        (next) => this.#rename(',
    to: '(next) => this.#rename(',
    expected: ['recovery'],
    maxEvents: 5_000_000,
  },
  {
    name: 'the name of a snapshot is not made durable',
    file: 'wal/snapshot-writer.ts',
    from: '(next) => this.#disk.syncDirectory(next),\n        (next) => this.#closeFile(next),',
    to: '(next) => this.#closeFile(next),',
    expected: ['recovery'],
    maxEvents: 5_000_000,
  },
]

const READS: readonly Mutant[] = [
  {
    name: 'a read is answered without asking a majority',
    file: 'core/read-index.ts',
    from: 'const confirmed = Math.min(reached, s.readSequence)',
    to: 'const confirmed = s.readSequence',
    expected: ['I9'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a read before the leader has committed in its term',
    file: 'core/read-index.ts',
    from: 'if (s.commitIndex < s.termStart) return',
    to: '',
    expected: ['I9'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a lease that outlives an election timeout',
    file: 'runtime/raft-config.ts',
    from: 'return ticks * config.tickMs - config.leaseMarginMs',
    to: 'return 100 * ticks * config.tickMs',
    expected: ['I9'],
    profile: 'network+reads+members+strikes+crashes',
    maxEvents: 10_000_000,
  },
  {
    name: 'a lease goes on during a transfer of leadership',
    file: 'runtime/leases.ts',
    from: 'return now < this.#until && this.#transfers === 0 && this.#brokenTerm !== this.#term',
    to: 'return now < this.#until',
    expected: ['I9'],
    profile: 'network+reads+members+strikes',
    maxEvents: 10_000_000,
  },
  {
    name: 'a command in the log is said to be certainly not applied',
    file: 'runtime/proposals.ts',
    from: 'if (proposal.index > 0 || proposal.forwardTerm > 0) this.unknown',
    to: 'if (proposal.forwardTerm > 0) this.unknown',
    expected: ['I8'],
  },
  {
    name: 'a forwarded command is said to be certainly not applied',
    file: 'runtime/proposals.ts',
    from: 'if (proposal.index > 0 || proposal.forwardTerm > 0) this.unknown',
    to: 'if (proposal.index > 0) this.unknown',
    expected: ['I8'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a caller gets the result of another command',
    file: 'runtime/driver.ts',
    from: 'proposals.applied(entries[i] as Entry, results[i] as Result)',
    to: 'proposals.applied(entries[i] as Entry, results[0] as Result)',
    expected: ['I8'],
  },
]

const STORAGE: readonly Mutant[] = [
  {
    name: 'the log acknowledges before the sync',
    file: 'wal/batch-writer.ts',
    from: '[(next) => file.write(offset, record, next), (next) => file.sync(next)]',
    to: '[(next) => file.write(offset, record, next)]',
    expected: ['I7'],
  },
  {
    name: 'a failed sync is tried again',
    file: 'wal/batch-writer.ts',
    from: '[(next) => file.write(offset, record, next), (next) => file.sync(next)]',
    to: '[(next) => file.write(offset, record, next), (next) => file.sync((e) => (e ? file.sync(next) : next(e)))]',
    expected: ['recovery', 'I8', 'I7', 'I5'],
    profile: 'disk',
    maxEvents: 5_000_000,
  },
  {
    name: 'a record that others follow is cut off as a torn write',
    file: 'wal/recover.ts',
    from: 'else if (found === undefined) next()',
    to: 'else if (found !== 0) next()',
    expected: ['recovery'],
    profile: 'disk',
    maxEvents: 5_000_000,
  },
  {
    name: 'a new segment has no durable name',
    file: 'wal/batch-writer.ts',
    from: 'start, next),\n        (next) => this.#disk.syncDirectory(next),',
    to: 'start, next),',
    expected: ['I7', 'recovery'],
  },
  {
    name: 'what was read after a crash is not written again',
    file: 'wal/repair.ts',
    from: '(next) => file.write(from, bytes, next),',
    to: '',
    expected: ['recovery', 'I8', 'I7'],
    maxEvents: 5_000_000,
  },
  {
    name: 'segments go before the superblock does without them',
    file: 'wal/batch-writer.ts',
    from: '(next) => this.#keeper.writeBoth(change, next),\n        (next) => removeSegments',
    to: '(next) => removeSegments',
    expected: ['recovery', 'I7'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a truncation is not written',
    file: 'wal/operations.ts',
    from: '  if (write.truncateFrom !== undefined) {',
    to: '  if (write.truncateFrom === 0) {',
    expected: ['recovery'],
    maxEvents: 5_000_000,
  },
  {
    name: 'a log that was replaced by a snapshot comes back whole',
    file: 'wal/operations.ts',
    from: 'to.u8(write.base.reset ? 1 : 0)',
    to: 'to.u8(0)',
    expected: ['recovery'],
    maxEvents: 5_000_000,
  },
]

export const MUTANTS: readonly Mutant[] = [
  ...ELECTIONS,
  ...REPLICATION,
  ...MEMBERS,
  ...SNAPSHOTS,
  ...READS,
  ...STORAGE,
]
