import { decodeSnapshotMark, encodeSnapshotMark } from '../codec.ts'
import type { SnapshotInfo } from '../ports.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter, bytesToHex, getU32, hexToBytes, putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'

/** Formats of snapshot files that this code reads; the last one is written. */
export const SNAPSHOT_FORMAT = 1
/** A header is at least this long; its first bytes tell how long it is. */
export const SNAPSHOT_PREFIX_BYTES = 16
const MAX_HEADER_BYTES = 1024 * 1024
const MAGIC = Uint8Array.from([0x51, 0x52, 0x4c, 0x53, 0x4e, 0x50, 0x0d, 0x0a]) // QRLSNP\r\n

/**
 * The head of a snapshot's file. Of a snapshot that is being captured, size and checksum are 0 until
 * it is finished; it has another name until then.
 *
 *     magic 8, u32 format, u32 length of the header, u32 bytes in a block, 16 bytes id,
 *     u64 size, u32 checksum, u32 length, quorail.raft.v1.SnapshotMark,
 *     u32 CRC-32C of all before it
 */
export interface SnapshotHeader {
  readonly info: SnapshotInfo
  readonly blockBytes: number
}

/** The same length for the same mark. Throws what could not be read again. */
export function encodeSnapshotHeader({ info, blockBytes }: SnapshotHeader): Uint8Array {
  const mark = encodeSnapshotMark(info.mark)
  decodeSnapshotMark(mark)
  const writer = new ByteWriter()
  writer.bytes(MAGIC)
  writer.u32(SNAPSHOT_FORMAT)
  writer.u32(0)
  writer.u32(blockBytes)
  writer.bytes(hexToBytes(info.id))
  writer.u64(info.sizeBytes)
  writer.u32(info.checksum)
  writer.sized(mark)
  writer.u32(0)
  const bytes = writer.view().slice()
  putU32(bytes, 12, bytes.length)
  putU32(bytes, bytes.length - 4, crc32c(bytes, 0, 0, bytes.length - 4))
  return bytes
}

/** How long the header is that begins with these bytes, or what is wrong with them. */
export function snapshotHeaderBytes(prefix: Uint8Array): number | string {
  if (prefix.length < SNAPSHOT_PREFIX_BYTES) return 'the header is incomplete'
  if (MAGIC.some((byte, i) => prefix[i] !== byte)) return 'this is not a snapshot of Quorail'
  const format = getU32(prefix, 8)
  if (format !== SNAPSHOT_FORMAT) {
    return `the snapshot has format ${format}, this program reads format ${SNAPSHOT_FORMAT}`
  }
  const length = getU32(prefix, 12)
  return length < 64 || length > MAX_HEADER_BYTES ? 'the length of the header is wrong' : length
}

/** The header that these bytes are, or what is wrong with it. */
export function decodeSnapshotHeader(bytes: Uint8Array): SnapshotHeader | string {
  const length = snapshotHeaderBytes(bytes)
  if (typeof length === 'string') return length
  if (bytes.length < length) return 'the header is incomplete'
  if (crc32c(bytes, 0, 0, length - 4) !== getU32(bytes, length - 4)) {
    return 'the checksum of the header is wrong'
  }
  try {
    const reader = new ByteReader(bytes, SNAPSHOT_PREFIX_BYTES, length - 4)
    const blockBytes = reader.u32()
    if (blockBytes === 0) return 'the header can not be right: a block has no bytes'
    const id = bytesToHex(reader.bytes(16))
    const sizeBytes = reader.u64()
    const checksum = reader.u32()
    const mark = decodeSnapshotMark(reader.sized().slice())
    return { info: { id, mark, sizeBytes, checksum }, blockBytes }
  } catch (error) {
    return `the header can not be read: ${(error as Error).message}`
  }
}
