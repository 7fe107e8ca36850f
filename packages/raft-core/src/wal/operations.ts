import { decodeUtf8, encodeUtf8 } from '../codec/utf8.ts'
import { entryBytes } from '../codec.ts'
import type { Entry, HardState, LogIndex, LogWrite, Term } from '../types.ts'
import { type ByteWriter, getU32, getU64 } from './bytes.ts'
import { crc32c } from './crc32c.ts'

/**
 * The payload of a record is a list of operations; each log write ends with `endOfWrite`.
 *
 *     truncate     1, u64 index
 *     entry        2, u64 index, u64 term, u32 length, u32 CRC-32C of the bytes, the bytes
 *     hard state   3, u64 term, u64 commit index, u8 (0: no vote, else 1 + length), candidate
 *     end of write 4
 */
const TRUNCATE = 1
const ENTRY = 2
const HARD_STATE = 3
const END_OF_WRITE = 4

/** An entry's bytes follow this many of its own. */
export const ENTRY_HEADER_BYTES = 25

/** What `decodeOperations` reports. Offsets are within the payload. */
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
    }
  | { readonly type: 'hardState'; readonly hardState: HardState }
  | { readonly type: 'endOfWrite' }

/** Where an entry was put, to be remembered once it is durable. */
export type OnEntry = (entry: Entry, offset: number, length: number) => void

/** Appends one log write's operations. */
export function encodeWrite(write: LogWrite, to: ByteWriter, onEntry: OnEntry): void {
  if (write.truncateFrom !== undefined) {
    to.u8(TRUNCATE)
    to.u64(write.truncateFrom)
  }
  for (const entry of write.entries) {
    const bytes = entryBytes(entry)
    onEntry(entry, to.length, bytes.length)
    to.u8(ENTRY)
    to.u64(entry.index)
    to.u64(entry.term)
    to.u32(bytes.length)
    to.u32(crc32c(bytes))
    to.bytes(bytes)
  }
  if (write.hardState !== undefined) encodeHardState(write.hardState, to)
  to.u8(END_OF_WRITE)
}

function encodeHardState(hardState: HardState, to: ByteWriter): void {
  to.u8(HARD_STATE)
  to.u64(hardState.term)
  to.u64(hardState.commitIndex)
  const vote = hardState.votedFor === undefined ? undefined : encodeUtf8(hardState.votedFor)
  if (vote !== undefined && vote.length > 254) throw new RangeError('a node name is too long')
  to.u8(vote === undefined ? 0 : 1 + vote.length)
  if (vote !== undefined) to.bytes(vote)
}

/** Reports the operations of `bytes[from..to)`, or returns what is wrong with them. */
export function decodeOperations(
  bytes: Uint8Array,
  from: number,
  to: number,
  report: (operation: Operation) => string | undefined,
): string | undefined {
  let at = from
  const has = (count: number): boolean => at + count <= to
  while (at < to) {
    const kind = bytes[at]
    let problem: string | undefined
    if (kind === TRUNCATE && has(9)) {
      problem = report({ type: 'truncate', from: getU64(bytes, at + 1) })
      at += 9
    } else if (kind === ENTRY && has(ENTRY_HEADER_BYTES)) {
      const length = getU32(bytes, at + 17)
      if (!has(ENTRY_HEADER_BYTES + length)) return 'an entry is longer than its record'
      const index = getU64(bytes, at + 1)
      problem = report({ type: 'entry', index, term: getU64(bytes, at + 9), offset: at, length })
      at += ENTRY_HEADER_BYTES + length
    } else if (kind === HARD_STATE && has(18)) {
      const voteBytes = (bytes[at + 17] as number) - 1
      if (voteBytes > 0 && !has(18 + voteBytes)) return 'a vote is longer than its record'
      problem = report({
        type: 'hardState',
        hardState: {
          term: getU64(bytes, at + 1),
          commitIndex: getU64(bytes, at + 9),
          votedFor: voteBytes < 0 ? undefined : decodeUtf8(bytes, at + 18, at + 18 + voteBytes),
        },
      })
      at += 18 + Math.max(0, voteBytes)
    } else if (kind === END_OF_WRITE) {
      problem = report({ type: 'endOfWrite' })
      at += 1
    } else return `a record holds an unknown operation (${kind})`
    if (problem !== undefined) return problem
  }
  return undefined
}
