import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import {
  ErrorDetail_Outcome,
  ErrorDetailSchema,
  NotLeaderSchema,
} from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const timeZone = 'Europe/Zurich'
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone })) {
    expect(host.run(command).type).not.toBe('refused')
  }
  transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    {
      router: { interceptors: createInterceptors(host) },
    },
  )
})

const accounts = () => createClient(AccountService, transport)
const timetable = () => createClient(TimetableService, transport)
const bookings = () => createClient(BookingService, transport)
const payments = () => createClient(PaymentService, transport)

async function failure(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  )
  if (error === undefined) throw new Error('the call succeeded')
  return { error, code: error.code, detail: error.findDetails(ErrorDetailSchema)[0] }
}

async function register(email = 'anna@example.org') {
  const { sessionToken } = await accounts().register({
    requestId: requestId(),
    email,
    password: 'a good password',
    displayName: 'Anna',
  })
  return { headers: { authorization: `Bearer ${sessionToken}` } }
}

async function someJourney() {
  const { stations } = await timetable().searchStations({ limit: 50 })
  for (const from of stations) {
    for (const to of stations) {
      if (from.code === to.code) continue
      const { journeys } = await timetable().searchJourneys({
        fromCode: from.code,
        toCode: to.code,
        date: '2026-11-24',
      })
      const journey = journeys.find((one) => one.classes.length === 2)
      if (journey !== undefined) return journey
    }
  }
  throw new Error('the demo timetable has no journey')
}

async function hold(auth: { headers: Record<string, string> }, seats: number[] = []) {
  const journey = await someJourney()
  const request = {
    requestId: requestId(),
    runId: journey.runId,
    fromStop: journey.fromStop,
    toStop: journey.toStop,
    classCode: journey.classes[0]?.classCode ?? '',
    passengers: [{ name: '  Anna   Muster ' }, { name: 'Ben' }].slice(0, seats.length || 2),
    seats,
  }
  return { request, ...(await bookings().holdSeats(request, auth)) }
}

test('a person registers, holds seats and sees the booking; the names are tidied', async () => {
  const auth = await register()
  const { booking } = await hold(auth)
  expect(booking?.passengers.map((passenger) => passenger.name)).toEqual(['Anna Muster', 'Ben'])
  const seen = await bookings().getBooking({ bookingId: booking?.bookingId ?? 0n }, auth)
  expect(seen.booking).toEqual(booking)
  expect((await bookings().listBookings({}, auth)).bookings).toHaveLength(1)
})

test('the same request again gives the same booking, and other content under its id is refused', async () => {
  const auth = await register()
  const first = await hold(auth)
  const again = await bookings().holdSeats(first.request, auth)
  expect(again.booking?.bookingId).toBe(first.booking?.bookingId)
  const other = { ...first.request, passengers: [{ name: 'Carl' }] }
  const { code, detail } = await failure(bookings().holdSeats(other, auth))
  expect([code, detail?.code]).toEqual([Code.InvalidArgument, 'REQUEST_ID_REUSED'])
})

test('a taken seat is named to the loser', async () => {
  const [anna, ben] = [await register(), await register('ben@example.org')]
  const { booking } = await hold(anna)
  const seat = booking?.passengers[0]?.seat ?? -1
  const { code, detail } = await failure(hold(ben, [seat]))
  expect([code, detail?.code, detail?.seats]).toEqual([
    Code.FailedPrecondition,
    'SEAT_TAKEN',
    [seat],
  ])
})

test("another person's booking looks as if it did not exist", async () => {
  const [anna, ben] = [await register(), await register('ben@example.org')]
  const bookingId = (await hold(anna)).booking?.bookingId ?? 0n
  for (const call of [
    bookings().getBooking({ bookingId }, ben),
    bookings().quoteRefund({ bookingId }, ben),
    bookings().releaseHold({ requestId: requestId(), bookingId }, ben),
    bookings().cancelBooking({ requestId: requestId(), bookingId }, ben),
    payments().pay(
      { requestId: requestId(), bookingId, paymentToken: 'tok_12345678', amountMinor: 1n },
      ben,
    ),
  ]) {
    expect((await failure(call)).detail?.code).toBe('BOOKING_NOT_FOUND')
  }
})

