/** Reads the messages by which a snapshot is offered and fetched. */
import { DecodeError } from '../errors.ts'
import type {
  Genesis,
  InstallSnapshot,
  NodeId,
  SnapshotChunk,
  SnapshotMark,
  SnapshotRequest,
  Term,
} from '../types.ts'
import { checkRandomName, MAX_NAME_BYTES } from './names.ts'
import type { Reader } from './reader.ts'
import { readGenesis } from './records.ts'
import { readSnapshotMark } from './snapshot-mark.ts'

export function readInstallSnapshot(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): InstallSnapshot {
  let mark: SnapshotMark | undefined
  let genesis: Genesis | undefined
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) mark = readSnapshotMark(reader.message('mark'))
    else if (tag === 0x12) genesis = readGenesis(reader.message('genesis'))
    else reader.skip()
  }
  const { place } = reader
  if (mark === undefined) throw new DecodeError(`${place}.mark`, 'is missing')
  if (mark.index === 0) throw new DecodeError(`${place}.mark.index`, 'must be at least 1')
  if (mark.term > term) throw new DecodeError(`${place}.mark.term`, 'is after the sender’s')
  return { type: 'installSnapshot', from, to, term, mark, genesis }
}

export function readSnapshotRequest(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): SnapshotRequest {
  let snapshotId = ''
  let minIndex = 0
  let offset = 0
  let maxBytes = 0
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) snapshotId = reader.string('snapshot_id', MAX_NAME_BYTES)
    else if (tag === 0x10) minIndex = reader.integer('min_index')
    else if (tag === 0x18) offset = reader.integer('offset')
    else if (tag === 0x20) maxBytes = reader.integer('max_bytes')
    else reader.skip()
  }
  const { place } = reader
  if (snapshotId !== '') checkRandomName(snapshotId, `${place}.snapshot_id`)
  if (maxBytes === 0) throw new DecodeError(`${place}.max_bytes`, 'must be at least 1')
  return { type: 'snapshotRequest', from, to, term, snapshotId, minIndex, offset, maxBytes }
}

/** The data shares memory with the batch. */
export function readSnapshotChunk(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): SnapshotChunk {
  let snapshotId = ''
  let mark: SnapshotMark | undefined
  let totalBytes = 0
  let checksum = 0
  let offset = 0
  let data: Uint8Array = new Uint8Array(0)
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) snapshotId = reader.string('snapshot_id', MAX_NAME_BYTES)
    else if (tag === 0x12) mark = readSnapshotMark(reader.message('mark'))
    else if (tag === 0x18) totalBytes = reader.integer('total_bytes')
    else if (tag === 0x20) checksum = reader.integer('checksum')
    else if (tag === 0x28) offset = reader.integer('offset')
    else if (tag === 0x32) data = reader.bytes('data')
    else reader.skip()
  }
  const type = 'snapshotChunk'
  const sums = { totalBytes, checksum, offset, data }
  const chunk: SnapshotChunk = { type, from, to, term, snapshotId, mark, ...sums }
  checkChunk(chunk, reader.place)
  return chunk
}

function checkChunk(chunk: SnapshotChunk, place: string): void {
  const { snapshotId, mark, totalBytes, checksum, offset, data } = chunk
  if (checksum > 0xffffffff) throw new DecodeError(`${place}.checksum`, 'above 2^32 - 1')
  if (snapshotId === '') {
    if (data.length > 0) throw new DecodeError(`${place}.data`, 'of no snapshot')
    if (mark !== undefined) throw new DecodeError(`${place}.mark`, 'of no snapshot')
    return
  }
  checkRandomName(snapshotId, `${place}.snapshot_id`)
  if (mark === undefined) throw new DecodeError(`${place}.mark`, 'is missing')
  if (offset > totalBytes || data.length > totalBytes - offset) {
    throw new DecodeError(`${place}.data`, `goes beyond the ${totalBytes} bytes there are`)
  }
}
