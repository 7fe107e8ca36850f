/**
 * An entry and its bytes. The bytes are those of `quorail.raft.v1.Entry`; they are made once and are
 * the same in the log, in memory and in every message, so that nothing is encoded twice.
 */
import { DecodeError } from '../errors.ts'
import type { Entry, EntryKind, LogIndex, Term } from '../types.ts'
import { Reader, WIRE_BYTES, WIRE_VARINT } from './reader.ts'
import { varintSize, writeVarint } from './varint.ts'

/** By their numbers on the wire. */
const KINDS: readonly (EntryKind | undefined)[] = [undefined, 'command', 'noop', 'config']
const KIND_NUMBERS: Readonly<Record<EntryKind, number>> = { command: 1, noop: 2, config: 3 }

/**
 * An `Entry` that remembers its bytes. Plain data to everyone else; a clone forgets the bytes only.
 *
 * `data` is the end of them, as a rule: then it is enough to remember how many are before it, and to
 * make a view of all when it is wanted. A log has many entries in memory, and a view is larger than
 * a small command.
 */
class CachedEntry implements Entry {
  readonly index: LogIndex
  readonly term: Term
  readonly kind: EntryKind
  data: Uint8Array
  /** Bytes before `data`, in the same buffer; -1: they are not known, or not there. */
  #before: number
  /** When they are not `data` and what is before it. */
  #bytes: Uint8Array | undefined

  constructor(
    index: LogIndex,
    term: Term,
    kind: EntryKind,
    data: Uint8Array,
    before: number,
    bytes: Uint8Array | undefined,
  ) {
    this.index = index
    this.term = term
    this.kind = kind
    this.data = data
    this.#before = before
    this.#bytes = bytes
  }

  static bytesOf(entry: Entry): Uint8Array {
    if (!(#before in entry)) return encodeEntry(entry)
    if (entry.#before < 0) {
      if (entry.#bytes !== undefined) return entry.#bytes
      const bytes = encodeEntry(entry)
      if (entry.data.length === 0) entry.#bytes = bytes
      else entry.#keepIn(bytes)
      return bytes
    }
    const { buffer, byteOffset, length } = entry.data
    return new Uint8Array(buffer, byteOffset - entry.#before, entry.#before + length)
  }

  static sizeOf(entry: Entry): number {
    if (#before in entry && entry.#before >= 0) return entry.#before + entry.data.length
    return CachedEntry.bytesOf(entry).length
  }

  /** From now on the command is the one within `bytes`, so that it is not in memory twice. */
  #keepIn(bytes: Uint8Array): void {
    this.#before = bytes.length - this.data.length
    this.data = bytes.subarray(this.#before)
  }
}

/** Makes an entry whose bytes are kept once they have been asked for. */
export function makeEntry(index: LogIndex, term: Term, kind: EntryKind, data: Uint8Array): Entry {
  return new CachedEntry(index, term, kind, data, -1, undefined)
}

/**
 * The bytes of `quorail.raft.v1.Entry`. They are made once for entries made by this package, and
 * share memory each time. Do not change them.
 */
export function entryBytes(entry: Entry): Uint8Array {
  return CachedEntry.bytesOf(entry)
}

/** Length of `entryBytes`. */
export function entryBytesLength(entry: Entry): number {
  return CachedEntry.sizeOf(entry)
}

/**
 * The entry in `bytes`, exactly. Shares memory with `bytes`, which must not change afterwards.
 * Throws `DecodeError`; index and term must be at least 1 and the kind a known one.
 */
export function decodeEntry(bytes: Uint8Array, place = 'Entry'): Entry {
  return readEntry(new Reader(bytes, 0, bytes.length, place))
}

const NO_DATA: Uint8Array = new Uint8Array(0)

/** `decodeEntry` of all that `reader` reads. */
export function readEntry(reader: Reader): Entry {
  const start = reader.at
  let index = 0
  let term = 0
  let kindNumber = 0
  let data = NO_DATA
  /** How many bytes are before `data`, as long as nothing comes behind it. */
  let before = -1
  while (reader.more()) {
    before = -1
    switch (reader.tag()) {
      case (1 << 3) | WIRE_VARINT:
        index = reader.integer('index')
        break
      case (2 << 3) | WIRE_VARINT:
        term = reader.integer('term')
        break
      case (3 << 3) | WIRE_VARINT:
        kindNumber = reader.integer('kind')
        break
      case (4 << 3) | WIRE_BYTES:
        data = reader.bytes('data')
        before = reader.at - data.length - start
        break
      default:
        reader.skip()
    }
  }
  if (index === 0) throw new DecodeError(`${reader.place}.index`, 'must be at least 1')
  if (term === 0) throw new DecodeError(`${reader.place}.term`, 'must be at least 1')
  const kind = KINDS[kindNumber]
  if (kind === undefined)
    throw new DecodeError(`${reader.place}.kind`, `unknown kind ${kindNumber}`)
  if (before < 0) return new CachedEntry(index, term, kind, data, -1, reader.from(start))
  return new CachedEntry(index, term, kind, data, before, undefined)
}

/** Many small entries share one buffer: a buffer of its own for each is what costs most. */
const SHARED_BYTES = 1 << 16
let shared = new Uint8Array(0)
let sharedUsed = 0

function allocate(size: number): Uint8Array {
  if (size > SHARED_BYTES / 8) return new Uint8Array(size)
  if (sharedUsed + size > shared.length) {
    shared = new Uint8Array(SHARED_BYTES)
    sharedUsed = 0
  }
  const start = sharedUsed
  sharedUsed += size
  return shared.subarray(start, sharedUsed)
}

function encodeEntry(entry: Entry): Uint8Array {
  const dataLength = entry.data.length
  const size =
    (entry.index === 0 ? 0 : 1 + varintSize(entry.index)) +
    (entry.term === 0 ? 0 : 1 + varintSize(entry.term)) +
    2 +
    (dataLength === 0 ? 0 : 1 + varintSize(dataLength) + dataLength)
  const bytes = allocate(size)
  let at = 0
  if (entry.index !== 0) {
    bytes[at++] = (1 << 3) | WIRE_VARINT
    at = writeVarint(bytes, at, entry.index)
  }
  if (entry.term !== 0) {
    bytes[at++] = (2 << 3) | WIRE_VARINT
    at = writeVarint(bytes, at, entry.term)
  }
  bytes[at++] = (3 << 3) | WIRE_VARINT
  bytes[at++] = KIND_NUMBERS[entry.kind]
  if (dataLength !== 0) {
    bytes[at++] = (4 << 3) | WIRE_BYTES
    at = writeVarint(bytes, at, dataLength)
    bytes.set(entry.data, at)
  }
  return bytes
}