test('without a session: not logged in; a passenger is no staff', async () => {
  const anonymous = await failure(bookings().listBookings({}))
  expect([anonymous.code, anonymous.detail?.code]).toEqual([Code.Unauthenticated, 'NOT_LOGGED_IN'])
  const administration = createClient(AdministrationService, transport)
  const refused = await failure(administration.listTrains({}, await register()))
  expect([refused.code, refused.detail?.code]).toEqual([Code.PermissionDenied, 'NOT_ALLOWED'])
})

test('a session ends with its log-out, and lasts 30 days', async () => {
  const auth = await register()
  expect((await accounts().getMe({}, auth)).account?.email).toBe('anna@example.org')
  host.advance(30 * 24 * 3_600_000 - 1)
  expect((await accounts().getMe({}, auth)).account).toBeDefined()
  host.advance(1)
  expect((await accounts().getMe({}, auth)).account).toBeUndefined()
  const other = await register('ben@example.org')
  await accounts().logOut({}, other)
  expect((await accounts().getMe({}, other)).account).toBeUndefined()
})

test('a wrong password and an unknown email get the same answer', async () => {
  await register()
  const wrong = await failure(accounts().logIn({ email: 'anna@example.org', password: 'wrong' }))
  const unknown = await failure(
    accounts().logIn({ email: 'nobody@example.org', password: 'wrong' }),
  )
  expect(wrong.detail).toEqual(unknown.detail)
  expect(wrong.detail?.code).toBe('WRONG_PASSWORD')
  const right = await accounts().logIn({ email: ' Anna@Example.org ', password: 'a good password' })
  expect(right.account?.displayName).toBe('Anna')
})

test('a repeated registration gives the same account, but a session only to who knows the password', async () => {
  const request = {
    requestId: requestId(),
    email: 'anna@example.org',
    password: 'a good password',
    displayName: 'Anna',
  }
  const first = await accounts().register(request)
  const again = await accounts().register(request)
  expect(again.account).toEqual(first.account)
  const thief = await failure(accounts().register({ ...request, password: 'another one' }))
  expect(thief.detail?.code).toBe('WRONG_PASSWORD')
})

test('a malformed request is refused with the name of its field', async () => {
  const auth = await register()
  const cases: [Promise<unknown>, string][] = [
    [timetable().searchJourneys({ fromCode: 'A', toCode: 'B', date: 'tomorrow' }), 'date'],
    [timetable().searchJourneys({ fromCode: '', toCode: 'B', date: '2026-11-24' }), 'from_code'],
    [accounts().register({ requestId: 'x', email: 'a@b.ch' }), 'request_id'],
    [accounts().register({ requestId: requestId(), email: 'no email' }), 'email'],
    [
      bookings().holdSeats(
        {
          requestId: requestId(),
          runId: 1n,
          toStop: 1,
          classCode: '1',
          passengers: [{ name: '' }],
        },
        auth,
      ),
      'passengers[0].name',
    ],
    [
      payments().pay(
        { requestId: requestId(), bookingId: 1n, paymentToken: '4242424242424242' },
        auth,
      ),
      'payment_token',
    ],
  ]
  for (const [call, field] of cases) {
    const { code, detail } = await failure(call)
    expect([code, detail?.field]).toEqual([Code.InvalidArgument, field])
  }
})

test('every pattern of the schema is explained in words', async () => {
  const search = timetable().searchJourneys({ fromCode: 'A', toCode: 'B', date: 'tomorrow' })
  expect((await failure(search)).detail?.sentence).toBe('date: must be a day like 2026-12-01.')
})

