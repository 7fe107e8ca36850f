/** `SnapshotMark`: the same bytes in messages, in the log and at the head of a snapshot. */
import { DecodeError } from '../errors.ts'
import type { Membership, SnapshotMark } from '../types.ts'
import { readMembership, writeMembership } from './membership.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Throws `RangeError` for a name that is not of 1 to 64 bytes. */
export function encodeSnapshotMark(mark: SnapshotMark): Uint8Array {
  const writer = new Writer(256)
  writeSnapshotMark(writer, mark)
  return writer.finish()
}

/** Throws `DecodeError`, also when the parts contradict each other. */
export function decodeSnapshotMark(bytes: Uint8Array, place = 'SnapshotMark'): SnapshotMark {
  return readSnapshotMark(new Reader(bytes, 0, bytes.length, place))
}

export function writeSnapshotMark(writer: Writer, mark: SnapshotMark): void {
  writer.integer(4, mark.configIndex)
  const before = writer.length
  writeMembership(writer, mark.membership)
  writer.close(3, before)
  writer.integer(2, mark.term)
  writer.integer(1, mark.index)
}

export function readSnapshotMark(reader: Reader): SnapshotMark {
  let index = 0
  let term = 0
  let membership: Membership | undefined
  let configIndex = 0
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) index = reader.integer('index')
    else if (tag === 0x10) term = reader.integer('term')
    else if (tag === 0x1a) membership = readMembership(reader.message('membership'))
    else if (tag === 0x20) configIndex = reader.integer('config_index')
    else reader.skip()
  }
  const { place } = reader
  if (membership === undefined) throw new DecodeError(`${place}.membership`, 'is missing')
  const mark = { index, term, membership, configIndex }
  check(mark, place)
  return mark
}

function check(mark: SnapshotMark, place: string): void {
  if ((mark.index === 0) !== (mark.term === 0)) {
    throw new DecodeError(`${place}.term`, 'must be 0 exactly when index is')
  }
  if (mark.configIndex > mark.index) {
    throw new DecodeError(`${place}.config_index`, `${mark.configIndex} is behind ${mark.index}`)
  }
  // A log that waits to be added begins at 0 and knows nobody; every other one has voters.
  if (mark.index > 0 && mark.membership.voters.length === 0) {
    throw new DecodeError(`${place}.membership.voters`, 'nobody can vote')
  }
}
