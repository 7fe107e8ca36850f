import type { Incarnation } from '../types.ts'
import { getU32, getU64, hexToBytes, putU32, putU64 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { MAX_RECORD_BYTES } from './options.ts'

/**
 * A record is one batch of log writes: what one sync makes durable. It is there whole or not at all,
 * and the next one is written only after its sync succeeded. So a record that is followed by
 * another had been confirmed; only the very last one may be torn.
 */
export const RECORD_HEADER_BYTES = 40

const MAGIC = 0x43455251 // QREC
const CHAIN_AT = 28
const RESERVED_AT = 32
const CRC_AT = 36

export interface RecordHeader {
  readonly payloadBytes: number
  /** From 1, without gaps, over all segments. */
  readonly sequence: number
  /** Records up to this sequence number were durable when this one was written. */
  readonly durableSequence: number
  /** The chain checksum of the record before. */
  readonly previousChain: number
  /** Checksum of the previous chain, this header's first fields and the payload. */
  readonly chain: number
}

/** Where a record stands; mixed into its header's checksum, so that a misplaced one is not valid. */
export interface Placement {
  readonly incarnation: Incarnation
  readonly segment: number
}

/** Fills the header of `record`, which is a header's space followed by the payload. */
export function sealRecord(
  record: Uint8Array,
  header: Omit<RecordHeader, 'payloadBytes' | 'chain'>,
  placement: PlacementChecksum,
  offset: number,
): number {
  putU32(record, 0, MAGIC)
  putU32(record, 4, record.length - RECORD_HEADER_BYTES)
  putU64(record, 8, header.sequence)
  putU64(record, 16, header.durableSequence)
  putU32(record, 24, header.previousChain)
  const chain = chainOf(record, header.previousChain, record)
  putU32(record, CHAIN_AT, chain)
  putU32(record, RESERVED_AT, 0)
  putU32(record, CRC_AT, placement.headerCrc(record, offset))
  return chain
}

/** The header at `offset`, or what is wrong with it. `bytes` begins with it. */
export function decodeRecordHeader(
  bytes: Uint8Array,
  placement: PlacementChecksum,
  offset: number,
): RecordHeader | string {
  if (bytes.length < RECORD_HEADER_BYTES) return 'a record header is incomplete'
  if (getU32(bytes, 0) !== MAGIC) {
    const zero = bytes.subarray(0, RECORD_HEADER_BYTES).every((byte) => byte === 0)
    return zero ? 'zeros where a record should be' : 'no record where one should be'
  }
  if (placement.headerCrc(bytes, offset) !== getU32(bytes, CRC_AT)) {
    return 'the checksum of a record header is wrong'
  }
  const payloadBytes = getU32(bytes, 4)
  if (payloadBytes > MAX_RECORD_BYTES) return `a record claims ${payloadBytes} bytes`
  return {
    payloadBytes,
    sequence: getU64(bytes, 8),
    durableSequence: getU64(bytes, 16),
    previousChain: getU32(bytes, 24),
    chain: getU32(bytes, CHAIN_AT),
  }
}

/** Whether a whole record (header and payload) is what its chain checksum says. */
export function payloadIsIntact(record: Uint8Array, header: RecordHeader): boolean {
  return chainOf(record, header.previousChain, record) === header.chain
}

function chainOf(header: Uint8Array, previousChain: number, record: Uint8Array): number {
  const link = new Uint8Array(4)
  putU32(link, 0, previousChain)
  const upToChain = crc32c(header, crc32c(link), 0, CHAIN_AT)
  return crc32c(record, upToChain, RECORD_HEADER_BYTES)
}

/** Checksums of record headers of one segment. */
export class PlacementChecksum {
  readonly #seed: number
  readonly #offset = new Uint8Array(4)

  constructor(placement: Placement) {
    const segment = new Uint8Array(4)
    putU32(segment, 0, placement.segment)
    this.#seed = crc32c(segment, crc32c(hexToBytes(placement.incarnation)))
  }

  headerCrc(header: Uint8Array, offset: number): number {
    putU32(this.#offset, 0, offset)
    return crc32c(header, crc32c(this.#offset, this.#seed), 0, CRC_AT)
  }
}
