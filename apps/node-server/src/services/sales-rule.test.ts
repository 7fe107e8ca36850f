import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { searchJourneys } from '@quorail/booking-fsm'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'

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

const login = (email: string, role: 'passenger' | 'staff') => loginTo(host, email, role)

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return { code: error?.code, detail: error?.findDetails(ErrorDetailSchema)[0]?.code }
}

function hold(auth: { headers: Record<string, string> }) {
  const pairs = Array.from({ length: 900 }, (_, i) => [1 + (i % 30), 1 + Math.floor(i / 30)])
  const journey = pairs
    .flatMap(([fromStationId = 0, toStationId = 0]) =>
      searchJourneys(host.state, {
        fromStationId,
        toStationId,
        earliestMs: now + 2 * day,
        latestMs: now + 3 * day,
        nowMs: now,
        passengers: 2,
        limit: 1,
      }),
    )
    .find((it) => it.classes.length > 0)
  if (journey === undefined) throw new Error('the demo timetable has no journey')
  const asked = {
    requestId: requestId(),
    runId: BigInt(journey.runId),
    fromStop: journey.fromStop,
    toStop: journey.toStop,
    classCode: journey.classes[0]?.classCode ?? '',
    passengers: [{ name: 'Anna' }],
  }
  return bookings().holdSeats(asked, auth)
}

test('staff limit what a passenger may hold; one hold is extended, once', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const rule = {
    requestId: requestId(),
    validFrom: timestampFromMs(now),
    holdSeconds: 300,
    extensionSeconds: 60,
    maxOpenHolds: 1,
    maxPassengers: 6,
    opensMinutesBeforeDeparture: 90 * 24 * 60,
    closesMinutesBeforeDeparture: 5,
  }
  const administration = createClient(AdministrationService, transport)
  expect((await codeOf(administration.setSalesRule(rule, anna))).code).toBe(Code.PermissionDenied)
  await administration.setSalesRule(rule, staff)
  const { booking } = await hold(anna)
  if (booking?.expiresAt === undefined) throw new Error('no booking')
  expect(timestampMs(booking.expiresAt)).toBe(now + 300_000)
  expect(await codeOf(hold(anna))).toEqual({
    code: Code.FailedPrecondition,
    detail: 'TOO_MANY_HOLDS',
  })
  const { bookingId } = booking
  const asked = { requestId: requestId(), bookingId }
  const extended = await bookings().extendHold(asked, anna)
  expect(extended.booking?.expiresAt).toEqual(timestampFromMs(now + 360_000))
  // The same request once more is the same answer; another one is too late.
  await bookings().extendHold(asked, anna)
  const again = bookings().extendHold({ requestId: requestId(), bookingId }, anna)
  expect((await codeOf(again)).detail).toBe('ALREADY_EXTENDED')
  await administration.setSalesRule(
    { ...rule, requestId: requestId(), opensMinutesBeforeDeparture: 60, maxOpenHolds: 0 },
    staff,
  )
  expect((await codeOf(hold(anna))).detail).toBe('SALE_NOT_OPEN')
})
