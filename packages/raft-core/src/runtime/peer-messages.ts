/** Messages between runtimes, which are none of the core's business, and those it gets only later. */
import type { Input } from '../core/io.ts'
import type { ForwardProposals, Message, SnapshotRequest } from '../types.ts'
import type { Host } from './host.ts'
import type { Parts } from './parts.ts'

export type PeerMessage = Extract<Input, { type: 'message' }>

/** Whether the message was for the runtime. What is for the core is left to the caller. */
export function routeMessage<Result>(
  host: Host,
  parts: Parts<Result>,
  { message, incarnation }: PeerMessage,
): boolean {
  const isMine = message.to === host.id
  switch (message.type) {
    case 'snapshotRequest':
      if (isMine) serve(host, parts, message)
      return true
    case 'snapshotChunk':
      if (isMine) parts.fetching.arrived(message)
      return true
    case 'installSnapshot':
      if (isMine) parts.fetching.offered(message, incarnation)
      return true
    case 'forwardProposals':
      if (isMine) takeUp(host, parts, message)
      return true
    case 'forwardProposalsReply':
      if (isMine) parts.proposals.requeue(parts.forwarding.answered(message))
      return true
    default:
      return false
  }
}

function serve<Result>(host: Host, { serving }: Parts<Result>, request: SnapshotRequest): void {
  if (serving !== undefined) serving.handle(request)
  else host.post(nothing(host, request.from, request.offset), 'bulk')
}

function takeUp<Result>(host: Host, parts: Parts<Result>, message: ForwardProposals): void {
  const { standing, forwardService } = parts
  // What the core has become in this very turn is not noted yet; its term tells.
  const leads = standing.leads && host.core.status().term === standing.ledTerm
  const input = forwardService.receive(message, leads, standing.ledTerm)
  if (input === 'notLeader') host.post(forwardService.refusal(message, host.id))
  else if (input !== undefined) host.core.step(input)
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
