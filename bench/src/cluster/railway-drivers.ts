/** Callers of our nodes: over a stream of commands, or with a call by itself for each operation. */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { createConnectTransport } from '@connectrpc/connect-node'
import { newRequestId, openCommandStream } from '@quorail/cluster-client'
import {
  BookingService,
  type HoldSeatsRequest,
  HoldSeatsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import type { Driver, Leg, Railway, Work } from './drivers.ts'
import { SEGMENTS } from './railway-facts.ts'
import { RawHttp2 } from './raw-http2.ts'

type Done<O extends DescMessage> = (error: unknown, response: MessageShape<O> | undefined) => void

/** One call after another, whichever way they go. */
type CallWith = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  done: Done<O>,
) => void

/** For transports of connect-node. */
export const believing = (authority: string | undefined) =>
  authority === undefined ? {} : { nodeOptions: { ca: authority } }

export async function openStreamDriver(target: Railway): Promise<Driver> {
  const stream = openCommandStream({
    endpoints: target.endpoints,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '2', ...believing(target.authority) }),
    header: { authorization: `Bearer ${target.sessionToken}` },
  })
  const call: CallWith = (method, request, done) => stream.callWith(method, request, done)
  return { start: startsBy(call, target), close: () => stream.close() }
}

/** A connection for each method: its headers are sent as they are with every request. */
export async function openUnaryDriver(target: Railway): Promise<Driver> {
  const { holdSeats, getBooking } = BookingService.method
  const { pay } = PaymentService.method
  const methods = target.work === 'sale' ? [holdSeats, pay, getBooking] : [holdSeats, getBooking]
  const connections = new Map<string, RawHttp2>()
  for (const method of methods) connections.set(method.name, await openMethod(target, method))
  const call: CallWith = (method, request, done) => {
    const body = Buffer.from(toBinary(method.input, create(method.input, request)))
    connections.get(method.name)?.request(body, (error, answer) => {
      if (error === undefined) done(undefined, fromBinary(method.output, answer))
      else done(error, undefined)
    })
  }
  return {
    start: startsBy(call, target),
    close: async () => {
      for (const connection of connections.values()) connection.close()
    },
  }
}

function openMethod(
  { leader, sessionToken, authority, kind }: Railway,
  { parent, name }: DescMethodUnary,
): Promise<RawHttp2> {
  const headers = {
    ':method': 'POST',
    ':scheme': authority === undefined ? 'http' : 'https',
    ':authority': new URL(leader).host,
    ':path': `/${parent.typeName}/${name}`,
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
    authorization: `Bearer ${sessionToken}`,
    // Says nothing, and is a matter for Connect's handlers.
    ...(kind === 'connect' && { 'content-encoding': 'identity' }),
  }
  return RawHttp2.open(leader, headers, authority)
}

function startsBy(call: CallWith, target: Railway): Driver['start'] {
  const { holdSeats, getBooking } = BookingService.method
  let last = 0n
  const hold: Driver['start'] = (done) =>
    call(holdSeats, holdRequest(target), (error, response) => {
      last = response?.booking?.bookingId ?? last
      const isHeld = response?.booking !== undefined
      done(error ?? (isHeld ? undefined : new Error('an answer without a booking')))
    })
  const read: Driver['start'] = (done) =>
    call(getBooking, { bookingId: last }, (error) => done(error))
  let turn = 0
  const starts: Record<Work, Driver['start']> = {
    hold,
    rush: hold,
    sale: (done) => sell(call, target, done),
    // A thousand reads to a booking.
    mixed: (done) => (last === 0n || turn++ % 1_001 === 0 ? hold(done) : read(done)),
  }
  return starts[target.work]
}

function sell(callWith: CallWith, target: Railway, done: (error: unknown) => void): void {
  const call = <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ) =>
    new Promise<MessageShape<O>>((resolve, reject) => {
      callWith(method, request, (error, response) =>
        response === undefined ? reject(asError(error)) : resolve(response),
      )
    })
  const request = holdRequest(target)
  const sold = async (): Promise<void> => {
    const paymentToken = await cardToken(target.paymentUrl)
    const { booking } = await call(BookingService.method.holdSeats, request)
    const { bookingId = 0n, price } = booking ?? {}
    const payment = { bookingId, paymentToken, amountMinor: price?.minor ?? 0n }
    const requestId = `${request.requestId}p`
    await call(PaymentService.method.pay, { requestId, ...payment })
    const until = performance.now() + 30_000
    for (;;) {
      const answer = await call(BookingService.method.getBooking, { bookingId })
      if (answer.booking?.confirmedAt !== undefined) return
      if (performance.now() > until) throw new Error('not confirmed in 30 s')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  sold().then(() => done(undefined), done)
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error))

const card = { number: '4242424242424242', expiry: '12/39', cvc: '123', name: 'Ann' }

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
