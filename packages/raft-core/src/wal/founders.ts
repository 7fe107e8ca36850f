import type { Genesis, Membership, SnapshotMark } from '../types.ts'

/** Where the log of a founder begins, or of a node that waits to be added: before the first entry. */
export function beginningOf(genesis: Genesis | undefined): SnapshotMark {
  return { index: 0, term: 0, membership: foundersOf(genesis), configIndex: 0 }
}

/** Whether the founding members are those of both. */
export function isSameGenesis(a: Genesis, b: Genesis): boolean {
  return a.clusterId === b.clusterId && a.members.join('\n') === b.members.join('\n')
}

function foundersOf(genesis: Genesis | undefined): Membership {
  return {
    voters: (genesis?.members ?? []).toSorted(),
    votersOutgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
    promote: [],
  }
}
