import { decodeEntry, entryBytes } from '../codec.ts'
import type {
  Entry,
  Genesis,
  HardState,
  KnownPeer,
  LogBase,
  LogIndex,
  LogWrite,
  Term,
} from '../types.ts'
import { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './bytes.ts'
import { getCheckpoint, putCheckpoint } from './checkpoint.ts'
import { crc32c } from './crc32c.ts'
import {
  getGenesis,
  getHardState,
  getMark,
  getPeer,
  putGenesis,
  putHardState,
  putMark,
  putPeer,
} from './fields.ts'
import type { LogSummary } from './log-state.ts'

/**
 * The payload of a record is a list of operations; each log write ends with `endOfWrite`. A
 * checkpoint is alone in its record, the first one of every segment.
 *
 *     truncate     1, u64 index
 *     entry        2, u64 index, u64 term, u32 length, u32 CRC-32C of the bytes, the bytes
 *     hard state   3, u64 term, u64 commit index, u8 (0: no vote, else 1 + length), candidate
 *     end of write 4
 *     config entry 5, as an entry
 *     genesis      6, u32 length, quorail.raft.v1.Genesis
 *     base         7, u8 reset, u32 length, quorail.raft.v1.SnapshotMark
 *     peer         8, u8 length, name, 16 bytes incarnation
 *     checkpoint   9, see checkpoint.ts
 */
const TRUNCATE = 1
const ENTRY = 2
const HARD_STATE = 3
const END_OF_WRITE = 4
const CONFIG_ENTRY = 5
const GENESIS = 6
const BASE = 7
const PEER = 8
const CHECKPOINT = 9

/** An entry's bytes follow this many of its own. */
export const ENTRY_HEADER_BYTES = 25

/** What `decodeOperations` reports. Offsets are within the record. */
export type Operation =
  | { readonly type: 'truncate'; readonly from: LogIndex }
  | {
      readonly type: 'entry'
      readonly index: LogIndex
      readonly term: Term
      /** Where its header begins. */
      readonly offset: number
      /** Of its bytes, without the header. */
      readonly length: number
      /** The whole entry, if it is of kind `config`. */
      readonly config: Entry | undefined
    }
  | { readonly type: 'hardState'; readonly hardState: HardState }
  | { readonly type: 'endOfWrite' }
  | { readonly type: 'genesis'; readonly genesis: Genesis }
  | { readonly type: 'base'; readonly base: LogBase }
  | { readonly type: 'peer'; readonly peer: KnownPeer }
  | { readonly type: 'checkpoint'; readonly summary: LogSummary }

/** Where an entry was put, to be remembered once it is durable. */
export type OnEntry = (entry: Entry, offset: number, length: number) => void

/** Appends one log write's operations. Throws what could not be read again. */
export function encodeWrite(write: LogWrite, to: ByteWriter, onEntry: OnEntry): void {
  if (write.genesis !== undefined) {
    to.u8(GENESIS)
    putGenesis(write.genesis, to)
  }
  if (write.base !== undefined) {
    to.u8(BASE)
    to.u8(write.base.reset ? 1 : 0)
    putMark(write.base.mark, to)
  }
  if (write.truncateFrom !== undefined) {
    to.u8(TRUNCATE)
    to.u64(write.truncateFrom)
  }
  for (const entry of write.entries) {
    const bytes = entryBytes(entry)
    onEntry(entry, to.length, bytes.length)
    to.u8(entry.kind === 'config' ? CONFIG_ENTRY : ENTRY)
    to.u64(entry.index)
    to.u64(entry.term)
    to.u32(bytes.length)
    to.u32(crc32c(bytes))
    to.bytes(bytes)
  }
  if (write.hardState !== undefined) {
    to.u8(HARD_STATE)
    putHardState(write.hardState, to)
  }
  for (const peer of write.peers) {
    to.u8(PEER)
    putPeer(peer, to)
  }
  to.u8(END_OF_WRITE)
}

/** Appends the only operation of a segment's first record. Throws what could not be read again. */
export function encodeCheckpoint(summary: LogSummary, to: ByteWriter): void {
  to.u8(CHECKPOINT)
  putCheckpoint(summary, to)
}

/** Reports the operations of `bytes[from..to)`, or returns what is wrong with them. */
export function decodeOperations(
  bytes: Uint8Array,
  from: number,
  to: number,
  report: (operation: Operation) => string | undefined,
): string | undefined {
  const reader = new ByteReader(bytes, from, to)
  try {
    while (!reader.isAtEnd) {
      const operation = readOperation(reader)
      if (typeof operation === 'string') return operation
      const problem = report(operation)
      if (problem !== undefined) return problem
    }
    return undefined
  } catch (error) {
    return `a record can not be read: ${(error as Error).message}`
  }
}

function readOperation(from: ByteReader): Operation | string {
  const offset = from.at
  const kind = from.u8()
  switch (kind) {
    case ENTRY:
    case CONFIG_ENTRY: {
      const index = from.u64()
      const term = from.u64()
      const length = from.u32()
      from.u32()
      const own = from.bytes(length)
      const config = kind === CONFIG_ENTRY ? decodeEntry(own.slice()) : undefined
      return { type: 'entry', index, term, offset, length, config }
    }
    case END_OF_WRITE:
      return { type: 'endOfWrite' }
    case HARD_STATE:
      return { type: 'hardState', hardState: getHardState(from) }
    case TRUNCATE:
      return { type: 'truncate', from: from.u64() }
    case GENESIS:
      return { type: 'genesis', genesis: getGenesis(from) }
    case BASE:
      return { type: 'base', base: { reset: from.u8() === 1, mark: getMark(from) } }
    case PEER:
      return { type: 'peer', peer: getPeer(from) }
    case CHECKPOINT:
      return { type: 'checkpoint', summary: getCheckpoint(from) }
    default:
      return `a record holds an unknown operation (${kind})`
  }
}
