/** The same story of calls past Connect's handlers and by them: each answer is the same, byte for byte. */
import { gzipSync } from 'node:zlib'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  BookingService,
  HoldSeatsRequestSchema,
  ReleaseHoldRequestSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PayRequestSchema } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { OutcomeUnknownError, OverloadedError } from '@quorail/raft-core'
import { expect, onTestFinished, test } from 'vitest'
import { BusyError } from '../host/command-gate.ts'
import {
  ask,
  bothWays,
  isQuiet,
  type RawRequest,
  testOrigin,
  type World,
} from '../testing/two-ways.ts'

const holdPath = `/${BookingService.typeName}/HoldSeats`
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

/** One call of the story: what is asked, and what it must come to both ways. */
interface Step {
  readonly what: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: readonly Uint8Array[]
  readonly instead?: RawRequest['instead']
  /** Goes by Connect's handlers in any case. */
  readonly usual?: boolean
  /** Before it, in either world. */
  readonly first?: (world: World) => void
  readonly status: number
  /** Somewhere in the body. */
  readonly says?: string
}

const seat = {
  requestId: 'request-1',
  runId: 100n,
  toStop: 1,
  classCode: '2',
  passengers: [{ name: 'Ann Example' }],
}
const hold = (more: Partial<typeof seat> & { seats?: number[] } = {}) => [
  toBinary(HoldSeatsRequestSchema, create(HoldSeatsRequestSchema, { ...seat, ...more })),
]
const release = (requestId: string, bookingId = 1n) => [
  toBinary(ReleaseHoldRequestSchema, create(ReleaseHoldRequestSchema, { requestId, bookingId })),
]
const pay = [
  toBinary(
    PayRequestSchema,
    create(PayRequestSchema, {
      requestId: 'request-pay',
      bookingId: 1n,
      paymentToken: 'tok_12345678',
      amountMinor: 1n,
    }),
  ),
]
const sixPeople = Array.from({ length: 6 }, (_, i) => ({ name: `${'漢'.repeat(70)} ${i}` }))
const bytes = (...values: number[]) => [Uint8Array.from(values)]
const json = (value: unknown) => [Buffer.from(JSON.stringify(value))]
const pieces = (whole: readonly Uint8Array[]) =>
  Array.from(whole[0] ?? [], (byte) => Uint8Array.of(byte))
const refuses = (error: Error) => (world: World) => world.logInstead(() => Promise.reject(error))
const takesForEver = (world: World) => world.logInstead(() => new Promise(() => {}))
const works = (world: World) => world.logInstead(undefined)
const releasePath = `/${BookingService.typeName}/ReleaseHold`

