import type { MembershipRequest, NodeId, RaftNode } from '@quorail/raft-core'
import type { Roster } from './roster.ts'
import type { MemberAddress, PeerSelf } from './types.ts'

export interface MemberProgress extends MemberAddress {
  /** `leaving`: goes with the change under way. `catchingUp`: a learner that the leader makes a voter. */
  readonly role: 'voter' | 'learner' | 'catchingUp' | 'leaving'
  readonly leads: boolean
  /** Heard of within an election timeout; the leader itself is. */
  readonly active: boolean
  readonly matchIndex: number
  /** How it is sent the log; undefined for the leader itself, and where nobody leads. */
  readonly state: 'probe' | 'replicate' | 'snapshot' | 'apart' | undefined
}

/** Who belongs to the cluster and who leads it. Rejects with raft-core's typed errors. */
export interface ClusterControl {
  /** By name. What is known of the others' progress, the leader alone knows. */
  members(): readonly MemberProgress[]
  change(request: MembershipRequest): Promise<void>
  /** Resolves with the new leader. */
  transfer(to: string | undefined): Promise<NodeId>
  /** What this node says of itself to its peers, and what it knows of their lives. */
  asPeer(): PeerSelf
  readonly configIndex: number
  readonly lastIndex: number
}

/** A change waits for a majority, and for the joint configuration to be left. */
const changeWithinMs = 4_000

export function clusterControl(
  id: string,
  roster: Roster,
  node: () => RaftNode<unknown>,
): ClusterControl {
  return {
    members() {
      const { membership, peers, role, lastIndex } = node().status()
      return roster.all().map((member) => {
        const peer = peers.find((it) => it.id === member.id)
        const isSelf = member.id === id
        return {
          ...member,
          role: roleOf(membership, member.id),
          leads: isSelf && role === 'leader',
          active: isSelf || peer?.active === true,
          matchIndex: isSelf ? lastIndex : (peer?.matchIndex ?? 0),
          state: peer?.state,
        }
      })
    },
    asPeer() {
      const { clusterId = '', incarnation, configIndex, apart } = node().status()
      return { clusterId, incarnation, configIndex, apart }
    },
    change: async (request) => {
      await node().changeMembership(request, { timeoutMs: changeWithinMs })
    },
    transfer: (to) => node().transferLeadership(to === undefined ? {} : { to }),
    get configIndex() {
      return node().status().configIndex
    },
    get lastIndex() {
      return node().status().lastIndex
    },
  }
}

function roleOf(
  { voters, promote, learners }: ReturnType<RaftNode<unknown>['status']>['membership'],
  id: string,
): MemberProgress['role'] {
  if (voters.includes(id)) return 'voter'
  if (promote.includes(id)) return 'catchingUp'
  return learners.includes(id) ? 'learner' : 'leaving'
}
