import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { listRuns } from '@quorail/booking-fsm'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { SeatService } from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { Reason, SeatProperty } from '@quorail/proto/quorail/booking/v1/types_pb'
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

const seats = () => createClient(SeatService, transport)
const bookings = () => createClient(BookingService, transport)
const timetable = () => createClient(TimetableService, transport)
const administration = () => createClient(AdministrationService, transport)

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

/** A run of tomorrow with a quiet coach and one with wheelchair places. */
function someRun() {
  const runs = listRuns(host.state, { fromDate: 20261123, toDate: 20261123, limit: 1_000 })
  const run = runs.find(({ coaches }) =>
    coaches.some(({ label }) => label === '4' && coaches.length === 6),
  )
  if (run === undefined) throw new Error('the demo has intercity trains')
  return { runId: BigInt(run.runId), fromStop: 0, toStop: 2, classCode: '2' }
}

const mapOf = (run: ReturnType<typeof someRun>) =>
  timetable().getSeatMap({ runId: run.runId, fromStop: run.fromStop, toStop: run.toStop })

test('the seat map says what seats are like, and a party gets what it wishes', async () => {
  const ann = login('ann@example.org', 'passenger')
  const run = someRun()
  const map = await mapOf(run)
  expect(map.coaches.find(({ label }) => label === '4')?.seating?.bayRows).toBe(2)
  const preferences = {
    required: [SeatProperty.QUIET],
    wished: [SeatProperty.TABLE, SeatProperty.WINDOW],
  }
  const passengers = [{ name: 'Ann' }]
  const { booking } = await bookings().holdSeats(
    { requestId: requestId(), ...run, passengers, preferences },
    ann,
  )
  const [passenger] = booking?.passengers ?? []
  const seat = map.seats.find((it) => it.seat === passenger?.seat)
  expect(passenger?.coachLabel).toBe('4')
  expect(seat?.properties).toEqual([
    SeatProperty.WINDOW,
    SeatProperty.TABLE,
    SeatProperty.FACING,
    SeatProperty.QUIET,
  ])
})

test('wheelchair places are kept for those who need them until the rule releases them', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const run = someRun()
  const places = (await mapOf(run)).seats.filter(({ properties }) =>
    properties.includes(SeatProperty.WHEELCHAIR),
  )
  expect(places.map(({ free, offered }) => [free, offered])).toEqual([
    [true, false],
    [true, false],
  ])
  const place = places[0]?.seat ?? -1
  const hold = { ...run, passengers: [{ name: 'Ann' }], seats: [place] }
  expect(await detailOf(bookings().holdSeats({ requestId: requestId(), ...hold }, ann))).toEqual([
    Code.FailedPrecondition,
    'SEAT_NOT_OFFERED',
    'seats[0]',
  ])
  const two = [{ name: 'Wim' }, { name: 'Ann' }]
  const leg = { ...run, preferences: { wheelchairPlaces: 1 } }
  const { bookings: held } = await bookings().holdTrip(
    { requestId: requestId(), legs: [leg], passengers: two },
    ann,
  )
  const taken = held[0]?.passengers.map(({ seat }) => seat) ?? []
  expect(taken).toEqual([place, place + 1])

  const rule = { validFrom: timestampFromMs(now), wheelchairReleaseMinutes: 3 * 24 * 60 }
  expect(await detailOf(seats().setSeatRule({ requestId: requestId(), ...rule }, ann))).toEqual([
    Code.PermissionDenied,
    'NOT_ALLOWED',
    '',
  ])
  await seats().setSeatRule({ requestId: requestId(), ...rule }, staff)
  const other = places[1]?.seat ?? -1
  await bookings().holdSeats({ requestId: requestId(), ...hold, seats: [other] }, ann)
})

test('on a busy run only what fits best may be chosen', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const run = someRun()
  const rule = {
    validFrom: timestampFromMs(now),
    choiceLimits: [{ classCode: '2', fromLoadBasisPoints: 1, offeredBasisPoints: 100 }],
  }
  await seats().setSeatRule({ requestId: requestId(), ...rule }, staff)
  const passengers = [{ name: 'Ann' }]
  const hold = (fromStop: number, toStop: number, chosen: number[]) =>
    bookings().holdSeats(
      { requestId: requestId(), ...run, fromStop, toStop, passengers, seats: chosen },
      ann,
    )
  const all = (await mapOf(run)).seats.filter(({ classCode }) => classCode === '2')
  // Eight seats are taken on the first segment: on the second they fit better than the others.
  for (const { seat } of all.slice(0, 8)) await hold(0, 1, [seat])
  await hold(1, 2, [all[8]?.seat ?? -1])
  const far = all.at(-6)?.seat ?? -1
  expect((await detailOf(hold(1, 2, [far])))[1]).toBe('SEAT_NOT_OFFERED')
  const map = await timetable().getSeatMap({ runId: run.runId, fromStop: 1, toStop: 2 })
  const offered = map.seats.filter((it) => it.classCode === '2' && it.offered)
  expect(offered.map(({ seat }) => seat)).toEqual(all.slice(0, 8).map(({ seat }) => seat))
  await hold(1, 2, [offered[7]?.seat ?? -1])
})