const story: readonly Step[] = [
  { what: 'a hold', body: hold(), status: 200 },
  { what: 'the same again', body: hold(), status: 200 },
  { what: 'in one byte after another', body: pieces(hold()), status: 200 },
  {
    what: 'other content under its id',
    body: hold({ toStop: 2 }),
    status: 400,
    says: 'REQUEST_ID_REUSED',
  },
  {
    what: 'of a taken seat',
    body: hold({ requestId: 'request-2', classCode: '1', seats: [0] }),
    status: 200,
  },
  {
    what: 'of the same seat',
    body: hold({ requestId: 'request-3', classCode: '1', seats: [0] }),
    status: 400,
    says: 'SEAT_TAKEN',
  },
  {
    what: 'of no run',
    body: hold({ requestId: 'request-4', runId: 999_999n }),
    status: 404,
    says: 'RUN_NOT_FOUND',
  },
  {
    what: 'an answer that is worth compressing',
    body: hold({ requestId: 'request-5', passengers: sixPeople }),
    headers: { 'accept-encoding': 'deflate, gzip, br' },
    status: 200,
  },
  {
    what: 'the same, for who takes no compression',
    body: hold({ requestId: 'request-5', passengers: sixPeople }),
    status: 200,
    says: Buffer.from('漢漢').toString('latin1'),
  },
  {
    what: 'one that is not worth it',
    body: hold(),
    headers: { 'accept-encoding': 'gzip' },
    status: 200,
    says: 'Ann Example',
  },
  { what: 'pay', path: '/quorail.booking.v1.PaymentService/Pay', body: pay, status: 400 },
  { what: 'release', path: releasePath, body: release('request-r1'), status: 200 },
  { what: 'release again', path: releasePath, body: release('request-r2'), status: 400 },
  {
    what: 'release of no booking',
    path: releasePath,
    body: release('request-r3', 77n),
    status: 404,
    says: 'BOOKING_NOT_FOUND',
  },
  { what: 'no message', body: bytes(0xff, 0xff), status: 400, says: 'UNREADABLE_REQUEST' },
  { what: 'a message cut off', body: bytes(0x0a, 0x09, 0x61), status: 400, says: 'UNREADABLE' },
  { what: 'a text that is none', body: bytes(0x0a, 0x01, 0xff), status: 400 },
  { what: 'headers alone', status: 400, says: 'INVALID_FIELD' },
  { what: 'an empty body', body: bytes(), status: 400, says: 'INVALID_FIELD' },
  { what: 'an unknown field', body: [...bytes(0xa2, 0x06, 0), ...hold()], status: 400 },
  {
    what: 'an invalid field',
    body: hold({ requestId: 'request-6', passengers: [{ name: '' }] }),
    status: 400,
    says: 'passengers[0].name',
  },
  {
    what: 'nobody',
    headers: { authorization: undefined },
    body: hold(),
    status: 401,
    says: 'NOT_LOGGED_IN',
  },
  {
    what: 'a session that is none',
    headers: { authorization: `Bearer ${'x'.repeat(40)}` },
    body: hold(),
    status: 401,
    says: 'NOT_LOGGED_IN',
  },
  {
    what: 'nobody with an invalid field',
    headers: { authorization: undefined },
    body: hold({ runId: 0n }),
    status: 400,
    says: 'run_id',
  },
  {
    what: 'a follower',
    first: ({ host }) => host.follow({ id: 'n2', clientUrl: 'http://localhost:2', term: 2 }),
    body: hold(),
    status: 503,
    says: 'NOT_LEADER',
  },
  {
    what: 'no leader',
    first: ({ host }) => host.follow(undefined),
    body: hold(),
    status: 503,
    says: 'NO_LEADER',
  },
]

