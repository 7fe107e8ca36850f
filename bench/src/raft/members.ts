/** The three members that every raft benchmark is about, as new as a log can be. */

import type { Genesis, NodeId, RestoredLog } from '@quorail/raft-core'
import type { CoreOptions } from '@quorail/raft-core/core'

export const MEMBERS: readonly NodeId[] = ['n1', 'n2', 'n3']

export const GENESIS: Genesis = { clusterId: 'b'.repeat(32), members: MEMBERS }

const incarnations = new Map(MEMBERS.map((id, i) => [id, String(i + 1).padStart(32, '0')]))

export const incarnationOf = (id: NodeId): string => incarnations.get(id) as string

/** What a founder's empty log gives back. */
export function emptyLog(id: NodeId): RestoredLog {
  const membership = {
    voters: MEMBERS,
    votersOutgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
    promote: [],
  }
  return {
    genesis: GENESIS,
    incarnation: incarnationOf(id),
    hardState: { term: 0, votedFor: undefined, commitIndex: 0 },
    base: { index: 0, term: 0, membership, configIndex: 0 },
    firstIndex: 1,
    lastIndex: 0,
    termRuns: [],
    configEntries: [],
    peers: [],
  } as RestoredLog
}

export function coreOptions(id: NodeId, more: Partial<CoreOptions> = {}): CoreOptions {
  const jitter = MEMBERS.indexOf(id) / MEMBERS.length
  // A core that is older than changes of membership wants to be told the members.
  const members = { members: MEMBERS } as object
  return { id, electionJitter: () => jitter, firstReadId: 1, ...members, ...more } as CoreOptions
}

/** 256 bytes each; the same memory every time, so that making commands costs nothing. */
export const COMMAND_BYTES = 256
export const command = new Uint8Array(COMMAND_BYTES).fill(0x61)

export const commands = (count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, () => command)
