/**
 * Planted bugs: each a small change of the source text, made in a copy. The simulator must find every
 * one; a mutant that survives means that the simulator is broken. When a line here no longer matches
 * the source, the test says so: bring it up to date.
 */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Invariants that may be the first to notice. */
  readonly expected: readonly string[]
  /** Takes more than a few seconds to find: only in CI. */
  readonly slow?: boolean
  readonly profile?: 'swarm' | 'network' | 'elections' | 'crashes' | 'disk'
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the log acknowledges before the sync',
    file: 'wal/batch-writer.ts',
    from: 'else file.sync(done)',
    to: 'else done(undefined)',
    expected: ['I7'],
  },
  {
    name: 'the vote is not persisted',
    file: 'core/state.ts',
    from: 'hardState: withHardState ? { term, votedFor, commitIndex } : undefined',
    to: 'hardState: withHardState ? { term, votedFor: votedFor && undefined, commitIndex } : undefined',
    expected: ['I1', 'I7'],
  },
  {
    name: 'an entry of an older term is committed by counting (Figure 8)',
    file: 'core/commit.ts',
    from: '|| index < s.termStart) return',
    to: ') return',
    expected: ['I4', 'I5', 'assertion'],
  },
  {
    name: 'every append truncates what follows it',
    file: 'core/following.ts',
    from: 'if (ours === entry.term) continue',
    to: 'if (ours === entry.term && entry.index <= s.commitIndex) continue',
    expected: ['I4', 'I5', 'I7', 'I8', 'assertion', 'liveness'],
    profile: 'network',
  },
  {
    name: 'votes of an earlier candidacy count',
    file: 'core/raft-core.ts',
    from: 'if (message.term >= s.term) handleRequestVoteReply(s, message)',
    to: 'handleRequestVoteReply(s, message)',
    expected: ['I1', 'assertion'],
    profile: 'elections',
    slow: true,
  },
  {
    name: 'a record that others follow is cut off as a torn write',
    file: 'wal/recover.ts',
    from: 'else if (found === undefined) next()',
    to: 'else if (found !== 0) next()',
    expected: ['recovery'],
    profile: 'disk',
  },
  {
    name: 'a promise leaves before it is durable',
    file: 'core/state.ts',
    from: 'if (afterWrite <= this.completedWriteId && message.to !== this.config.id)',
    to: 'if (message.to !== this.config.id)',
    expected: ['I7'],
  },
  {
    name: 'the leader counts what it has not yet synced',
    file: 'core/commit.ts',
    from: '? s.log.durableIndex',
    to: '? s.log.lastIndex',
    expected: ['I7', 'I5'],
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
    slow: true,
  },
  {
    name: 'everything in the log is committed when the leader says less',
    file: 'core/following.ts',
    from: 'Math.min(message.leaderCommit, lastNew)',
    to: 'Math.min(message.leaderCommit, s.log.lastIndex)',
    expected: ['I5', 'I7', 'assertion'],
  },
  {
    name: 'a new segment has no durable name',
    file: 'wal/batch-writer.ts',
    from: '(next) => this.#disk.syncDirectory(next),',
    to: '',
    expected: ['I7', 'recovery'],
  },
  {
    name: 'what was read after a crash is not written again',
    file: 'wal/repair.ts',
    from: '(next) => file.write(from, bytes, next),',
    to: '',
    expected: ['recovery', 'I8'],
    profile: 'disk',
    slow: true,
  },
  {
    name: 'a failed sync is tried again',
    file: 'wal/batch-writer.ts',
    from: 'else file.sync(done)',
    to: 'else file.sync((failed) => (failed === undefined ? done(undefined) : file.sync(done)))',
    expected: ['recovery', 'I8'],
    profile: 'disk',
    slow: true,
  },
  {
    name: 'a read is answered without asking a majority',
    file: 'core/read-index.ts',
    from: 'if (sequence > confirmed) break',
    to: 'if (sequence > confirmed + 1e9) break',
    expected: ['I9'],
    profile: 'network',
    slow: true,
  },
  {
    name: 'an answer to a message of an older term confirms a read round',
    file: 'core/following.ts',
    from: 'readSequence: 0 })',
    to: 'readSequence: message.readSequence })',
    expected: ['assertion', 'I9'],
    slow: true,
  },
]
