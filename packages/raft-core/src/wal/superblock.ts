import { decodeUtf8, encodeUtf8 } from '../codec/utf8.ts'
import type { Genesis, Incarnation } from '../types.ts'
import { ByteWriter, bytesToHex, getU32, getU64, hexToBytes, putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { FORMAT_VERSION, FORMAT_WITHOUT_CHECKPOINTS, isReadableFormat } from './segment-header.ts'

export const SUPERBLOCK_NAME = 'superblock'
/** Made whole under this name first; found after a crash while a log is created. */
export const SUPERBLOCK_DRAFT_NAME = 'superblock.draft'
/** Two slots of this size. A write goes to one; the other is as it was. */
export const SLOT_BYTES = 4096

const MAGIC = Uint8Array.from([0x51, 0x52, 0x4c, 0x53, 0x55, 0x50, 0x0d, 0x0a]) // QRLSUP\r\n
const MAX_U8 = 255
const CRC_AT = SLOT_BYTES - 4

/** Who the log belongs to, and what of it is known to be durable. */
export interface Superblock {
  /** Grows by one with every write of the superblock. The valid slot with the larger one counts. */
  readonly generation: number
  /** The format of the slot it was read from; every slot is written in the newest. */
  readonly format: number
  readonly incarnation: Incarnation
  /** What the log was created with. One that it learned later is in the segments only. */
  readonly genesis: Genesis | undefined
  /** Segments before this one are not needed any more; some may still be there. */
  readonly firstSegment: number
  /** Up to this one they exist, names, headers and checkpoints durable; 0 for a log just created. */
  readonly segments: number
  /** Records up to this sequence number are durable, and their chain checksum there. */
  readonly durableSequence: number
  readonly durableChain: number
}

/** Where the slot of a generation begins. */
export function slotOffset(generation: number): number {
  return (generation % 2) * SLOT_BYTES
}

/** One slot. Throws a `RangeError` if the members' names do not fit. */
export function encodeSlot(superblock: Superblock): Uint8Array {
  const writer = new ByteWriter()
  writer.bytes(MAGIC)
  writer.u32(FORMAT_VERSION)
  writer.u64(superblock.generation)
  writer.u32(superblock.segments)
  writer.u64(superblock.durableSequence)
  writer.u32(superblock.durableChain)
  writer.bytes(hexToBytes(superblock.incarnation))
  writer.u32(superblock.firstSegment)
  writer.u8(superblock.genesis === undefined ? 0 : 1)
  let fits = true
  if (superblock.genesis !== undefined) {
    fits = superblock.genesis.members.length <= MAX_U8
    writer.bytes(hexToBytes(superblock.genesis.clusterId))
    writer.u8(superblock.genesis.members.length)
    for (const member of superblock.genesis.members) {
      const name = encodeUtf8(member)
      fits &&= name.length <= MAX_U8
      writer.u8(name.length)
      writer.bytes(name)
    }
  }
  if (!fits || writer.length > CRC_AT) throw new RangeError('the names of the members do not fit')
  writer.zeros(SLOT_BYTES - writer.length)
  const bytes = writer.view().slice()
  putU32(bytes, CRC_AT, crc32c(bytes, 0, 0, CRC_AT))
  return bytes
}

/** Both slots, for a new superblock file. */
export function encodeBothSlots(superblock: Superblock): Uint8Array {
  const bytes = new Uint8Array(2 * SLOT_BYTES)
  const older = { ...superblock, generation: superblock.generation - 1 }
  for (const slot of [older, superblock]) bytes.set(encodeSlot(slot), slotOffset(slot.generation))
  return bytes
}

/** The newest valid slot of a superblock file, or what is wrong with both. */
export function decodeSuperblock(bytes: Uint8Array): Superblock | string {
  const slots = [bytes.subarray(0, SLOT_BYTES), bytes.subarray(SLOT_BYTES, 2 * SLOT_BYTES)]
  const read = slots.map(decodeSlot)
  const valid = read.filter((slot) => typeof slot !== 'string')
  valid.sort((a, b) => b.generation - a.generation)
  return valid[0] ?? `neither slot of the superblock is valid: ${read.join('; ')}`
}

function decodeSlot(bytes: Uint8Array): Superblock | string {
  if (bytes.length < SLOT_BYTES) return 'incomplete'
  if (crc32c(bytes, 0, 0, CRC_AT) !== getU32(bytes, CRC_AT)) return 'wrong checksum'
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return 'not a superblock of a Quorail log'
  const format = getU32(bytes, 8)
  if (!isReadableFormat(format)) {
    return `format ${format}, this program reads up to format ${FORMAT_VERSION}`
  }
  const isOld = format === FORMAT_WITHOUT_CHECKPOINTS
  const genesisAt = isOld ? 52 : 56
  return {
    format,
    generation: getU64(bytes, 12),
    segments: getU32(bytes, 20),
    durableSequence: getU64(bytes, 24),
    durableChain: getU32(bytes, 32),
    incarnation: bytesToHex(bytes.subarray(36, 52)),
    firstSegment: isOld ? 1 : getU32(bytes, 52),
    genesis: bytes[genesisAt] === 0 ? undefined : decodeGenesis(bytes.subarray(genesisAt + 1)),
  }
}

function decodeGenesis(bytes: Uint8Array): Genesis {
  const members: string[] = []
  let at = 17
  for (let left = bytes[16] as number; left > 0; left--) {
    const length = bytes[at] as number
    members.push(decodeUtf8(bytes, at + 1, at + 1 + length) ?? '')
    at += 1 + length
  }
  return { clusterId: bytesToHex(bytes.subarray(0, 16)), members }
}
