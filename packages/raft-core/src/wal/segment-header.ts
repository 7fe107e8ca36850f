import type { Incarnation, LogIndex } from '../types.ts'
import { bytesToHex, getU32, getU64, hexToBytes, putU32, putU64 } from './bytes.ts'
import { crc32c } from './crc32c.ts'

/** The format this code writes. */
export const FORMAT_VERSION = 2
/** Without checkpoints: read, and continued in a new segment. */
export const FORMAT_WITHOUT_CHECKPOINTS = 1
export const SEGMENT_HEADER_BYTES = 80

const MAGIC = Uint8Array.from([0x51, 0x52, 0x4c, 0x4c, 0x4f, 0x47, 0x0d, 0x0a]) // QRLLOG\r\n
const NO_CLUSTER = '0'.repeat(32)
const CRC_AT = 76

/** What a segment says of itself: whose it is, and how it joins the one before. */
export interface SegmentHeader {
  readonly format: number
  /** From 1, without gaps. Also in the file's name. */
  readonly number: number
  /** `undefined` as long as the node belongs to no cluster. */
  readonly clusterId: string | undefined
  readonly incarnation: Incarnation
  /** Sequence number of the first record: the checkpoint. */
  readonly firstSequence: number
  /** Index that an entry appended at the segment's beginning has. */
  readonly firstIndex: LogIndex
  /** Chain checksum of the last record of the segment before; 0 for the first. */
  readonly previousChain: number
}

export function isReadableFormat(format: number): boolean {
  return format >= FORMAT_WITHOUT_CHECKPOINTS && format <= FORMAT_VERSION
}

export function segmentName(number: number): string {
  return `${String(number).padStart(10, '0')}.wal`
}

/** The number in a segment's file name; `undefined` for any other file. */
export function segmentNumber(name: string): number | undefined {
  return /^\d{10}\.wal$/.test(name) ? Number(name.slice(0, 10)) : undefined
}

export function encodeSegmentHeader(header: Omit<SegmentHeader, 'format'>): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES)
  bytes.set(MAGIC, 0)
  putU32(bytes, 8, FORMAT_VERSION)
  putU32(bytes, 12, header.number)
  bytes.set(hexToBytes(header.clusterId ?? NO_CLUSTER), 16)
  bytes.set(hexToBytes(header.incarnation), 32)
  putU64(bytes, 48, header.firstSequence)
  putU64(bytes, 56, header.firstIndex)
  putU32(bytes, 64, header.previousChain)
  putU32(bytes, CRC_AT, crc32c(bytes, 0, 0, CRC_AT))
  return bytes
}

/** The header, or what is wrong with it. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the segment header is incomplete'
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return 'this is not a segment of a Quorail log'
  if (crc32c(bytes, 0, 0, CRC_AT) !== getU32(bytes, CRC_AT)) {
    return 'the checksum of the segment header is wrong'
  }
  const format = getU32(bytes, 8)
  if (!isReadableFormat(format)) {
    return `the segment has format ${format}, this program reads up to format ${FORMAT_VERSION}`
  }
  const clusterId = bytesToHex(bytes.subarray(16, 32))
  return {
    format,
    number: getU32(bytes, 12),
    clusterId: clusterId === NO_CLUSTER ? undefined : clusterId,
    incarnation: bytesToHex(bytes.subarray(32, 48)),
    firstSequence: getU64(bytes, 48),
    firstIndex: getU64(bytes, 56),
    previousChain: getU32(bytes, 64),
  }
}
