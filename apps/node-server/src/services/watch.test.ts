import {
  type Client,
  Code,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { foldSeatMap } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  type GetSeatMapResponse,
  TimetableService,
} from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import {
  WatchEventKind as Kind,
  type WatchEvent,
  type WatchResponse,
  WatchService,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, onTestFinished, test } from 'vitest'
import { createAccessInterceptor } from '../auth/access-interceptor.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { demoJourney, soldBooking } from '../testing/sold-booking.ts'
import { type WatchLimits, watchLimits } from '../watch/watch-limits.ts'
import { uncounted } from '../watch/watch-meter.ts'
import { createInterceptors, createRoutes } from './index.ts'
import { createWatchService } from './watch-service.ts'

const nowMs = Date.UTC(2026, 10, 30, 8)
const wait = { timeout: 30_000, interval: 10 }

function world(limits: Partial<WatchLimits> = {}) {
  const { host, transport } = memoryServices(nowMs)
  return { host, transport, watches: watchTransport(host, limits) }
}

function watchTransport(host: MemoryHost, limits: Partial<WatchLimits>): Transport {
  const service = createWatchService(host, uncounted, { ...watchLimits, ...limits })
  return createRouterTransport((router) => router.service(WatchService, service), {
    router: { interceptors: [createAccessInterceptor(host)] },
  })
}

type Headers = Readonly<Record<string, string>>
type Asked = Parameters<Client<typeof WatchService>['watch']>[0]

/** A stream that somebody reads as fast as it comes. */
class Reader {
  readonly frames: WatchResponse[] = []
  readonly events: WatchEvent[] = []
  readonly client: Client<typeof WatchService>
  error: unknown
  readonly #controller = new AbortController()

  constructor(transport: Transport, asked: Asked, headers: Headers = {}) {
    this.client = createClient(WatchService, transport)
    onTestFinished(() => this.leave())
    void this.#read(asked, headers)
  }

  get watchId(): string {
    return this.frames[0]?.opened?.watchId ?? ''
  }

  leave(): void {
    this.#controller.abort()
  }

  kinds(id = 1): string[] {
    return this.events.filter((it) => it.subscriptionId === id).map(({ kind }) => Kind[kind])
  }

  async #read(asked: Asked, headers: Headers): Promise<void> {
    try {
      for await (const frame of this.client.watch(asked, {
        headers,
        signal: this.#controller.signal,
      })) {
        this.frames.push(frame)
        this.events.push(...frame.events)
      }
    } catch (error) {
      this.error = error
    }
  }
}

function seatMapOf(host: MemoryHost) {
  const { runId, fromStop, toStop } = demoJourney(host)
  return { runId: BigInt(runId), fromStop, toStop }
}
const seats = (host: MemoryHost, id = 1) => ({
  id,
  subject: { case: 'seatMap' as const, value: seatMapOf(host) },
})
const booking = (bookingId: number, id = 1) => ({
  id,
  subject: { case: 'booking' as const, value: { bookingId: BigInt(bookingId) } },
})

/** The map that the events come to. */
function folded(events: readonly WatchEvent[]): GetSeatMapResponse | undefined {
  let map: GetSeatMapResponse | undefined
  for (const { body } of events) {
    if (body.case === 'seatMap') map = body.value
    if (body.case === 'seatMapChange' && map) map = foldSeatMap(map, body.value)
  }
  return map
}

async function asked(transport: Transport, host: MemoryHost) {
  const answer = await createClient(TimetableService, transport).getSeatMap(seatMapOf(host))
  const { index, now, ...map } = answer
  return map
}

const without = (map: GetSeatMapResponse | undefined) => {
  if (map === undefined) return undefined
  const { index, now, ...rest } = map
  return rest
}

