/** What is read and written directly is what protobuf-es reads and writes, and breaks the same rules. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import { HoldSeatsResponseSchema } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  CallErrorSchema,
  StreamCommandsRequestSchema,
  StreamCommandsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { expect, test } from 'vitest'
import { headBytes } from '../../http/call-wire.ts'
import { createRequestCheck } from '../validation-interceptor.ts'
import { readCallFrame } from './call-frames.ts'
import { ByteFrames, MessageFrames } from './result-frames.ts'

const mustBeValid = createRequestCheck()

function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return { error: ConnectError.from(error).code }
  }
}

const directly = (bytes: Uint8Array) =>
  outcome(() => {
    const { calls, sessionToken, sentMs } = readCallFrame(bytes, mustBeValid)
    return { sessionToken, sentMs, calls: calls.map(plainCall) }
  })

const generally = (bytes: Uint8Array) =>
  outcome(() => {
    const message = outcome(() => fromBinary(StreamCommandsRequestSchema, bytes))
    if (!(message as { $typeName?: string }).$typeName)
      throw new ConnectError('unreadable', Code.InvalidArgument)
    const frame = message as ReturnType<typeof create<typeof StreamCommandsRequestSchema>>
    mustBeValid(StreamCommandsRequestSchema, frame)
    const { calls, sessionToken, sentMs } = frame
    return { sessionToken, sentMs, calls: calls.map(plainCall) }
  })

const plainCall = (call: {
  readonly number: number
  readonly method: string
  readonly request: Uint8Array
  readonly timeoutMs: number
}) => ({
  number: call.number,
  method: call.method,
  request: Buffer.from(call.request).toString('hex'),
  timeoutMs: call.timeoutMs,
})

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function anyFrame(next: (below: number) => number): Uint8Array {
  const one = <T>(...choices: readonly T[]): T => choices[next(choices.length)] as T
  const calls = Array.from({ length: one(0, 1, 2, 3, 256, 257) }, () => ({
    number: one(0, 1, 127, 128, 65_536, 2 ** 32 - 1),
    method: one(
      'a.B/C',
      'quorail.booking.v1.BookingService/HoldSeats',
      'é/ü',
      '',
      'x',
      '𝒳𝒳𝒳',
      'ab/',
    )
      .concat('x'.repeat(one(0, 0, 0, 3, 60, 117, 130)))
      .concat(one('', '', '', '𝒳')),
    request: new Uint8Array(one(0, 1, 127, 128, 300)).fill(next(256)),
    timeoutMs: one(0, 1, 60_000, 2 ** 32 - 1),
  }))
  const sessionToken = one(
    '',
    '',
    'A'.repeat(19),
    'a_-9'.repeat(5),
    'A'.repeat(101),
    'ä'.repeat(20),
  )
  const sentMs = one(0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e15)
  const frame = create(StreamCommandsRequestSchema, { calls, sessionToken, sentMs })
  return toBinary(StreamCommandsRequestSchema, frame)
}

test('3,000 frames, good, forbidden and broken, are read as the schema has them', () => {
  const next = numbers(1)
  const seen = { good: 0, refused: 0 }
  for (let at = 0; at < 3_000; at++) {
    const bytes = anyFrame(next)
    const kind = next(4)
    if (kind === 0 && bytes.length > 0) bytes[next(Math.min(40, bytes.length))] = next(256)
    const given = kind === 1 ? bytes.subarray(0, next(bytes.length + 1)) : bytes
    const expected = generally(given)
    expect(directly(given), Buffer.from(given.subarray(0, 200)).toString('hex')).toEqual(expected)
    seen['error' in (expected as object) ? 'refused' : 'good'] += 1
  }
  expect(seen.good).toBeGreaterThan(300)
  expect(seen.refused).toBeGreaterThan(300)
})

test('the largest request that may be, and one byte more', () => {
  for (const more of [0, 1]) {
    const calls = [{ method: 'a.B/Call', request: new Uint8Array(1_048_576 + more) }]
    const frame = create(StreamCommandsRequestSchema, { calls })
    const bytes = toBinary(StreamCommandsRequestSchema, frame)
    expect(directly(bytes)).toEqual(generally(bytes))
    expect('error' in (directly(bytes) as object)).toBe(more === 1)
  }
})

test('results as bytes are results as messages; what fails to be made adds nothing', () => {
  const [bytes, messages] = [new ByteFrames(), new MessageFrames()]
  const next = numbers(7)
  for (let at = 0; at < 2_000; at++) {
    const kind = next(4)
    for (const frames of [bytes, messages]) {
      if (kind === 0) {
        const error = { code: at % 17, message: 'x'.repeat(at % 300), notLeader: { term: 3n } }
        frames.fail(at, create(CallErrorSchema, error))
      } else if (kind === 1)
        expect(() =>
          frames.answer(at, HoldSeatsResponseSchema, () => {
            throw new Error('refused')
          }),
        ).toThrow('refused')
      else if (kind === 2)
        expect(() =>
          frames.answer(at, HoldSeatsResponseSchema, () => ({
            booking: { pnr: 'ABC', price: { minor: 'much' as never } },
          })),
        ).toThrow()
      else {
        const passengers = [{ name: 'Ann Müster \ud83d\ude00'.repeat(at % 9) }]
        const answer = { index: BigInt(at) ** 5n, booking: { pnr: 'ABC', passengers } }
        frames.answer(at, HoldSeatsResponseSchema, () => answer)
      }
    }
  }
  const asMessages = []
  for (let one = messages.take(); one !== undefined; one = messages.take())
    asMessages.push({ results: one.frame, count: one.results })
  const asBytes = []
  for (let one = bytes.take(); one !== undefined; one = bytes.take()) {
    const message = one.frame.subarray(headBytes)
    const { results } = fromBinary(StreamCommandsResponseSchema, message)
    asBytes.push({ results, count: one.results })
  }
  expect(asBytes).toEqual(asMessages)
  expect(asBytes.length).toBeGreaterThan(1)
})
