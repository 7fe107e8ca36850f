/** `HardState` and `Genesis`, for logs that keep them in the schema's form. */
import type { Genesis, HardState, NodeId } from '../types.ts'
import { checkRandomName, MAX_NAME_BYTES, readName } from './names.ts'
import { Reader } from './reader.ts'
import { encodeUtf8 } from './utf8.ts'
import { Writer } from './writer.ts'

export { MAX_NAME_BYTES } from './names.ts'

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
  writeGenesis(writer, genesis)
  return writer.finish()
}

/** Throws `DecodeError`; the cluster id must be 32 hexadecimal digits. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  return readGenesis(new Reader(bytes, 0, bytes.length, 'Genesis'))
}

export function writeGenesis(writer: Writer, genesis: Genesis): void {
  const { members } = genesis
  for (let i = members.length - 1; i >= 0; i--) writer.bytes(2, encodeUtf8(members[i] as NodeId))
  writer.string(1, genesis.clusterId)
}

export function readGenesis(reader: Reader): Genesis {
  let clusterId = ''
  const members: NodeId[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) clusterId = reader.string('cluster_id', MAX_NAME_BYTES)
    else if (tag === 0x12) members.push(readName(reader, 'members'))
    else reader.skip()
  }
  checkRandomName(clusterId, `${reader.place}.cluster_id`)
  return { clusterId, members }
}