function hold(host: MemoryHost, accountId: number, seat?: number) {
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const [of] = classes
  const reply = host.run(
    {
      type: 'holdSeats',
      runId,
      fromStop,
      toStop,
      classCode: of?.classCode ?? '',
      passengers: [{ name: 'Ann' }],
      seats: seat === undefined ? [] : [seat],
    },
    accountId,
  )
  if (reply.type !== 'seatsHeld') throw new Error(JSON.stringify(reply))
  return reply.bookingId
}

test('a seat map is told as it is, then each change of it, and comes to what is asked for', async () => {
  const { host, transport, watches } = world()
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const reader = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  expect(without(folded(reader.events))).toEqual(await asked(transport, host))
  for (let round = 0; round < 6; round++) {
    const bookingId = hold(host, accountId)
    if (round % 2 === 0) host.run({ type: 'releaseHold', bookingId }, accountId)
    const now = await asked(transport, host)
    await expect.poll(() => without(folded(reader.events)), wait).toEqual(now)
  }
  expect(reader.kinds().slice(1)).toContain('CHANGE')
  expect(reader.kinds()).not.toContain('RESET')
  const indexes = reader.events.map(({ index }) => Number(index))
  expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
})

test('who comes back with a fingerprint is told what was missed, and nothing when nothing was', async () => {
  const { host, transport, watches } = world()
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const first = new Reader(watches, { subscriptions: [seats(host)] })
  const stays = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => [first.kinds(), stays.kinds()]).toEqual([['SNAPSHOT'], ['SNAPSHOT']])
  first.leave()
  const [{ index, fingerprint }] = first.events as [WatchEvent]
  const back = { ...seats(host), afterIndex: index, fingerprint }
  const same = new Reader(watches, { subscriptions: [back] })
  await expect.poll(() => same.kinds()).toEqual(['RESUMED'])
  hold(host, accountId)
  await expect.poll(() => stays.kinds()).toEqual(['SNAPSHOT', 'CHANGE'])
  const later = new Reader(watches, { subscriptions: [back] })
  await expect.poll(() => later.kinds()).toEqual(['CHANGE'])
  const all = [...first.events, ...later.events]
  expect(without(folded(all))).toEqual(await asked(transport, host))
  const lost = { ...back, fingerprint: new Uint8Array(8) }
  const other = new Reader(watches, { subscriptions: [lost] })
  await expect.poll(() => other.kinds()).toEqual(['RESET'])
  expect(without(folded(other.events))).toEqual(await asked(transport, host))
})

test('more changes than are kept are a reset for who was away', async () => {
  const { host, watches } = world({ keptChanges: 2 })
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const first = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => first.kinds().length).toBe(1)
  const [{ fingerprint }] = first.events as [WatchEvent]
  for (let told = 2; told <= 4; told++) {
    hold(host, accountId)
    await expect.poll(() => first.kinds().length).toBe(told)
  }
  const back = new Reader(watches, { subscriptions: [{ ...seats(host), fingerprint }] })
  await expect.poll(() => back.kinds()).toEqual(['RESET'])
})

test('a booking is told to whom it belongs to and to staff, and is not there for others', async () => {
  const { host, watches } = world()
  const owner = loginTo(host, 'ann@example.org', 'passenger')
  const other = loginTo(host, 'eve@example.org', 'passenger')
  const staff = loginTo(host, 'staff@example.org', 'staff')
  const id = soldBooking(host, owner.accountId)
  const read = (headers: Headers, bookingId = id) =>
    new Reader(watches, { subscriptions: [booking(bookingId)] }, headers)
  const theirs = read(owner.headers)
  const seen = [theirs, read(staff.headers)]
  const unseen = [
    [read(other.headers), 'BOOKING_NOT_FOUND'],
    [read(owner.headers, 99_999), 'BOOKING_NOT_FOUND'],
    [read(staff.headers, 99_999), 'BOOKING_NOT_FOUND'],
    [read({}), 'NOT_LOGGED_IN'],
  ] as const
  for (const reader of seen) await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  for (const [reader, code] of unseen) {
    await expect.poll(() => reader.kinds()).toEqual(['ERROR'])
    expect(reader.events[0]?.body).toMatchObject({ case: 'error', value: { code } })
  }
  const cancel = { type: 'cancelBooking', bookingId: id, expectedRefundMinor: 0 } as const
  const refused = host.run(cancel, owner.accountId)
  const figure = refused.type === 'refused' ? refused.figure : 0
  host.run({ ...cancel, expectedRefundMinor: figure }, owner.accountId)
  await expect.poll(() => theirs.kinds()).toEqual(['SNAPSHOT', 'CHANGE'])
  expect(theirs.events[1]?.body.value).toMatchObject({ status: BookingStatus.CANCELLED })
})

