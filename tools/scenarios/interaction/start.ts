/** What a node of a scenario finds when it starts: a snapshot that everybody has, or nothing at all. */
import { NO_MEMBERSHIP, type RestoredLog, type SnapshotMark } from '../raft-core.ts'
import type { NodeSettings } from './settings.ts'

const NO_CLUSTER = '0'.repeat(32)

export interface Start {
  readonly mark: SnapshotMark
  readonly restored: RestoredLog
}

export function startOf(id: number, { start }: NodeSettings): Start {
  const index = start?.index ?? 0
  const membership = start?.membership ?? NO_MEMBERSHIP
  // As etcd's harness has it: the snapshot is of term 1, and the node has not seen a term yet.
  const mark = { index, term: start === undefined ? 0 : 1, membership, configIndex: 0 }
  const founders = { clusterId: NO_CLUSTER, members: membership.voters }
  const restored: RestoredLog = {
    // Undefined of a node that waits to be added.
    genesis: start === undefined ? undefined : founders,
    incarnation: String(id).padStart(32, '0'),
    hardState: { term: 0, votedFor: undefined, commitIndex: index },
    base: mark,
    firstIndex: index + 1,
    lastIndex: index,
    termRuns: [],
    configEntries: [],
    peers: [],
  }
  return { mark, restored }
}
