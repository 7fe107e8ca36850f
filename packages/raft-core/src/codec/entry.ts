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

/** An `Entry` that remembers its bytes. Plain data to everyone else; a clone forgets the bytes only. */
class CachedEntry implements Entry {
  readonly index: LogIndex
  readonly term: Term
  readonly kind: EntryKind
  readonly data: Uint8Array
  #bytes: Uint8Array | undefined

  constructor(index: LogIndex, term: Term, kind: EntryKind, data: Uint8Array) {
    this.index = index
    this.term = term
    this.kind = kind
    this.data = data
    this.#bytes = undefined
  }

  static bytesOf(entry: Entry): Uint8Array {
    if (!(#bytes in entry)) return encodeEntry(entry)
    entry.#bytes ??= encodeEntry(entry)
    return entry.#bytes
  }

  static decoded(
    index: LogIndex,
    term: Term,
    kind: EntryKind,
    data: Uint8Array,
    bytes: Uint8Array,
  ): Entry {
    const entry = new CachedEntry(index, term, kind, data)
    entry.#bytes = bytes
    return entry
  }
}

/** Makes an entry whose bytes are kept once they have been asked for. */
export function makeEntry(index: LogIndex, term: Term, kind: EntryKind, data: Uint8Array): Entry {
  return new CachedEntry(index, term, kind, data)
}

/** The bytes of `quorail.raft.v1.Entry`. Cached for entries made by this package. Do not change them. */
export function entryBytes(entry: Entry): Uint8Array {
  return CachedEntry.bytesOf(entry)
}

/**
 * The entry in `bytes`, exactly. Shares memory with `bytes`, which must not change afterwards.
 * Throws `DecodeError`; index and term must be at least 1 and the kind a known one.
 */
export function decodeEntry(bytes: Uint8Array, place = 'Entry'): Entry {
  const reader = new Reader(bytes, 0, bytes.length, place)
  let index = 0
  let term = 0
  let kindNumber = 0
  let data = bytes.subarray(0, 0)
  while (reader.more()) {
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
        break
      default:
        reader.skip()
    }
  }
  if (index === 0) throw new DecodeError(`${place}.index`, 'must be at least 1')
  if (term === 0) throw new DecodeError(`${place}.term`, 'must be at least 1')
  const kind = KINDS[kindNumber]
  if (kind === undefined) throw new DecodeError(`${place}.kind`, `unknown kind ${kindNumber}`)
  return CachedEntry.decoded(index, term, kind, data, bytes)
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