test('subscriptions come and go on an open stream; asking twice is as asking once', async () => {
  const { host, watches } = world()
  const owner = loginTo(host, 'ann@example.org', 'passenger')
  const reader = new Reader(watches, { subscriptions: [] }, owner.headers)
  await expect.poll(() => reader.watchId).not.toBe('')
  const { watchId } = reader
  const change = { watchId, add: [seats(host, 7)], remove: [] }
  await reader.client.changeWatch(change, { headers: owner.headers })
  await reader.client.changeWatch(change, { headers: owner.headers })
  await expect.poll(() => reader.kinds(7)).toEqual(['SNAPSHOT'])
  const clash = { watchId, add: [booking(1, 7)], remove: [] }
  await expect(reader.client.changeWatch(clash, { headers: owner.headers })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  })
  await reader.client.changeWatch({ watchId, remove: [7] }, { headers: owner.headers })
  hold(host, owner.accountId)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(reader.kinds(7)).toEqual(['SNAPSHOT'])
})

test('a stream is its owner’s; who logs in later goes on with the one that was open', async () => {
  const { host, watches } = world()
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const eve = loginTo(host, 'eve@example.org', 'passenger')
  const id = soldBooking(host, ann.accountId)
  const reader = new Reader(watches, { subscriptions: [] })
  await expect.poll(() => reader.watchId).not.toBe('')
  const change = { watchId: reader.watchId, add: [booking(id)] }
  await reader.client.changeWatch(change, { headers: ann.headers })
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  for (const headers of [eve.headers, {}])
    await expect(reader.client.changeWatch(change, { headers })).rejects.toMatchObject({
      code: Code.NotFound,
    })
})

test('a stream ends with the session, also when nothing else happens', async () => {
  const { host, transport, watches } = world()
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const reader = new Reader(watches, { subscriptions: [seats(host)] }, ann.headers)
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  await createClient(AccountService, transport).logOut({}, { headers: ann.headers })
  await expect.poll(() => reader.error, wait).toMatchObject({ code: Code.Unauthenticated })
})

test('a node that is behind waits, and sends the client elsewhere when that takes long', async () => {
  const { host, watches } = world({ behindMs: 1_500 })
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const { appliedIndex } = host.status()
  const soon = { ...seats(host), afterIndex: BigInt(appliedIndex + 1) }
  const never = { ...seats(host), afterIndex: BigInt(appliedIndex + 1_000) }
  const waiting = new Reader(watches, { subscriptions: [soon] })
  const vain = new Reader(watches, { subscriptions: [never] })
  await expect.poll(() => waiting.frames.length).toBe(1)
  expect(waiting.kinds()).toEqual([])
  hold(host, accountId)
  await expect.poll(() => waiting.kinds()).toEqual(['SNAPSHOT'])
  expect(Number(waiting.events[0]?.index)).toBeGreaterThan(appliedIndex)
  await expect.poll(() => vain.error, wait).toMatchObject({ code: Code.Unavailable })
  expect(vain.kinds()).toEqual([])
})

