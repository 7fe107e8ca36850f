/**
 * What etcd's `RawNode` does around its core, and our runtime elsewhere: passing proposals and
 * transfers on to the leader, and refusing answers of strangers.
 */
import { nameOf } from '../names.ts'
import { encodeChange, type MembershipChange } from '../raft-core.ts'
import type { ScenarioNode } from './node.ts'
import { isLocal, isResponse, type Proposal, type WireMessage, wire } from './wire.ts'

const DROPPED = 'raft proposal dropped'
const NO_COMMAND = new Uint8Array()

export function changeProposal(change: MembershipChange): Proposal {
  const entry = { index: 0, term: 0, kind: 'config', data: encodeChange(change) } as const
  return { change, entry }
}

/** Returns an error, if there is one. */
export function propose(node: ScenarioNode, proposal: Proposal): string | undefined {
  const { role } = node.status
  if (role === 'leader') return proposeHere(node, proposal)
  if (role !== 'follower' || node.leader === 0) return DROPPED
  const entries =
    'entry' in proposal
      ? [proposal.entry]
      : [{ index: 0, term: 0, kind: 'command', data: proposal.command } as const]
  node.send(wire({ type: 'MsgProp', from: node.id, to: node.leader, entries, proposal }))
  return undefined
}

export function transfer(node: ScenarioNode, to: number): void {
  const { role, term, transferringTo } = node.status
  if (role === 'leader') {
    // Ours hands over to one node at a time; etcd's changes its mind.
    if (transferringTo !== undefined && transferringTo !== nameOf(to)) {
      node.step({ type: 'abortTransfer' })
    }
    node.step({ type: 'transferLeadership', id: 1, to: nameOf(to) })
  } else if (role === 'follower' && node.leader !== 0) {
    node.send(wire({ type: 'MsgTransferLeader', from: to, to: node.leader, term }))
  }
}

/** A message arrives. Returns an error, if there is one. */
export function receive(node: ScenarioNode, message: WireMessage): string | undefined {
  const { from, ours, proposal, type } = message
  if (isLocal(message)) {
    node.receiveLocal(message)
    return undefined
  }
  if (proposal !== undefined) return propose(node, proposal)
  if (type === 'MsgTransferLeader') {
    transfer(node, from as number)
    return undefined
  }
  const isStranger = isResponse(message) && !node.hasMember(from as number)
  // Ours has no such error: it gets the message all the same, and makes nothing of it.
  if (ours !== undefined) node.receive(ours)
  return isStranger ? 'raft: cannot step as peer not found' : undefined
}

function proposeHere(node: ScenarioNode, proposal: Proposal): string | undefined {
  if ('change' in proposal) {
    const refusal = node.proposeChange(proposal.change)
    if (refusal === undefined) return undefined
    if (refusal === 'notLeader' || refusal === 'transferring') return DROPPED
    // See differences.ts: an empty entry in place of a change that is refused.
    return node.propose(NO_COMMAND) ? undefined : DROPPED
  }
  return node.propose(proposal.command) ? undefined : DROPPED
}
