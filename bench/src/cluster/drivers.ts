import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { createConnectTransport } from '@connectrpc/connect-node'
import { type CommandStream, newRequestId, openCommandStream } from '@quorail/cluster-client'
import {
  BookingService,
  type HoldSeatsRequest,
  HoldSeatsRequestSchema,
  HoldSeatsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { SEGMENTS } from './railway-facts.ts'
import { RawHttp2 } from './raw-http2.ts'
import { openSearch, type SearchTarget } from './search-driver.ts'

/** How calls go: many in a stream, each by itself, or so that its node takes it by Connect's handlers. */
export type Way = 'stream' | 'unary' | 'connect'

/** What a caller does. `hold`: holds a place; `sale`: holds, pays and waits for the confirmation. */
export type Work = 'hold' | 'sale' | 'rush' | 'mixed'

export interface Leg {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
}

/** Where a caller process sends its operations to, and how. */
export type Target =
  | {
      readonly kind: Way
      readonly endpoints: readonly string[]
      readonly leader: string
      readonly sessionToken: string
      readonly runs: number
      readonly work: Work
      /** Where cards become tokens; sales need it. */
      readonly paymentUrl: string
      /** Who signs the nodes' certificates, as PEM; undefined: they are reached without TLS. */
      readonly authority?: string | undefined
      /** What is held instead of any of 28 segments on any run. */
      readonly legs?: readonly Leg[]
    }
  | SearchTarget
  | { readonly kind: 'etcd'; readonly leader: string; readonly prefix: string }

/** Does one operation after another; any number of them at once. */
export interface Driver {
  start(done: (error: unknown) => void): void
  close(): Promise<void>
}

export function openDriver(target: Target): Promise<Driver> {
  if (target.kind === 'search') return openSearch(target)
  if (target.kind === 'etcd') return openEtcd(target.leader, target.prefix)
  return target.kind === 'stream' ? openStreamDriver(target) : openUnary(target)
}

/** For transports of connect-node. */
export const believing = (authority: string | undefined) =>
  authority === undefined ? {} : { nodeOptions: { ca: authority } }

export type Railway = Exclude<Target, { kind: 'etcd' } | SearchTarget>

const card = { number: '4242424242424242', expiry: '12/39', cvc: '123', name: 'Ann' }
let made = 0
/** Different in each caller process. */
const idPrefix = newRequestId().slice(0, 20)

function holdRequest(target: Railway): HoldSeatsRequest {
  made += 1
  const { runId, fromStop, toStop } = legFor(target)
  return create(HoldSeatsRequestSchema, {
    requestId: `${idPrefix}${made}`,
    runId: BigInt(runId),
    fromStop,
    toStop,
    classCode: '2',
    passengers: [{ name: 'Ann Example' }],
  })
}

function legFor({ runs, work, legs = [] }: Railway): Leg {
  const known = legs[Math.floor(Math.random() * legs.length)]
  if (known !== undefined) return known
  const fromStop = Math.floor(Math.random() * SEGMENTS)
  const runId = work === 'rush' ? 1 : 1 + Math.floor(Math.random() * runs)
  return { runId, fromStop, toStop: fromStop + 1 }
}

async function openStreamDriver(target: Railway): Promise<Driver> {
  const stream = openCommandStream({
    endpoints: target.endpoints,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '2', ...believing(target.authority) }),
    header: { authorization: `Bearer ${target.sessionToken}` },
  })
  const { holdSeats, getBooking } = BookingService.method
  let last = 0n
  const hold: Driver['start'] = (done) =>
    stream.callWith(holdSeats, holdRequest(target), (error, response) => {
      last = response?.booking?.bookingId ?? last
      done(error)
    })
  const read: Driver['start'] = (done) =>
    stream.callWith(getBooking, { bookingId: last }, (error) => done(error))
  let turn = 0
  const starts: Record<Work, Driver['start']> = {
    hold,
    rush: hold,
    sale: (done) => sell(stream, target, done),
    // A thousand reads to a booking.
    mixed: (done) => (last === 0n || turn++ % 1_001 === 0 ? hold(done) : read(done)),
  }
  return { start: starts[target.work], close: () => stream.close() }
}

function sell(stream: CommandStream, target: Railway, done: (error: unknown) => void): void {
  const request = holdRequest(target)
  const sold = async (): Promise<void> => {
    const paymentToken = await cardToken(target.paymentUrl)
    const { booking } = await stream.call(BookingService.method.holdSeats, request)
    const { bookingId = 0n, price } = booking ?? {}
    const payment = { bookingId, paymentToken, amountMinor: price?.minor ?? 0n }
    const requestId = `${request.requestId}p`
    await stream.call(PaymentService.method.pay, { requestId, ...payment })
    const until = performance.now() + 30_000
    for (;;) {
      const answer = await stream.call(BookingService.method.getBooking, { bookingId })
      if (answer.booking?.confirmedAt !== undefined) return
      if (performance.now() > until) throw new Error('not confirmed in 30 s')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  sold().then(() => done(undefined), done)
}

/** As the browser does it: the card never comes to a node. */
async function cardToken(paymentUrl: string): Promise<string> {
  const response = await fetch(`${paymentUrl}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(card),
  })
  const { token } = (await response.json()) as { readonly token?: string }
  if (token === undefined) throw new Error(`the sandbox gave no token (${response.status})`)
  return token
}

async function openUnary(target: Railway): Promise<Driver> {
  const { leader, sessionToken, authority } = target
  const headers = {
    ':method': 'POST',
    ':scheme': authority === undefined ? 'http' : 'https',
    ':authority': new URL(leader).host,
    ':path': '/quorail.booking.v1.BookingService/HoldSeats',
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
    authorization: `Bearer ${sessionToken}`,
    // Says nothing, and is a matter for Connect's handlers.
    ...(target.kind === 'connect' && { 'content-encoding': 'identity' }),
  }
  const raw = await RawHttp2.open(leader, headers, authority)
  return {
    start: (done) =>
      raw.request(
        Buffer.from(toBinary(HoldSeatsRequestSchema, holdRequest(target))),
        (error, body) => done(error ?? notHeld(body)),
      ),
    close: async () => raw.close(),
  }
}

function notHeld(body: Buffer): Error | undefined {
  const { booking } = fromBinary(HoldSeatsResponseSchema, body)
  return booking === undefined ? new Error('an answer without a booking') : undefined
}

/** `Txn`: puts a key if it was never made. gRPC with messages written by hand. */
async function openEtcd(leader: string, prefix: string): Promise<Driver> {
  const raw = await RawHttp2.open(leader, {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': new URL(leader).host,
    ':path': '/etcdserverpb.KV/Txn',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const value = Buffer.alloc(100, 'v')
  return {
    start(done) {
      made += 1
      const key = Buffer.from(`${prefix}/${idPrefix}${made}`)
      const compare = Buffer.concat([Buffer.from([0x10, 1]), field(3, key), Buffer.from([0x28, 0])])
      const put = Buffer.concat([field(1, key), field(2, value)])
      raw.request(
        grpcMessage(Buffer.concat([field(1, compare), field(2, field(2, put))])),
        (error, body) =>
          // `succeeded` is field 2 of the answer.
          done(error ?? (body.includes(Buffer.from([0x10, 1])) ? undefined : new Error('not put'))),
      )
    },
    close: async () => raw.close(),
  }
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]

function grpcMessage(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
