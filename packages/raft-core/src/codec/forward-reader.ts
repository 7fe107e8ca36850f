/** Reads the messages by which a follower passes commands on to the leader. */
import { DecodeError } from '../errors.ts'
import type { ForwardProposals, ForwardProposalsReply, NodeId, Term } from '../types.ts'
import { MAX_NAME_BYTES } from './names.ts'
import type { Reader } from './reader.ts'

/** The commands share memory with the batch. */
export function readForwardProposals(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): ForwardProposals {
  let forwardId = 0
  const commands: Uint8Array[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) forwardId = reader.integer('forward_id')
    else if (tag === 0x12) commands.push(reader.bytes('commands'))
    else reader.skip()
  }
  return { type: 'forwardProposals', from, to, term, forwardId, commands }
}

export function readForwardProposalsReply(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): ForwardProposalsReply {
  let forwardId = 0
  let accepted = 0
  let firstIndex = 0
  let entryTerm = 0
  let refusal = ''
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) forwardId = reader.integer('forward_id')
    else if (tag === 0x10) accepted = reader.integer('accepted')
    else if (tag === 0x18) firstIndex = reader.integer('first_index')
    else if (tag === 0x20) entryTerm = reader.integer('entry_term')
    else if (tag === 0x2a) refusal = reader.string('refusal', MAX_NAME_BYTES)
    else reader.skip()
  }
  if (accepted > 0) checkAccepted(accepted, firstIndex, entryTerm, reader.place)
  const body = { forwardId, accepted, firstIndex, entryTerm, refusal }
  return { type: 'forwardProposalsReply', from, to, term, ...body }
}

function checkAccepted(accepted: number, firstIndex: number, entryTerm: Term, place: string): void {
  if (firstIndex === 0) throw new DecodeError(`${place}.first_index`, 'must be at least 1')
  if (entryTerm === 0) throw new DecodeError(`${place}.entry_term`, 'must be at least 1')
  if (firstIndex > Number.MAX_SAFE_INTEGER - accepted) {
    throw new DecodeError(`${place}.accepted`, 'goes beyond the last index there can be')
  }
}