const afterwards: readonly Step[] = [
  {
    what: 'too much to do',
    first: refuses(new OverloadedError('full')),
    body: hold(),
    status: 429,
    says: 'OVERLOADED',
  },
  {
    what: 'one account has too much under way',
    first: refuses(new BusyError('share', 120, 'full')),
    body: hold(),
    status: 429,
    says: 'OVERLOADED',
  },
  {
    what: 'an outcome that nobody knows',
    first: refuses(new OutcomeUnknownError('leadershipLost', 7, 1)),
    body: hold(),
    status: 409,
    says: 'OUTCOME_UNKNOWN',
  },
  { what: 'a bug', first: refuses(new TypeError('a bug')), body: hold(), status: 500 },
  {
    what: 'time that is over at once',
    first: works,
    headers: { 'connect-timeout-ms': '0' },
    body: hold(),
    status: 504,
    says: 'DEADLINE_EXCEEDED',
  },
  {
    what: 'time that is over while the log works',
    first: takesForEver,
    headers: { 'connect-timeout-ms': '3000' },
    body: hold(),
    status: 409,
    says: 'OUTCOME_UNKNOWN',
  },
  {
    what: 'time enough',
    first: works,
    headers: { 'connect-timeout-ms': '60000' },
    body: hold({ requestId: 'request-7' }),
    status: 200,
  },
  {
    what: 'more time than there is',
    headers: { 'connect-timeout-ms': '60001' },
    body: hold(),
    usual: true,
    status: 400,
  },
  {
    what: 'a time that is none',
    headers: { 'connect-timeout-ms': '1s' },
    body: hold(),
    usual: true,
    status: 400,
  },
  {
    what: 'a body that is too large',
    body: [new Uint8Array(20_001)],
    status: 429,
    says: 'message size is larger than configured readMaxBytes 20000',
  },
  {
    what: 'one that says so',
    headers: { 'content-length': '20001' },
    body: [new Uint8Array(20_001)],
    usual: true,
    status: 429,
  },
  {
    what: 'a body of the length that it says',
    headers: { 'content-length': String(hold()[0]?.length) },
    body: hold(),
    status: 200,
  },
  {
    what: 'a cookie',
    headers: { authorization: undefined, cookie: 'a=b; quorail_session=TOKEN' },
    body: hold(),
    status: 200,
  },
  {
    what: 'a page of ours',
    headers: { origin: testOrigin },
    body: hold(),
    usual: true,
    status: 200,
  },
  {
    what: 'another page',
    headers: { origin: 'http://evil.example' },
    body: hold(),
    usual: true,
    status: 200,
  },
  {
    what: 'a compressed body',
    headers: { 'content-encoding': 'gzip' },
    body: [gzipSync(hold()[0] ?? '')],
    usual: true,
    status: 200,
  },
  {
    what: 'JSON',
    headers: { 'content-type': 'application/json' },
    body: json({ ...seat, runId: '100' }),
    usual: true,
    status: 200,
    says: 'Ann Example',
  },
  {
    what: 'another content type',
    headers: { 'content-type': 'text/xml' },
    body: hold(),
    usual: true,
    status: 415,
  },
  {
    what: 'no content type',
    headers: { 'content-type': undefined },
    body: hold(),
    usual: true,
    status: 415,
  },
  {
    what: 'its content type in capitals',
    headers: { 'content-type': 'Application/Proto' },
    body: hold(),
    usual: true,
    status: 200,
  },
  {
    what: 'gRPC',
    headers: { 'content-type': 'application/grpc+proto', te: 'trailers' },
    body: [...bytes(0, 0, 0, 0, hold()[0]?.length ?? 0), ...hold()],
    usual: true,
    status: 200,
    says: 'Ann Example',
  },
  { what: 'GET', headers: { ':method': 'GET' }, usual: true, status: 405 },
  { what: 'a question mark', path: `${holdPath}?a=b`, body: hold(), usual: true, status: 200 },
  { what: 'an unknown method', path: `${holdPath}s`, body: hold(), usual: true, status: 404 },
  {
    what: 'a read that waits',
    headers: { 'quorail-read': 'linearizable' },
    body: hold(),
    usual: true,
    status: 200,
  },
  {
    what: 'the host that is none',
    headers: { ':authority': 'a[b' },
    body: hold(),
    usual: true,
    status: 400,
  },
]

async function tell(steps: readonly Step[]) {
  const worlds = await bothWays(onTestFinished, { messageBytes: 20_000 })
  for (const step of steps) {
    const [hot, connect] = worlds
    const before = hot.taken()
    const [answer, other] = await Promise.all([send(hot, step), send(connect, step)])
    expect.soft(answer, step.what).toEqual(other)
    expect.soft(answer.headers[':status'], step.what).toBe(step.status)
    expect.soft(answer.body, step.what).toContain(step.says ?? '')
    expect.soft(hot.taken() - before, `${step.what}: taken`).toBe(step.usual === true ? 0 : 1)
    expect(connect.taken()).toBe(0)
  }
  for (const { bugs } of worlds) expect(bugs).toEqual([])
  await expect.poll(isQuiet).toBe(true)
  return worlds
}

function send(world: World, { first, path = holdPath, headers = {}, body = [], instead }: Step) {
  first?.(world)
  const all: Record<string, string | undefined> = {
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
    traceparent,
    ...world.headers,
    ...headers,
  }
  const token = world.headers.authorization.slice('Bearer '.length)
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value.replace('TOKEN', token)]],
  )
  return ask(world, { headers: Object.fromEntries(given), body, ...(instead && { instead }) })
}

test('calls, refusals and errors are answered alike', async () => {
  const [hot, connect] = await tell(story)
  // And counted alike.
  const counted = async ({ metrics }: World) =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('quorail_rpc_calls_total{'))
  expect(await counted(hot)).toEqual(await counted(connect))
  expect(await counted(hot)).not.toEqual([])
})

test('slow ones are told alike', async () => {
  const [hot, connect] = await tell(story.slice(0, 4))
  const told = ({ slow }: World) =>
    slow.map(({ ms, stages, ...call }) => ({ ...call, stages: Object.keys(stages) }))
  expect(told(hot)).toEqual(told(connect))
  expect(told(hot)).toHaveLength(4)
})

test('failures of the log, deadlines and what is unusual are answered alike', async () => {
  await tell(afterwards)
}, 60_000)
