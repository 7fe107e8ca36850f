/** `HardState` and `Genesis`, for logs that keep them in the schema's form. */
import { DecodeError } from '../errors.ts'
import type { Genesis, HardState, NodeId } from '../types.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Longest name of a node, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 64

export function encodeHardState(state: HardState): Uint8Array {
  const writer = new Writer(96)
  writer.integer(3, state.commitIndex)
  writer.string(2, state.votedFor ?? '')
  writer.integer(1, state.term)
  return writer.finish()
}

/** Throws `DecodeError`. */
export function decodeHardState(bytes: Uint8Array): HardState {
  const reader = new Reader(bytes, 0, bytes.length, 'HardState')
  let term = 0
  let votedFor = ''
  let commitIndex = 0
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) term = reader.integer('term')
    else if (tag === 0x12) votedFor = reader.string('voted_for', MAX_NAME_BYTES)
    else if (tag === 0x18) commitIndex = reader.integer('commit_index')
    else reader.skip()
  }
  return { term, votedFor: votedFor === '' ? undefined : votedFor, commitIndex }
}

export function encodeGenesis(genesis: Genesis): Uint8Array {
  const writer = new Writer(64 + 16 * genesis.members.length)
  for (const member of genesis.members.toReversed()) writer.string(2, member)
  writer.string(1, genesis.clusterId)
  return writer.finish()
}

/** Throws `DecodeError`; the cluster id must be 32 hexadecimal digits. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  const reader = new Reader(bytes, 0, bytes.length, 'Genesis')
  let clusterId = ''
  const members: NodeId[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) clusterId = reader.string('cluster_id', MAX_NAME_BYTES)
    else if (tag === 0x12) members.push(reader.string('members', MAX_NAME_BYTES))
    else reader.skip()
  }
  checkRandomName(clusterId, 'Genesis.cluster_id')
  return { clusterId, members }
}

/** A random 128-bit name. */
export function checkRandomName(name: string, place: string): void {
  if (!/^[0-9a-f]{32}$/.test(name)) throw new DecodeError(place, 'must be 32 hexadecimal digits')
}
