/** Messages between runtimes, which are none of the core's business, and those it gets only later. */
import type { Input } from '../core/io.ts'
import type { Message } from '../types.ts'
import type { Host } from './host.ts'
import type { Parts } from './parts.ts'

export type PeerMessage = Extract<Input, { type: 'message' }>

/** Whether the message was for the runtime. What is for the core is left to the caller. */
export function routeMessage<Result>(
  host: Host,
  parts: Parts<Result>,
  letter: PeerMessage,
): boolean {
  switch (letter.message.type) {
    case 'snapshotRequest':
    case 'snapshotChunk':
    case 'installSnapshot':
    case 'forwardProposals':
    case 'forwardProposalsReply':
      if (letter.message.to === host.id) route(host, parts, letter)
      return true
    default:
      return false
  }
}

function route<Result>(
  host: Host,
  parts: Parts<Result>,
  { message, incarnation }: PeerMessage,
): void {
  switch (message.type) {
    case 'snapshotRequest':
      if (parts.serving !== undefined) parts.serving.handle(message)
      else host.post(nothing(host, message.from, message.offset), 'bulk')
      return
    case 'snapshotChunk':
      parts.fetching.arrived(message)
      return
    case 'installSnapshot':
      parts.fetching.offered(message, incarnation)
      return
    case 'forwardProposals': {
      const { standing, forwardService } = parts
      // What the core has become in this very turn is not noted yet; its term tells.
      const leads = standing.leads && host.core.status().term === standing.ledTerm
      const input = forwardService.receive(message, leads, standing.ledTerm)
      if (input === 'notLeader') host.post(forwardService.refusal(message, host.id))
      else if (input !== undefined) host.core.step(input)
      return
    }
    case 'forwardProposalsReply':
      parts.proposals.requeue(parts.forwarding.answered(message))
      return
    default:
      return
  }
}

function nothing(host: Host, to: string, offset: number): Message {
  return {
    type: 'snapshotChunk',
    from: host.id,
    to,
    term: Math.max(1, host.core.status().term),
    snapshotId: '',
    mark: undefined,
    totalBytes: 0,
    checksum: 0,
    offset,
    data: new Uint8Array(0),
  }
}
