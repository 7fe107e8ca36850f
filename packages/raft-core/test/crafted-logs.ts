/** Logs whose checksums are all right, and that nevertheless say what no log says. */
import { FOUNDING } from '../src/testing/log-store-suite.ts'
import { MemoryDisk } from '../src/testing/memory-disk.ts'
import { ByteWriter, putU32 } from '../src/wal/bytes.ts'
import { crc32c } from '../src/wal/crc32c.ts'
import { LogState } from '../src/wal/log-state.ts'
import { encodeCheckpoint } from '../src/wal/operations.ts'
import {
  PlacementChecksum,
  RECORD_HEADER_BYTES,
  type RecordHeader,
  sealRecord,
} from '../src/wal/record.ts'
import { encodeSegmentHeader, type SegmentHeader, segmentName } from '../src/wal/segment-header.ts'
import { encodeBothSlots, SUPERBLOCK_NAME, type Superblock } from '../src/wal/superblock.ts'

/** Writes the payload of a record. */
export type Payload = (to: ByteWriter) => void

export interface CraftedRecord {
  readonly payload: Payload
  readonly header?: Partial<RecordHeader>
  /** Changes the sealed record, and puts its header's checksum right again. */
  readonly afterwards?: (record: Uint8Array) => void
}

export interface CraftedSegment {
  readonly header?: Partial<SegmentHeader>
  readonly records: readonly CraftedRecord[]
}

/** What a founder's log begins with. */
export const checkpoint: Payload = (to) =>
  encodeCheckpoint(new LogState(FOUNDING.genesis).summary(), to)

export function craftedDisk(
  segments: readonly CraftedSegment[],
  superblock: Partial<Superblock> = {},
): MemoryDisk {
  const disk = new MemoryDisk()
  const first = superblock.firstSegment ?? 1
  const position = { sequence: 0, chain: 0 }
  for (const [i, segment] of segments.entries()) {
    disk.put(segmentName(first + i), segmentBytes(first + i, segment, position))
  }
  const whole: Superblock = {
    generation: 1,
    format: 2,
    incarnation: FOUNDING.incarnation,
    genesis: FOUNDING.genesis,
    firstSegment: first,
    segments: first + segments.length - 1,
    durableSequence: 0,
    durableChain: 0,
    ...superblock,
  }
  disk.put(SUPERBLOCK_NAME, encodeBothSlots(whole))
  return disk
}

function segmentBytes(
  number: number,
  { header, records }: CraftedSegment,
  position: { sequence: number; chain: number },
): Uint8Array {
  const { incarnation } = FOUNDING
  const whole = {
    number,
    clusterId: FOUNDING.genesis?.clusterId,
    incarnation,
    firstSequence: position.sequence + 1,
    firstIndex: 1,
    previousChain: position.chain,
    ...header,
  }
  const bytes = [...encodeSegmentHeader(whole)]
  if (header?.format !== undefined) {
    const changed = Uint8Array.from(bytes)
    putU32(changed, 8, header.format)
    putU32(changed, 76, crc32c(changed, 0, 0, 76))
    bytes.splice(0, bytes.length, ...changed)
  }
  const placement = new PlacementChecksum({ incarnation, segment: number })
  for (const { payload, header: own, afterwards } of records) {
    const writer = new ByteWriter()
    writer.zeros(RECORD_HEADER_BYTES)
    payload(writer)
    const record = writer.view().slice()
    const { sequence, chain } = position
    const said = { sequence: sequence + 1, durableSequence: sequence, previousChain: chain, ...own }
    position.chain = sealRecord(record, said, placement, bytes.length)
    position.sequence = said.sequence
    if (afterwards !== undefined) {
      afterwards(record)
      putU32(record, 36, placement.headerCrc(record, bytes.length))
    }
    bytes.push(...record)
  }
  return Uint8Array.from(bytes)
}
