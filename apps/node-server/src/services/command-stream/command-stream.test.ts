import { create, type DescMethodUnary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { openCommandStream } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  CommandStreamService,
  type StreamCommandsResponse,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { FareService } from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { ErrorDetailSchema, NotLeaderSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../../testing/memory-host.ts'
import { loginTo } from '../../testing/memory-services.ts'
import { demoJourney } from '../../testing/sold-booking.ts'
import { demoCommands } from '../../timetable/demo-timetable.ts'
import { createDoor } from '../door.ts'
import { createRoutes } from '../index.ts'

const nowMs = Date.UTC(2026, 10, 22, 9)

interface World {
  readonly host: MemoryHost
  readonly transport: Transport
}

function newWorld(holdsPerMinute = 0): World {
  const host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone: 'Europe/Zurich' })) host.run(command)
  const door = createDoor(host, { holdsPerMinute, searchesPerMinute: 0 })
  const routes = createRoutes({ host, secureCookies: false, gatewayUrl: undefined, door })
  return {
    host,
    transport: createRouterTransport(routes, { router: { interceptors: door.interceptors } }),
  }
}

type Call = <M extends DescMethodUnary>(
  method: M,
  request: MessageInitShape<M['input']>,
) => Promise<unknown>

const unary =
  ({ transport }: World, headers: Record<string, string>): Call =>
  async (method, request) =>
    (await transport.unary(method, undefined, undefined, headers, request)).message

const streamed = ({ transport }: World, header: Record<string, string>): Call => {
  const stream = openCommandStream({
    endpoints: ['http://n1.invalid'],
    createTransport: () => transport,
    header,
    limits: { settleMs: 0 },
  })
  return (method, request) => stream.call(method, request)
}

/** What came of a call, as plain data: the same by both ways. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return { response: await call }
  } catch (reason) {
    const error = ConnectError.from(reason)
    const { code, rawMessage } = error
    // A stream is a trace of its own.
    const named = error.findDetails(ErrorDetailSchema).map((detail) => ({ ...detail, traceId: '' }))
    const details = [named, error.findDetails(NotLeaderSchema)]
    return { code, rawMessage, details }
  }
}

/** The same calls in a fresh world, all the ways that calls have to end. */
async function story(world: World, callBy: typeof unary): Promise<unknown[]> {
  const { host } = world
  const ann = callBy(world, loginTo(host, 'ann@example.org', 'passenger').headers)
  const ben = callBy(world, loginTo(host, 'ben@example.org', 'passenger').headers)
  const staff = callBy(world, loginTo(host, 'staff@example.org', 'staff').headers)
  const nobody = callBy(world, {})
  const journey = demoJourney(host)
  const hold = {
    requestId: 'request-hold-1',
    runId: BigInt(journey.runId),
    fromStop: 0,
    toStop: 1,
    classCode: journey.classes[0]?.classCode ?? '',
    passengers: [{ name: '  Ann   Muster ' }],
    seats: [1],
  }
  const { holdSeats, releaseHold, extendHold, confirmBooking, cancelBooking, getBooking } =
    BookingService.method
  const price = 100n
  const outcomes: unknown[] = []
  const tell = async (call: Promise<unknown>) => {
    outcomes.push(await outcome(call))
  }
  await tell(ann(holdSeats, hold))
  await tell(ann(holdSeats, hold))
  await tell(ann(holdSeats, { ...hold, seats: [2] }))
  await tell(ben(holdSeats, { ...hold, requestId: 'request-hold-2' }))
  await tell(ben(holdSeats, { ...hold, requestId: 'short' }))
  await tell(ben(holdSeats, { ...hold, requestId: 'request-hold-3', passengers: [{ name: ' ' }] }))
  await tell(ben(holdSeats, { ...hold, requestId: 'request-hold-4', runId: 999_999n }))
  await tell(nobody(holdSeats, { ...hold, requestId: 'request-hold-5' }))
  await tell(ben(extendHold, { requestId: 'request-extend', bookingId: 1n }))
  await tell(ann(extendHold, { requestId: 'request-extend', bookingId: 1n }))
  await tell(
    ann(PaymentService.method.pay, {
      requestId: 'request-pay-1',
      bookingId: 1n,
      paymentToken: '4111 1111 1111 1111',
      amountMinor: price,
    }),
  )
  await tell(
    ann(PaymentService.method.pay, {
      requestId: 'request-pay-2',
      bookingId: 1n,
      paymentToken: 'tok_12345678',
      amountMinor: price,
    }),
  )
  await tell(ann(confirmBooking, { requestId: 'request-confirm', bookingId: 1n }))
  await tell(
    ann(cancelBooking, {
      requestId: 'request-cancel',
      bookingId: 1n,
      expectedRefundMinor: price,
    }),
  )
  await tell(ann(releaseHold, { requestId: 'request-release', bookingId: 1n }))
  await tell(ann(getBooking, { bookingId: 1n }))
  await tell(ann(BookingService.method.listBookings, {}))
  await tell(ann(AdministrationService.method.listTrains, {}))
  await tell(staff(FareService.method.listVouchers, {}))
  await tell(nobody(AccountService.method.getMe, {}))
  host.diverge('minority')
  await tell(ann(releaseHold, { requestId: 'request-release-2', bookingId: 1n }))
  return outcomes
}