test('a node without a leader ends its streams, because what they show may be old', async () => {
  const { host, watches } = world({ leaderlessMs: 100 })
  const reader = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  host.follow({ id: 'n2', clientUrl: 'http://localhost:2', term: 2 })
  hold(host, loginTo(host, 'ann@example.org', 'passenger').accountId)
  await expect.poll(() => reader.kinds(), wait).toEqual(['SNAPSHOT', 'CHANGE'])
  host.follow(undefined)
  await expect.poll(() => reader.error, wait).toMatchObject({ code: Code.Unavailable })
  const late = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => late.error, wait).toMatchObject({ code: Code.Unavailable })
})

test('streams and subscriptions have limits, and say so', async () => {
  const { host, watches } = world({ streamsOfAccount: 2, subscriptions: 2 })
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const open = (count: number) =>
    new Reader(
      watches,
      { subscriptions: Array.from({ length: count }, (_, at) => seats(host, at + 1)) },
      ann.headers,
    )
  const full = open(2)
  const second = open(0)
  await expect.poll(() => [full.frames.length, second.frames.length]).toEqual([1, 1])
  const many = open(0)
  await expect.poll(() => many.error).toMatchObject({ code: Code.ResourceExhausted })
  const { watchId } = full
  const change = full.client.changeWatch({ watchId, add: [seats(host, 3)] }, ann)
  await expect(change).rejects.toMatchObject({ code: Code.ResourceExhausted })
  second.leave()
  await expect
    .poll(async () => {
      const next = open(0)
      await expect.poll(() => next.frames.length + (next.error === undefined ? 0 : 1)).toBe(1)
      return next.error
    }, wait)
    .toBeUndefined()
})

test('a stream says something at every heartbeat', async () => {
  const { host, watches } = world({ heartbeatMs: 300 })
  const reader = new Reader(watches, { subscriptions: [seats(host)] })
  await expect.poll(() => reader.frames.length, wait).toBeGreaterThan(3)
  expect(reader.frames[0]?.opened?.heartbeatMs).toBe(300)
  expect(reader.frames.slice(1).every(({ events }) => events.length === 0)).toBe(true)
})

test('of the node everybody is told who leads, staff how far everybody is', async () => {
  const { host, watches } = world()
  const subscriptions = [{ id: 1, subject: { case: 'node' as const, value: {} } }]
  const staff = loginTo(host, 'staff@example.org', 'staff')
  const open = new Reader(watches, { subscriptions })
  const detailed = new Reader(watches, { subscriptions }, staff.headers)
  await expect.poll(() => [open.kinds(), detailed.kinds()]).toEqual([['SNAPSHOT'], ['SNAPSHOT']])
  const about = { id: 'n1', leaderId: 'n1', ready: true }
  const { stateHash, appliedIndex } = host.status()
  expect(open.events[0]?.body.value).toMatchObject({ ...about, stateHash: '', appliedIndex: 0n })
  expect(detailed.events[0]?.body.value).toMatchObject({
    ...about,
    stateHash,
    appliedIndex: BigInt(appliedIndex),
  })
})

test('the same over the services of a whole node, with its checks of what is sent', async () => {
  const { host } = world()
  const routes = createRoutes({ host, secureCookies: false, gatewayUrl: undefined })
  const transport = createRouterTransport(routes, {
    router: { interceptors: createInterceptors(host) },
  })
  const reader = new Reader(transport, { subscriptions: [seats(host)] })
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT'])
  const bad = new Reader(transport, { subscriptions: [{ id: 1 }] })
  await expect.poll(() => bad.error).toMatchObject({ code: Code.InvalidArgument })
  const bookings = createClient(BookingService, transport)
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const request = {
    requestId: '0123456789abcdef',
    runId: BigInt(runId),
    fromStop,
    toStop,
    classCode: classes[0]?.classCode ?? '',
    passengers: [{ name: 'Ann' }],
  }
  await bookings.holdSeats(request, { headers: ann.headers })
  await expect.poll(() => reader.kinds()).toEqual(['SNAPSHOT', 'CHANGE'])
})
