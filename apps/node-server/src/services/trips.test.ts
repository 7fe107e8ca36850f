import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { pendingOutbox, searchJourneys } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

const bookings = () => createClient(BookingService, transport)

function login(email: string) {
  const by = { email, displayName: email, passwordHash: 'hash', role: 'passenger' } as const
  const reply = host.run({ type: 'registerAccount', ...by })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 30 * day })
  return { headers: { authorization: `Bearer ${token}` } }
}

/** Some train on the second day from now and one on the third. */
function legs() {
  return [2, 3].map((ahead) => {
    for (let fromStationId = 1; fromStationId < 40; fromStationId++) {
      for (let toStationId = 1; toStationId < 40; toStationId++) {
        const [journey] = searchJourneys(host.state, {
          fromStationId,
          toStationId,
          earliestMs: now + ahead * day,
          latestMs: now + (ahead + 1) * day,
          nowMs: now,
          passengers: 2,
          limit: 1,
        })
        if (journey === undefined) continue
        const { runId, fromStop, toStop, classes } = journey
        return { runId: BigInt(runId), fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
      }
    }
    throw new Error('the demo timetable has no journey')
  })
}

const passengers = [{ name: ' Anna ' }, { name: 'Ben' }]

test('there and back are held, paid once, confirmed together, and one of them is cancelled', async () => {
  const anna = login('anna@example.org')
  const request = { requestId: requestId(), legs: legs(), passengers }
  const { bookings: held } = await bookings().holdTrip(request, anna)
  expect(held.map(({ status }) => status)).toEqual([BookingStatus.HELD, BookingStatus.HELD])
  expect(held[1]?.passengers.map(({ name }) => name)).toEqual(['Anna', 'Ben'])
  const [first, second] = held
  if (first === undefined || second === undefined) throw new Error('no legs')
  expect(second.tripId).toBe(first.bookingId)
  expect(second.tripBookingIds).toEqual(held.map(({ bookingId }) => bookingId))
  const price = (first.price?.minor ?? 0n) + (second.price?.minor ?? 0n)
  expect(first.tripPrice?.minor).toBe(price)
  // The same request again: the same trip.
  expect((await bookings().holdTrip(request, anna)).bookings).toEqual(held)
  const paying = {
    requestId: requestId(),
    bookingId: first.bookingId,
    paymentToken: 'tok_12345678',
    amountMinor: price,
  }
  await createClient(PaymentService, transport).pay(paying, anna)
  for (const { outboxId } of pendingOutbox(host.state, 1)) {
    host.run({
      type: 'recordOutcome',
      outboxId,
      outcome: { type: 'done', providerReference: 'ref' },
    })
  }
  const listed = (await bookings().listBookings({}, anna)).bookings
  expect(listed.map(({ status }) => status)).toEqual([
    BookingStatus.CONFIRMED,
    BookingStatus.CONFIRMED,
  ])
  const { bookingId } = second
  const { refund } = await bookings().quoteRefund({ bookingId }, anna)
  expect(refund?.minor).toBe(second.price?.minor)
  const cancel = { requestId: requestId(), bookingId, expectedRefundMinor: refund?.minor ?? 0n }
  const { booking } = await bookings().cancelBooking(cancel, anna)
  expect(booking?.status).toBe(BookingStatus.CANCELLED)
  const kept = await bookings().getBooking({ bookingId: first.bookingId }, anna)
  expect(kept.booking?.status).toBe(BookingStatus.CONFIRMED)
})

test('a leg that can not be had is named, and nothing is held', async () => {
  const anna = login('anna@example.org')
  const [there, back] = legs()
  if (there === undefined || back === undefined) throw new Error('no legs')
  const wrong = { ...back, runId: 999_999n }
  const request = { requestId: requestId(), legs: [there, wrong], passengers }
  const error = await bookings()
    .holdTrip(request, anna)
    .then(() => undefined, ConnectError.from)
  const detail = error?.findDetails(ErrorDetailSchema)[0]
  expect([error?.code, detail?.code, detail?.field]).toEqual([
    Code.NotFound,
    'RUN_NOT_FOUND',
    'legs[1]',
  ])
  expect((await bookings().listBookings({}, anna)).bookings).toEqual([])
})

test('a trip needs a session, legs and passengers', async () => {
  const anna = login('anna@example.org')
  const asked = { requestId: requestId(), legs: legs(), passengers }
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => ConnectError.from(error).code,
    )
  expect(await codeOf(bookings().holdTrip(asked))).toBe(Code.Unauthenticated)
  expect(await codeOf(bookings().holdTrip({ ...asked, legs: [] }, anna))).toBe(Code.InvalidArgument)
  expect(await codeOf(bookings().holdTrip({ ...asked, passengers: [] }, anna))).toBe(
    Code.InvalidArgument,
  )
})
