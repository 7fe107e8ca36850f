/** One client's way to the cluster: every call is written down, and every unknown outcome is resolved. */
import { type Client, ConnectError, createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport, describeError, newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { type Booking, BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import {
  ErrorDetail_Outcome,
  ErrorDetailSchema,
  NotLeaderSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'
import type { Answer, BookingAnswer, Call, Operation, Outcome } from './history.ts'
import type { Random } from './random.ts'

/** Refused before the log was asked; says nothing about an earlier attempt of the same request. */
const doorCodes: ReadonlySet<string> = new Set([
  'NOT_LEADER',
  'NO_LEADER',
  'NO_QUORUM',
  'OVERLOADED',
  'NODE_STOPPED',
  'STATE_DIVERGED',
  'NO_NODE_REACHABLE',
  'NO_ANSWER',
  'RATE_LIMITED',
  'INTERNAL',
])

/** A node that stands still is left after this; the product's own clients wait longer. */
const attemptMs = 1_500
const pauseBetweenMs = 200

export interface ClientOptions {
  readonly number: number
  readonly urls: readonly string[]
  readonly sessionToken: string
  readonly random: Random
  readonly record: (operation: Operation) => void
  /** Unknown outcomes are asked for until then. */
  readonly giveUp: AbortSignal
}

interface Told {
  readonly index: bigint
  readonly answer: Answer
}

export class ClientCalls {
  readonly #accounts: Client<typeof AccountService>
  readonly #bookings: Client<typeof BookingService>
  readonly #payments: Client<typeof PaymentService>
  readonly #timetable: Client<typeof TimetableService>
  readonly #options: ClientOptions
  #nth = 0
  /** Of the call under way: attempts that may have had an effect. */
  #attempts = 0
  #doubtful = 0

  constructor(options: ClientOptions) {
    this.#options = options
    const count: Interceptor = (next) => async (request) => {
      request.header.set('authorization', `Bearer ${options.sessionToken}`)
      if (request.method.name === 'GetStatus') return next(request)
      this.#attempts++
      try {
        return await next(request)
      } catch (error) {
        if (mayHaveHadEffect(error)) this.#doubtful++
        throw error
      }
    }
    const transport = createClusterTransport({
      endpoints: options.urls,
      limits: { attemptMs, unaryMs: 8_000, budget: 1_000, budgetPerSecond: 100 },
      createTransport: (baseUrl) =>
        createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors: [count] }),
    })
    this.#accounts = createClient(AccountService, transport)
    this.#bookings = createClient(BookingService, transport)
    this.#payments = createClient(PaymentService, transport)
    this.#timetable = createClient(TimetableService, transport)
  }

  seatMap(runId: number, fromStop: number, toStop: number): Promise<Operation> {
    const call = { kind: 'seatMap', runId, fromStop, toStop } as const
    return this.#read(call, async () => {
      const request = { runId: BigInt(runId), fromStop, toStop }
      const { seats, index } = await this.#timetable.getSeatMap(request)
      const taken = seats.filter(({ free }) => !free).map(({ seat }) => seat)
      return { index, answer: { kind: 'seatMap', taken } }
    })
  }

  booking(bookingId: number): Promise<Operation> {
    return this.#read({ kind: 'booking', bookingId }, async () => {
      const { booking, index } = await this.#bookings.getBooking({ bookingId: BigInt(bookingId) })
      return { index, answer: answerOf(booking) }
    })
  }

  hold(call: Call & { readonly kind: 'hold' }, classCode: string): Promise<Operation> {
    const { fromStop, toStop, seat, name } = call
    const request = {
      requestId: newRequestId(),
      runId: BigInt(call.runId),
      ...{ fromStop, toStop, classCode },
      seats: [seat],
      passengers: [{ name }],
    }
    return this.#write(call, 'HoldSeats', request.requestId, async () => {
      const { booking, index } = await this.#bookings.holdSeats(request)
      return { index, answer: answerOf(booking) }
    })
  }

  pay(bookingId: number, paymentToken: string, amountMinor: bigint): Promise<Operation> {
    const requestId = newRequestId()
    const request = { requestId, bookingId: BigInt(bookingId), paymentToken, amountMinor }
    return this.#write({ kind: 'pay', bookingId }, 'Pay', requestId, async () => {
      const { booking, index } = await this.#payments.pay(request)
      return { index, answer: answerOf(booking) }
    })
  }

  cancel(bookingId: number, expectedRefundMinor: bigint): Promise<Operation> {
    const requestId = newRequestId()
    const request = { requestId, bookingId: BigInt(bookingId), expectedRefundMinor }
    return this.#write({ kind: 'cancel', bookingId }, 'CancelBooking', requestId, async () => {
      const { booking, index } = await this.#bookings.cancelBooking(request)
      return { index, answer: answerOf(booking) }
    })
  }

  release(bookingId: number): Promise<Operation> {
    const requestId = newRequestId()
    const request = { requestId, bookingId: BigInt(bookingId) }
    return this.#write({ kind: 'release', bookingId }, 'ReleaseHold', requestId, async () => {
      const { booking, index } = await this.#bookings.releaseHold(request)
      return { index, answer: answerOf(booking) }
    })
  }

  /** Of a booking of one's own; not part of the history. Undefined when nobody answers. */
  async price(bookingId: number): Promise<bigint | undefined> {
    const answer = await this.#bookings
      .getBooking({ bookingId: BigInt(bookingId) })
      .catch(() => undefined)
    return answer?.booking?.price?.minor
  }

  async #read(call: Call, ask: () => Promise<Told>): Promise<Operation> {
    const startMs = this.#begin()
    let outcome: Outcome
    try {
      const { index, answer } = await ask()
      outcome = { type: 'done', index: Number(index), exact: true, answer }
    } catch (error) {
      outcome = { type: 'unanswered', code: describeError(error).code }
    }
    return this.#end(call, startMs, outcome)
  }

  async #write(
    call: Call,
    method: string,
    requestId: string,
    send: () => Promise<Told>,
  ): Promise<Operation> {
    const startMs = this.#begin()
    let outcome = await this.#send(send)
    let resolvedBy: Operation['resolvedBy']
    const asksFirst = this.#options.random.chance(0.5)
    while (outcome.type === 'unknown' && !this.#options.giveUp.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pauseBetweenMs))
      if (asksFirst && resolvedBy === undefined) {
        const happened = await this.#askWhether(method, requestId)
        if (happened === undefined) continue
        resolvedBy = 'resolveRequest'
        if (!happened) {
          outcome = { type: 'notDone', code: 'BURNED' }
          break
        }
      } else resolvedBy ??= 'sameRequest'
      const again = await this.#send(send)
      // "Not now" of a later attempt does not say that the first one was not done.
      if (again.type !== 'notDone') outcome = again
    }
    return this.#end(call, startMs, outcome, outcome.type === 'unknown' ? undefined : resolvedBy)
  }

  async #send(send: () => Promise<Told>): Promise<Outcome> {
    try {
      const { index, answer } = await send()
      return { type: 'done', index: Number(index), exact: this.#doubtful === 0, answer }
    } catch (error) {
      const { code, outcome } = describeError(error)
      if (outcome === 'unknown') {
        this.#doubtful++
        return { type: 'unknown', code }
      }
      return { type: doorCodes.has(code) ? 'notDone' : 'refused', code }
    }
  }

  async #askWhether(method: string, requestId: string): Promise<boolean | undefined> {
    const answer = await this.#accounts.resolveRequest({ method, requestId }).catch(() => undefined)
    return answer?.happened
  }

  #begin(): number {
    this.#nth++
    this.#attempts = 0
    this.#doubtful = 0
    return performance.now()
  }

  #end(
    call: Call,
    startMs: number,
    outcome: Outcome,
    resolvedBy?: Operation['resolvedBy'],
  ): Operation {
    const operation: Operation = {
      client: this.#options.number,
      nth: this.#nth,
      call,
      startMs,
      endMs: performance.now(),
      attempts: this.#attempts,
      ...(resolvedBy !== undefined && { resolvedBy }),
      outcome,
    }
    this.#options.record(operation)
    return operation
  }
}

function answerOf(booking: Booking | undefined): BookingAnswer {
  const passenger = booking?.passengers[0]
  return {
    kind: 'booking',
    bookingId: Number(booking?.bookingId ?? 0n),
    status: BookingStatus[booking?.status ?? 0] ?? '',
    seat: passenger?.seat ?? -1,
    name: passenger?.name ?? '',
  }
}

function mayHaveHadEffect(error: unknown): boolean {
  const reason = ConnectError.from(error)
  if (reason.findDetails(NotLeaderSchema).length > 0) return false
  const detail = reason.findDetails(ErrorDetailSchema)[0]
  if (detail !== undefined) return detail.outcome !== ErrorDetail_Outcome.NOT_DONE
  return !String((reason.cause as Error | undefined)?.message ?? reason.message).includes(
    'ECONNREFUSED',
  )
}
