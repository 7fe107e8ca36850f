/** The state of a node, and what a leader knows of its followers, as etcd prints them. */
import { nameOf, numberOf } from '../names.ts'
import type { CoreStatus } from '../raft-core.ts'
import type { HardStateNumbers, SoftState } from './describe.ts'
import type { ScenarioNode } from './node.ts'

const ROLES = {
  follower: 'StateFollower',
  preCandidate: 'StatePreCandidate',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
} as const

const STATES = {
  probe: 'StateProbe',
  replicate: 'StateReplicate',
  snapshot: 'StateSnapshot',
  apart: 'StateApart',
} as const

export function softStateOf({ leader, role }: CoreStatus): SoftState {
  return { leader: numberOf(leader), role: ROLES[role] }
}

export function hardStateOf({ term, votedFor, commitIndex }: CoreStatus): HardStateNumbers {
  return { term, vote: numberOf(votedFor), commit: commitIndex }
}

/** A line for each member, itself included; nothing of a node that does not lead. */
export function describeProgress(node: ScenarioNode): readonly string[] {
  const { status } = node
  if (status.role !== 'leader') return []
  const lines = new Map(status.peers.map((peer) => [numberOf(peer.id), describePeer(peer)]))
  if (status.members.includes(nameOf(node.id))) lines.set(node.id, describeSelf(node))
  return [...lines].sort(([a], [b]) => a - b).map(([id, text]) => `${id}: ${text}`)
}

function describePeer(peer: CoreStatus['peers'][number]): string {
  let text = `${STATES[peer.state]} match=${peer.matchIndex} next=${peer.nextIndex}`
  if (peer.isLearner) text += ' learner'
  if (peer.isPaused) text += ' paused'
  if (peer.pendingSnapshotIndex > 0) text += ` pendingSnap=${peer.pendingSnapshotIndex}`
  if (!peer.recentlyActive) text += ' inactive'
  if (peer.inflightMessages > 0) {
    text += ` inflight=${peer.inflightMessages}${peer.windowIsFull ? '[full]' : ''}`
  }
  return text
}

/** Its own part is its log: what is durable of it, at least what it began its term with. */
function describeSelf(node: ScenarioNode): string {
  const { durableIndex, termStartIndex, membership } = node.status
  const match = Math.max(durableIndex, termStartIndex - 1)
  const learner = membership.learners.includes(nameOf(node.id)) ? ' learner' : ''
  return `StateReplicate match=${match} next=${match + 1}${learner}`
}
