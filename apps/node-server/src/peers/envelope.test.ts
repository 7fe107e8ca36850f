import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { DeliverRequestSchema } from '@quorail/proto/quorail/raft/v1/raft_pb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  batchIn,
  deliverEnvelope,
  EnvelopeReader,
  endEnvelope,
  envelopeOf,
  errorIn,
} from './envelope.ts'

const batches = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 })

test('envelopes come together again, however they are cut', () => {
  fc.assert(
    fc.property(batches, fc.array(fc.integer({ min: 1, max: 40 })), (sent, cuts) => {
      let rest = Buffer.concat(sent.flatMap((batch) => [...deliverEnvelope(batch)]))
      const reader = new EnvelopeReader(1_000)
      const read: Uint8Array[] = []
      const take = (piece: Buffer): void => {
        for (const { flags, message } of reader.take(piece)) {
          expect(flags).toBe(0)
          read.push(Uint8Array.from(batchIn(message)))
        }
      }
      for (const cut of cuts) {
        take(rest.subarray(0, cut))
        rest = rest.subarray(cut)
      }
      take(rest)
      expect(read).toEqual(sent)
    }),
  )
})

test('what is in them is what protobuf-es writes and reads', () => {
  for (const length of [0, 1, 127, 128, 20_000]) {
    const batch = new Uint8Array(length).fill(7)
    const message = Buffer.concat([...deliverEnvelope(batch)]).subarray(5)
    expect(Uint8Array.from(fromBinary(DeliverRequestSchema, message).batch)).toEqual(batch)
    const written = Buffer.from(
      toBinary(DeliverRequestSchema, create(DeliverRequestSchema, { batch })),
    )
    expect(Uint8Array.from(batchIn(written))).toEqual(batch)
  }
})

test('a small batch does not hold on to the large piece that it came in', () => {
  const piece = Buffer.concat([...deliverEnvelope(new Uint8Array(10)), Buffer.alloc(60_000)])
  const [first] = new EnvelopeReader(100_000).take(piece)
  expect(batchIn(first?.message as Buffer).buffer.byteLength).toBeLessThan(100)
})

test('one that is larger than it may be is refused before it is there', () => {
  const reader = new EnvelopeReader(100)
  const head = envelopeOf(0, new Uint8Array(101)).subarray(0, 5)
  expect(() => [...reader.take(head)]).toThrow('101 bytes is more than 100')
})

test.each([[[8, 1]], [[10, 5, 1]], [[10, 255, 255, 255, 255, 255, 1]]])(
  'what is no DeliverRequest: %j',
  (bytes) => {
    expect(() => batchIn(Buffer.from(bytes))).toThrow('no DeliverRequest')
  },
)

test('the end of an answer says whether there was an error', () => {
  const read = (bytes: Buffer) => errorIn({ flags: bytes[0] ?? 0, message: bytes.subarray(5) })
  expect(read(endEnvelope())).toBeUndefined()
  expect(read(endEnvelope({ code: 'internal', message: 'why' }))).toBe('[internal] why')
  expect(read(envelopeOf(0, new Uint8Array()))).toBeUndefined()
})