test('staff describe a coach, and see it again', async () => {
  const staff = login('staff@example.org', 'staff')
  const codes = (await timetable().searchStations({ text: '' })).stations.map(({ code }) => code)
  const stop = (stationCode = '', at = 0) => ({
    stationCode,
    arrival: `0${at}:00`,
    departure: `0${at}:00`,
  })
  const seating = {
    bayRows: 1,
    lines: [{ firstRow: 1, lastRow: 2, letters: 'A', properties: [SeatProperty.LOWER_BERTH] }],
  }
  const coach = { label: '1', classCode: '1', rows: 2, columns: 'AB-C', seating }
  const add = (coaches: object[]) =>
    administration().addTrain(
      {
        requestId: requestId(),
        number: 'N 1',
        stops: [stop(codes[0], 5), stop(codes[1], 6)],
        coaches,
        timeZone: 'Europe/Zurich',
      },
      staff,
    )
  await add([coach])
  const { trains } = await administration().listTrains({}, staff)
  expect(trains.find(({ number }) => number === 'N 1')?.coaches[0]).toMatchObject(coach)
  const wrong = {
    ...coach,
    seating: { ...seating, lines: [{ ...seating.lines[0], letters: 'D' }] },
  }
  expect(await detailOf(add([wrong]))).toEqual([
    Code.InvalidArgument,
    'INVALID_FIELD',
    'coaches[0].seating.rules[0].letters',
  ])
})

test('staff take seats off sale, and put them on sale again', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const run = someRun()
  const [seat] = (await mapOf(run)).seats.filter(({ classCode }) => classCode === '2')
  const chosen = [seat?.seat ?? -1]
  const off = { runId: run.runId, seats: chosen, reason: Reason.TECHNICAL_FAILURE }
  const block = await seats().blockSeats({ requestId: requestId(), ...off }, staff)
  const hold = { ...run, passengers: [{ name: 'Ann' }], seats: chosen }
  const held = () => bookings().holdSeats({ requestId: requestId(), ...hold }, ann)
  expect((await detailOf(held()))[1]).toBe('SEAT_TAKEN')
  const { segments } = await administration().getOccupancy({ runId: run.runId }, staff)
  expect(segments.every(({ blocked }) => blocked === 1)).toBe(true)
  const { blocks } = await seats().listBlocks({}, staff)
  expect(blocks).toMatchObject([{ ...off, blockId: block.blockId, fromDate: '2026-11-23' }])
  const again = seats().blockSeats({ requestId: requestId(), ...off }, staff)
  expect((await detailOf(again))[1]).toBe('SEAT_BLOCKED')
  const on = { blockId: block.blockId, reason: Reason.OTHER }
  await seats().unblockSeats({ requestId: requestId(), ...on }, staff)
  await held()
  expect((await detailOf(seats().blockSeats({ requestId: requestId(), ...off }, staff)))[1]).toBe(
    'SEAT_TAKEN',
  )
})

test('places are kept in pools, moved between them, and shown', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const run = someRun()
  const map = await mapOf(run)
  const capacity = map.seats.filter(({ classCode }) => classCode === '2').length
  const pool = (code: string, places: number) => ({
    code,
    capacity: places,
    roles: code === 'desk' ? [AccountRole.STAFF] : [],
  })
  const pools = [pool('desk', 2), pool('family', capacity - 3)]
  const where = { runId: run.runId, classCode: '2' }
  await seats().setQuotas({ requestId: requestId(), ...where, pools }, staff)
  const hold = (names: string[], out: string) =>
    bookings().holdSeats(
      { requestId: requestId(), ...run, passengers: names.map((name) => ({ name })), pool: out },
      ann,
    )
  expect((await detailOf(hold(['Ann', 'Bob'], '')))[1]).toBe('QUOTA_EXHAUSTED')
  expect((await detailOf(hold(['Ann'], 'desk')))[1]).toBe('POOL_NOT_ALLOWED')
  expect((await detailOf(hold(['Ann'], 'none')))[1]).toBe('POOL_NOT_FOUND')
  const { booking } = await hold(['Ann', 'Bob'], 'family')
  expect(booking?.pool).toBe('family')
  expect((await hold(['Cy'], '')).booking?.pool).toBe('')
  expect((await detailOf(hold(['Dee'], '')))[1]).toBe('QUOTA_EXHAUSTED')
  const move = { fromPool: 'desk', toPool: '', count: 1 }
  await seats().moveQuota({ requestId: requestId(), ...where, ...move }, staff)
  await hold(['Dee'], '')
  const shown = (await seats().getQuotas({ runId: run.runId }, staff)).pools
  expect(
    shown.map(({ pool: of, used, released }) => [of?.code, of?.capacity, used, released]),
  ).toEqual([
    ['desk', 1, 0, false],
    ['family', capacity - 3, 2, false],
  ])
  const tight = seats().setQuotas(
    { requestId: requestId(), ...where, pools: [pool('desk', capacity)] },
    staff,
  )
  expect((await detailOf(tight))[1]).toBe('QUOTA_IN_USE')
})