test('the same requests by themselves and in a stream give the same answers and errors', async () => {
  const bySelf = await story(newWorld(), unary)
  const inStream = await story(newWorld(), streamed)
  expect(inStream).toEqual(bySelf)
  const codes = bySelf.map((one) => (one as { code?: Code }).code)
  expect(codes).toContain(undefined)
  for (const code of [
    ...[Code.InvalidArgument, Code.NotFound, Code.Unauthenticated, Code.PermissionDenied],
    ...[Code.FailedPrecondition, Code.Unavailable],
  ])
    expect(codes, Code[code]).toContain(code)
})

test('one limit for both ways: what is asked for in a stream counts', async () => {
  const world = newWorld(4)
  const { headers } = loginTo(world.host, 'ann@example.org', 'passenger')
  const { holdSeats } = BookingService.method
  const request = { requestId: 'request-1', runId: 1n, classCode: '2', passengers: [{ name: 'A' }] }
  await outcome(streamed(world, headers)(holdSeats, request))
  expect(await outcome(unary(world, headers)(holdSeats, request))).toMatchObject({
    code: Code.ResourceExhausted,
  })
})

let world: World
let session: string
beforeEach(() => {
  world = newWorld()
  session = loginTo(world.host, 'ann@example.org', 'passenger').headers.authorization
})

const raw = () => createClient(CommandStreamService, world.transport)
const release = (number: number, bytes = 0) => {
  const { name, input, parent } = BookingService.method.releaseHold
  const requestId = `request-${number}-${'x'.repeat(bytes)}`.slice(0, 64)
  const request = toBinary(input, create(input, { requestId, bookingId: 1n }))
  return { number, method: `${parent.typeName}/${name}`, request }
}

test('what is not a call is refused by itself, and the others go on', async () => {
  async function* frames() {
    yield {
      calls: [
        { number: 1, method: 'quorail.booking.v1.BookingService/Fly', request: new Uint8Array() },
        { ...release(2), request: Uint8Array.of(255, 255) },
        release(3),
      ],
    }
  }
  const codes = new Map<number, string | undefined>()
  for await (const { results } of raw().streamCommands(frames(), {
    headers: { authorization: session },
  }))
    for (const { number, outcome } of results)
      codes.set(number, outcome.case === 'error' ? outcome.value.detail?.code : outcome.case)
  expect(Object.fromEntries(codes)).toEqual({
    1: 'METHOD_NOT_FOUND',
    2: 'UNREADABLE_REQUEST',
    3: 'BOOKING_NOT_FOUND',
  })
})

test('a frame can be of another session than its stream', async () => {
  const sessionToken = session.replace('Bearer ', '')
  async function* frames() {
    yield { calls: [release(1)] }
    yield { calls: [release(2)], sessionToken }
  }
  const codes: [number, string | undefined][] = []
  for await (const { results } of raw().streamCommands(frames()))
    for (const { number, outcome } of results)
      codes.push([number, outcome.case === 'error' ? outcome.value.detail?.code : outcome.case])
  expect(codes.sort()).toEqual([
    [1, 'NOT_LOGGED_IN'],
    [2, 'BOOKING_NOT_FOUND'],
  ])
})

test('who does not read answers is not read from', async () => {
  let sent = 0
  async function* frames() {
    for (;;) {
      yield { calls: Array.from({ length: 256 }, () => release(++sent)) }
      // As a connection does that has work to do.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const responses = raw().streamCommands(frames(), { headers: { authorization: session } })
  const iterator = responses[Symbol.asyncIterator]()
  const first: IteratorResult<StreamCommandsResponse> = await iterator.next()
  const calls: number = first.value.limits.calls
  await expect.poll(() => sent).toBeGreaterThanOrEqual(calls)
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toBeLessThan(calls + 5 * 256)
  await iterator.next()
  await iterator.next()
  await expect.poll(() => sent).toBeGreaterThan(calls + 256)
})

test('a node that leads no more answers what is under way and names the leader', async () => {
  let goOn = () => {}
  const waited = new Promise<void>((resolve) => {
    goOn = resolve
  })
  async function* frames() {
    yield { calls: [release(1)] }
    await waited
  }
  const seen: number[] = []
  const reading = (async () => {
    for await (const { results } of raw().streamCommands(frames(), {
      headers: { authorization: session },
    }))
      for (const { number } of results) {
        seen.push(number)
        world.host.follow({ id: 'n2', clientUrl: 'http://n2.invalid', term: 2 })
      }
  })()
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  )
  goOn()
  expect(seen).toEqual([1])
  expect(error?.code).toBe(Code.Unavailable)
  expect(error?.findDetails(NotLeaderSchema)[0]?.leaderUrl).toBe('http://n2.invalid')
})
