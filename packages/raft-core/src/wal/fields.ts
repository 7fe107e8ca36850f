/** Parts that operations and checkpoints share. Nothing is encoded that could not be read again. */
import { decodeUtf8, encodeUtf8 } from '../codec/utf8.ts'
import { decodeGenesis, decodeSnapshotMark, encodeGenesis, encodeSnapshotMark } from '../codec.ts'
import type { Genesis, HardState, KnownPeer, SnapshotMark } from '../types.ts'
import type { ByteReader } from './byte-reader.ts'
import { type ByteWriter, bytesToHex, hexToBytes } from './bytes.ts'

const MAX_NAME_BYTES = 254

/** u64 term, u64 commit index, u8 (0: no vote, else 1 + length), the candidate's name. */
export function putHardState(hardState: HardState, to: ByteWriter): void {
  to.u64(hardState.term)
  to.u64(hardState.commitIndex)
  const vote = hardState.votedFor === undefined ? undefined : nameBytes(hardState.votedFor)
  to.u8(vote === undefined ? 0 : 1 + vote.length)
  if (vote !== undefined) to.bytes(vote)
}

export function getHardState(from: ByteReader): HardState {
  const term = from.u64()
  const commitIndex = from.u64()
  const voteBytes = from.u8() - 1
  return { term, commitIndex, votedFor: voteBytes < 0 ? undefined : nameOf(from.bytes(voteBytes)) }
}

/** u8 length, the name, 16 bytes incarnation. */
export function putPeer(peer: KnownPeer, to: ByteWriter): void {
  const name = nameBytes(peer.id)
  to.u8(name.length)
  to.bytes(name)
  to.bytes(hexToBytes(peer.incarnation))
}

export function getPeer(from: ByteReader): KnownPeer {
  const id = nameOf(from.bytes(from.u8()))
  return { id, incarnation: bytesToHex(from.bytes(16)) }
}

export function putGenesis(genesis: Genesis, to: ByteWriter): void {
  const bytes = encodeGenesis(genesis)
  decodeGenesis(bytes)
  to.sized(bytes)
}

export function getGenesis(from: ByteReader): Genesis {
  return decodeGenesis(from.sized().slice())
}

export function putMark(mark: SnapshotMark, to: ByteWriter): void {
  const bytes = encodeSnapshotMark(mark)
  decodeSnapshotMark(bytes)
  to.sized(bytes)
}

export function getMark(from: ByteReader): SnapshotMark {
  return decodeSnapshotMark(from.sized().slice())
}

function nameBytes(name: string): Uint8Array {
  const bytes = encodeUtf8(name)
  if (bytes.length > MAX_NAME_BYTES) throw new RangeError('a node name is too long')
  return bytes
}

function nameOf(bytes: Uint8Array): string {
  const name = decodeUtf8(bytes, 0, bytes.length)
  if (name === undefined) throw new RangeError('a name is not UTF-8')
  return name
}
