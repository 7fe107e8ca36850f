import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batches,
  data,
  geneses,
  integers,
  names,
  positives,
} from '../../test/arbitrary-messages.ts'
import { append } from '../../test/message-defaults.ts'
import {
  decodeEntry,
  decodeGenesis,
  decodeHardState,
  decodeMembershipChange,
  decodeMessageBatch,
  decodeSnapshotMark,
  encodeGenesis,
  encodeHardState,
  encodeMessageBatch,
  entryBytes,
  makeEntry,
} from '../codec.ts'
import { DecodeError } from '../errors.ts'
import type { Message } from '../types.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'
import { varintSize, writeVarint } from './varint.ts'

const DECODERS = [
  decodeMessageBatch,
  decodeEntry,
  decodeHardState,
  decodeGenesis,
  decodeMembershipChange,
  decodeSnapshotMark,
]

/** Anything a decoder does is a value or a DecodeError. */
function decodes(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    decode(bytes)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    expect(error.place).not.toBe('')
  }
}

/** The same bytes at the same place: nothing was copied. */
function expectSameMemory(one: Uint8Array, other: Uint8Array): void {
  expect(one).toEqual(other)
  expect(one.buffer).toBe(other.buffer)
  expect(one.byteOffset).toBe(other.byteOffset)
}

describe('round trips', () => {
  it('a batch is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(decodeMessageBatch(encodeMessageBatch(batch))).toEqual(batch)
      }),
      { numRuns: 1500 },
    )
  })

  it('an entry is the same, and its bytes are made once', () => {
    fc.assert(
      fc.property(positives, positives, data, (index, term, bytes) => {
        const entry = makeEntry(index, term, 'command', bytes)
        const encoded = entryBytes(entry)
        expectSameMemory(entryBytes(entry), encoded)
        expect(entry.data).toEqual(bytes)
        const decoded = decodeEntry(encoded)
        expect(decoded).toEqual(entry)
        expectSameMemory(entryBytes(decoded), encoded)
        expect(entryBytes({ index, term, kind: 'command', data: bytes })).toEqual(encoded)
      }),
    )
  })

  it('a command is in memory once as soon as it is encoded', () => {
    const given = Uint8Array.of(1, 2, 3)
    const entry = makeEntry(5, 2, 'command', given)
    expect(entry.data).toBe(given)
    const encoded = entryBytes(entry)
    expectSameMemory(entry.data, encoded.subarray(encoded.length - 3))
    given.fill(9)
    expect([...entry.data]).toEqual([1, 2, 3])
  })

  it.each([
    [
      'a field of a newer version behind the data',
      [0x08, 7, 0x10, 3, 0x18, 1, 0x22, 1, 9, 0x30, 5],
    ],
    ['the data first', [0x22, 2, 9, 8, 0x18, 1, 0x10, 3, 0x08, 7]],
    ['the data twice', [0x08, 7, 0x10, 3, 0x22, 1, 1, 0x18, 1, 0x22, 2, 9, 8]],
    ['a longer integer than needed', [0x08, 0x87, 0x00, 0x10, 3, 0x18, 1, 0x22, 1, 9]],
    ['empty data', [0x08, 7, 0x10, 3, 0x18, 1, 0x22, 0]],
    ['no data', [0x08, 7, 0x10, 3, 0x18, 1]],
  ])('an entry keeps the bytes it came with: %s', (_, bytes) => {
    const buffer = Uint8Array.from([0xaa, 0xaa, ...bytes, 0xaa])
    const given = buffer.subarray(2, 2 + bytes.length)
    expectSameMemory(entryBytes(decodeEntry(given)), given)
  })

  it('hard state and genesis are the same', () => {
    fc.assert(
      fc.property(
        integers,
        fc.option(names, { nil: undefined }),
        integers,
        (term, votedFor, commitIndex) => {
          const state = { term, votedFor, commitIndex }
          expect(decodeHardState(encodeHardState(state))).toEqual(state)
        },
      ),
    )
    fc.assert(
      fc.property(geneses, (genesis) => {
        expect(decodeGenesis(encodeGenesis(genesis))).toEqual(genesis)
      }),
    )
  })

  it('UTF-8 and varints are those of the platform', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = encodeUtf8(text)
        expect(bytes).toEqual(new TextEncoder().encode(text))
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(new TextDecoder().decode(bytes))
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        let expected: string | undefined
        try {
          expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
        } catch {
          expected = undefined
        }
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(integers, (value) => {
        const bytes = new Uint8Array(10)
        expect(writeVarint(bytes, 0, value)).toBe(varintSize(value))
      }),
    )
  })
})

