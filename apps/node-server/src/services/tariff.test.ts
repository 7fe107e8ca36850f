import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { searchJourneys } from '@quorail/booking-fsm'
import {
  AdministrationService,
  Rounding,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
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

const administration = () => createClient(AdministrationService, transport)
const timetable = () => createClient(TimetableService, transport)

function login(email: string, role: 'passenger' | 'staff') {
  const by = { email, displayName: email, passwordHash: 'hash', role }
  const reply = host.run({ type: 'registerAccount', ...by })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 30 * day })
  return { headers: { authorization: `Bearer ${token}` } }
}

async function detailOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  const detail = error?.findDetails(ErrorDetailSchema)[0]
  return [error?.code, detail?.code, detail?.field]
}

/** 10.00 flat with 5 % tax, children half. */
const tariff = (classCode: string) => ({
  requestId: requestId(),
  validFrom: timestampFromMs(now),
  roundToMinor: 1,
  rounding: Rounding.HALF_UP,
  classes: [{ classCode, baseMinor: 1_000n, taxBasisPoints: 500 }],
  passengerTypes: [{ code: 'child', fareBasisPoints: 5_000, perFullFare: 1 }],
  supplements: [{ code: 'green', amountMinor: 100n, reduced: true }],
})

function someJourney() {
  for (let fromStationId = 1; fromStationId < 40; fromStationId++) {
    for (let toStationId = 1; toStationId < 40; toStationId++) {
      const [journey] = searchJourneys(host.state, {
        fromStationId,
        toStationId,
        earliestMs: now + 2 * day,
        latestMs: now + 3 * day,
        nowMs: now,
        passengers: 2,
        limit: 1,
      })
      if (journey !== undefined) return journey
    }
  }
  throw new Error('the demo timetable has no journey')
}

test('staff set a tariff; a party is quoted line by line and pays just that', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const { runId, fromStop, toStop, classes } = someJourney()
  const classCode = classes[0]?.classCode ?? ''
  await administration().setTariff(tariff(classCode), staff)
  const where = { runId: BigInt(runId), fromStop, toStop, classCode }
  const quoted = await timetable().quoteFares({ ...where, passengerTypes: ['', 'child'] })
  expect(quoted.types.map(({ code }) => code)).toEqual(['child'])
  expect(quoted.passengers.map(({ price }) => price?.minor)).toEqual([1_150n, 575n])
  expect(quoted.passengers[1]?.fareLines.map((l) => [l.code, l.net?.minor, l.tax?.minor])).toEqual([
    ['fare', 500n, 25n],
    ['green', 50n, 0n],
  ])
  const passengers = [{ name: 'Anna' }, { name: 'Zoe', passengerType: 'child' }]
  const request = { requestId: requestId(), ...where, passengers }
  const { booking } = await createClient(BookingService, transport).holdSeats(request, anna)
  expect(booking?.price).toEqual(quoted.price)
  expect(booking?.passengers.map((p) => p.passengerType)).toEqual(['', 'child'])
  expect(booking?.passengers.map((p) => p.fareLines)).toEqual(
    quoted.passengers.map((p) => p.fareLines),
  )
})

test('types that are not sold are refused, to the quote and to the hold alike', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const { runId, fromStop, toStop, classes } = someJourney()
  const classCode = classes[0]?.classCode ?? ''
  await administration().setTariff(tariff(classCode), staff)
  const where = { runId: BigInt(runId), fromStop, toStop, classCode }
  const quoting = (...passengerTypes: string[]) =>
    detailOf(timetable().quoteFares({ ...where, passengerTypes }))
  const holding = (...types: string[]) => {
    const passengers = types.map((passengerType) => ({ name: 'P', passengerType }))
    const request = { requestId: requestId(), ...where, passengers }
    return detailOf(createClient(BookingService, transport).holdSeats(request, anna))
  }
  expect((await quoting('king')).slice(0, 2)).toEqual([Code.NotFound, 'PASSENGER_TYPE_NOT_FOUND'])
  expect(await holding('king')).toEqual([
    Code.NotFound,
    'PASSENGER_TYPE_NOT_FOUND',
    'passengers[0].passengerType',
  ])
  expect((await quoting('child')).slice(0, 2)).toEqual([
    Code.FailedPrecondition,
    'CONCESSION_LIMIT',
  ])
  expect((await holding('child')).slice(0, 2)).toEqual([
    Code.FailedPrecondition,
    'CONCESSION_LIMIT',
  ])
})

test('who may not is refused, and what is wrong is named', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const [code] = await detailOf(administration().setTariff(tariff('2'), anna))
  expect(code).toBe(Code.PermissionDenied)
  const wrong = (changed: object) =>
    detailOf(administration().setTariff({ ...tariff('2'), ...changed }, staff))
  expect(await wrong({ classes: [] })).toEqual([Code.InvalidArgument, 'INVALID_FIELD', 'classes'])
  expect((await wrong({ rounding: Rounding.UNSPECIFIED }))[2]).toBe('rounding')
  expect((await wrong({ supplements: [{ code: 'fare' }] }))[2]).toBe('supplements[0].code')
})
