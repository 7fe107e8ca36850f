import { createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport, type Limits, newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import {
  type Booking,
  BookingStatus,
  type Journey,
} from '@quorail/proto/quorail/booking/v1/types_pb'

export const approveCard = {
  number: '4242 4242 4242 4242',
  expiry: '12/39',
  cvc: '123',
  name: 'Pat Passenger',
}

/** Nobody gives up here because a machine has other things to do: with the same request id until there is an answer. */
const patient: Partial<Limits> = { unaryMs: 60_000, settleMs: 40_000, budget: 1_000 }

/** A person with a program instead of a browser: the same services, the same provider. */
export class ApiPassenger {
  readonly timetable
  readonly bookings
  readonly payments
  readonly sessionToken: string
  readonly #paymentUrl: string

  private constructor(
    nodes: readonly string[],
    paymentUrl: string,
    token: string,
    limits: Partial<Limits>,
  ) {
    const transport = transportTo(nodes, token, limits)
    this.timetable = createClient(TimetableService, transport)
    this.bookings = createClient(BookingService, transport)
    this.payments = createClient(PaymentService, transport)
    this.sessionToken = token
    this.#paymentUrl = paymentUrl
  }

  static async logIn(
    nodes: readonly string[],
    paymentUrl: string,
    login: { readonly email: string; readonly password: string },
    limits = patient,
  ): Promise<ApiPassenger> {
    const accounts = createClient(AccountService, transportTo(nodes, '', limits))
    const { sessionToken } = await accounts.logIn(login)
    return new ApiPassenger(nodes, paymentUrl, sessionToken, limits)
  }

  /** The first journey of the day with a free seat. */
  async journey(fromCode: string, toCode: string, date: string): Promise<Journey> {
    const { journeys } = await this.timetable.searchJourneys({ fromCode, toCode, date })
    const found = journeys.find((one) => one.classes.some((offer) => offer.freeSeats > 0))
    if (found === undefined) throw new Error(`no train from ${fromCode} to ${toCode} on ${date}`)
    return found
  }

  async hold(journey: Journey, name = 'Pat Passenger'): Promise<Booking> {
    const offer = journey.classes.find((one) => one.freeSeats > 0)
    const { booking } = await this.bookings.holdSeats({
      requestId: newRequestId(),
      runId: journey.runId,
      fromStop: journey.fromStop,
      toStop: journey.toStop,
      classCode: offer?.classCode ?? '',
      passengers: [{ name }],
    })
    if (booking === undefined) throw new Error('a hold without a booking')
    return booking
  }

  async release(bookingId: bigint): Promise<void> {
    await this.bookings.releaseHold({ requestId: newRequestId(), bookingId })
  }

  /** Pays, and waits until the booking is confirmed. */
  async buy(booking: Booking): Promise<Booking> {
    await this.payments.pay({
      requestId: newRequestId(),
      bookingId: booking.bookingId,
      paymentToken: await this.token(),
      amountMinor: booking.price?.minor ?? 0n,
    })
    return this.settled(booking.bookingId, BookingStatus.CONFIRMED)
  }

  async token(card = approveCard): Promise<string> {
    const response = await fetch(`${this.#paymentUrl}/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(card),
    })
    const { token } = (await response.json()) as { readonly token: string }
    return token
  }

  async settled(bookingId: bigint, status: BookingStatus, withinMs = 60_000): Promise<Booking> {
    const deadline = Date.now() + withinMs
    for (;;) {
      const { booking } = await this.bookings.getBooking({ bookingId })
      if (booking?.status === status) return booking
      if (Date.now() > deadline) {
        throw new Error(`booking ${bookingId} is ${BookingStatus[booking?.status ?? 0]}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function transportTo(endpoints: readonly string[], token: string, limits: Partial<Limits>) {
  const authorise: Interceptor = (next) => (request) => {
    if (token !== '') request.header.set('authorization', `Bearer ${token}`)
    return next(request)
  }
  return createClusterTransport({
    endpoints,
    limits,
    followMembers: true,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors: [authorise] }),
  })
}