describe('the bytes are protobuf', () => {
  it('of a known entry', () => {
    const entry = makeEntry(300, 2, 'command', Uint8Array.of(0xca, 0xfe))
    expect([...entryBytes(entry)]).toEqual([
      0x08, 0xac, 0x02, 0x10, 2, 0x18, 1, 0x22, 2, 0xca, 0xfe,
    ])
    const noop = makeEntry(1, 1, 'noop', new Uint8Array(0))
    expect([...entryBytes(noop)]).toEqual([0x08, 1, 0x10, 1, 0x18, 2])
  })

  it('of the largest integer', () => {
    const entry = makeEntry(Number.MAX_SAFE_INTEGER, 1, 'noop', new Uint8Array(0))
    expect(decodeEntry(entryBytes(entry)).index).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('strict decoding', () => {
  it('random bytes give a value or a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const decode of DECODERS) decodes(decode, bytes)
      }),
      { numRuns: 3000 },
    )
  })

  it('a batch with some bytes changed, cut or added gives a value or a DecodeError', () => {
    fc.assert(
      fc.property(
        batches,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (batch, changes, cut) => {
          const bytes = encodeMessageBatch(batch).slice()
          for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value
          decodes(decodeMessageBatch, bytes)
          decodes(decodeMessageBatch, bytes.subarray(0, cut % (bytes.length + 1)))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('integers above 2^53 - 1 are refused, and the place is named', () => {
    const tooLarge = Uint8Array.of(0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10)
    expect(() => decodeEntry(tooLarge)).toThrow(
      expect.objectContaining({ code: 'decode', place: 'Entry.index' }),
    )
    expect(() => decodeEntry(Uint8Array.of(0x08, ...Array(11).fill(0xff)))).toThrow(DecodeError)
  })

  it('unknown fields are skipped, and messages with an unknown body as well', () => {
    const entry = entryBytes(makeEntry(7, 3, 'noop', new Uint8Array(0)))
    const unknown = [0x30, 0x05, 0x3a, 0x02, 9, 9, 0x41, 1, 2, 3, 4, 5, 6, 7, 8, 0x4d, 1, 2, 3, 4]
    expect(decodeEntry(Uint8Array.from([...entry, ...unknown]))).toMatchObject({
      index: 7,
      term: 3,
    })
    const message = [0x0a, 1, 0x61, 0x10, 1, 0xa2, 0x06, 0]
    const batch = [0x12, 1, 0x62, 0x22, message.length, ...message]
    expect(decodeMessageBatch(Uint8Array.from(batch)).messages).toEqual([])
  })

  it.each([
    ['index 0', { index: 0 }],
    ['term 0', { term: 0 }],
  ])('an entry of %s is refused', (_, change) => {
    const entry = {
      index: 1,
      term: 1,
      kind: 'command' as const,
      data: new Uint8Array(0),
      ...change,
    }
    expect(() => decodeEntry(entryBytes(entry))).toThrow(DecodeError)
  })

  it.each([
    ['leave a gap', [makeEntry(2, 1, 'noop', new Uint8Array(0))]],
    ['are of a term after the sender’s', [makeEntry(1, 9, 'noop', new Uint8Array(0))]],
    [
      'have terms that decrease',
      [makeEntry(1, 3, 'noop', new Uint8Array(0)), makeEntry(2, 2, 'noop', new Uint8Array(0))],
    ],
  ])('entries that %s are refused', (_, entries) => {
    const message: Message = append({ from: 'a', to: 'b', term: 4, entries })
    const bytes = encodeMessageBatch({
      clusterId: '0'.repeat(32),
      from: 'a',
      fromIncarnation: '0'.repeat(32),
      messages: [message],
    })
    expect(() => decodeMessageBatch(bytes)).toThrow(
      expect.objectContaining({ place: expect.stringContaining('messages[0]') }),
    )
  })
})