test('unknown stations, past dates and impossible days have a code and a field', async () => {
  const { stations } = await timetable().searchStations({})
  const [a, b] = stations.map((station) => station.code)
  const search = (fromCode: string, toCode: string, date: string) =>
    failure(timetable().searchJourneys({ fromCode, toCode, date }))
  const expected: [Awaited<ReturnType<typeof search>>, string, string][] = [
    [await search('NOWHERE', b ?? '', '2026-11-24'), 'STATION_NOT_FOUND', 'from_code'],
    [await search(a ?? '', 'NOWHERE', '2026-11-24'), 'STATION_NOT_FOUND', 'to_code'],
    [await search(a ?? '', a ?? '', '2026-11-24'), 'INVALID_FIELD', 'to_code'],
    [await search(a ?? '', b ?? '', '2026-11-21'), 'PAST_DATE', 'date'],
    [await search(a ?? '', b ?? '', '2026-02-30'), 'INVALID_FIELD', 'date'],
  ]
  for (const [{ detail }, code, field] of expected) {
    expect([detail?.code, detail?.field]).toEqual([code, field])
  }
})

test('a follower names the leader; without a leader the answer is certainly not done', async () => {
  const auth = await register()
  host.follow({ id: 'n2', clientUrl: 'http://localhost:3002', term: 7 })
  const led = await failure(bookings().listBookings({}, auth))
  expect(led.code).toBe(Code.Unavailable)
  expect(led.error.findDetails(NotLeaderSchema)[0]).toMatchObject({
    leaderId: 'n2',
    leaderUrl: 'http://localhost:3002',
    term: 7n,
  })
  host.follow(undefined)
  const lost = await failure(bookings().listBookings({}, auth))
  expect(lost.detail).toMatchObject({ code: 'NO_LEADER', outcome: ErrorDetail_Outcome.NOT_DONE })
  expect((await timetable().searchStations({ limit: 3 })).stations).toHaveLength(3)
})

test('the hold runs out after ten minutes and says so', async () => {
  const auth = await register()
  const bookingId = (await hold(auth)).booking?.bookingId ?? 0n
  const price = (await bookings().getBooking({ bookingId }, auth)).booking?.price?.minor ?? 0n
  host.advance(600_000)
  const pay = {
    requestId: requestId(),
    bookingId,
    paymentToken: 'tok_12345678',
    amountMinor: price,
  }
  const { code, detail } = await failure(payments().pay(pay, auth))
  expect([code, detail?.code]).toEqual([Code.FailedPrecondition, 'HOLD_EXPIRED'])
})

test('an unknown outcome is settled: it happened, or it never will', async () => {
  const auth = await register()
  const held = await hold(auth)
  const ask = (id: string) =>
    accounts().resolveRequest({ requestId: id, method: 'HoldSeats' }, auth)
  expect((await ask(held.request.requestId)).happened).toBe(true)
  expect((await ask('never-seen-before')).happened).toBe(false)
  const late = { ...held.request, requestId: 'never-seen-before' }
  expect((await failure(bookings().holdSeats(late, auth))).detail?.code).toBe('REQUEST_BURNED')
})

test('a node that the majority contradicts answers nothing but that; on none agreed, reads go on', async () => {
  const authorised = await register()
  host.diverge('split')
  await bookings().listBookings({}, authorised)
  await timetable().searchStations({ text: 'P' })
  const refused = await failure(accounts().logOut({}, authorised))
  expect([refused.code, refused.detail?.code]).toEqual([Code.Unavailable, 'STATE_DIVERGED'])
  host.diverge('minority')
  for (const call of [
    bookings().listBookings({}, authorised),
    timetable().searchStations({ text: 'P' }),
    accounts().logOut({}, authorised),
  ]) {
    const { code, detail } = await failure(call)
    expect([code, detail?.code]).toEqual([Code.Unavailable, 'STATE_DIVERGED'])
    expect(detail?.outcome).toBe(ErrorDetail_Outcome.NOT_DONE)
  }
})
