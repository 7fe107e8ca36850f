/** Clients that do not read, over real HTTP/2 with its flow control. */
import http2 from 'node:http2'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { createClient, createRouterTransport } from '@connectrpc/connect'
import { foldSeatMap } from '@quorail/cluster-client'
import {
  type GetSeatMapResponse,
  TimetableService,
} from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import {
  WatchEventKind as Kind,
  type WatchEvent,
  WatchRequestSchema,
  WatchResponseSchema,
  WatchService,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, onTestFinished, test } from 'vitest'
import { openClientPort } from '../http/client-port.ts'
import { createRoutes } from '../services/index.ts'
import { createWatchService } from '../services/watch-service.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { demoJourney } from '../testing/sold-booking.ts'
import { type WatchLimits, watchLimits } from './watch-limits.ts'
import { uncounted, type WatchFigures, type WatchMeter } from './watch-meter.ts'

const wait = { timeout: 30_000, interval: 20 }

async function start(limits: Partial<WatchLimits>) {
  const { host } = memoryServices(Date.UTC(2026, 10, 30, 8))
  let figures = (): WatchFigures => ({ streams: 0, subscriptions: 0, subjects: 0 })
  const refused: string[] = []
  const meter: WatchMeter = {
    ...uncounted,
    refused: (code) => refused.push(code),
    watch: (ask) => {
      figures = ask
    },
  }
  const service = createWatchService(host, meter, { ...watchLimits, ...limits })
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router) => router.service(WatchService, service),
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return { host, address: `http://127.0.0.1:${port.port}`, refused, figures: () => figures() }
}

function seatMapOf(host: MemoryHost) {
  const { runId, fromStop, toStop } = demoJourney(host)
  return { runId: BigInt(runId), fromStop, toStop }
}

const subjects = 12

/** A client that says how much it takes at a time, and takes nothing until it is told to. */
function openRaw(address: string, host: MemoryHost) {
  const session = http2.connect(address, { settings: { initialWindowSize: 2_048 } })
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  const stream = session.request({
    ':method': 'POST',
    ':path': '/quorail.watch.v1.WatchService/Watch',
    'content-type': 'application/connect+proto',
    'connect-protocol-version': '1',
  })
  stream.on('error', () => undefined)
  const value = seatMapOf(host)
  // So many that their first frame is more than what is kept for whoever does not read.
  const subscriptions = Array.from({ length: subjects }, (_, at) => ({
    id: at + 1,
    subject: { case: 'seatMap' as const, value },
  }))
  const request = toBinary(WatchRequestSchema, create(WatchRequestSchema, { subscriptions }))
  const head = Buffer.alloc(5)
  head.writeUInt32BE(request.length, 1)
  stream.end(Buffer.concat([head, request]))
  const events: WatchEvent[] = []
  return {
    stream,
    events,
    read() {
      let buffer = Buffer.alloc(0)
      stream.on('data', (chunk: Buffer) => {
        buffer = Buffer.concat([buffer, chunk])
        while (buffer.length >= 5 && buffer.length >= 5 + buffer.readUInt32BE(1)) {
          const end = 5 + buffer.readUInt32BE(1)
          if (buffer[0] === 0) events.push(...eventsOf(buffer.subarray(5, end)))
          buffer = buffer.subarray(end)
        }
      })
    },
  }
}

/** All are told the same. */
function eventsOf(message: Uint8Array): WatchEvent[] {
  const { events } = fromBinary(WatchResponseSchema, message)
  return events.filter((it) => it.subscriptionId === 1)
}

/** Seats are taken and given back, each time with a pause in which watchers are told. */
async function holdMany(host: MemoryHost, accountId: number, count: number): Promise<void> {
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const journey = { runId, fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const passengers = [{ name: 'Ann' }]
  let bookingId = 0
  for (let at = 0; at < count; at++) {
    if (at % 2 === 1) host.run({ type: 'releaseHold', bookingId }, accountId)
    else {
      const held = host.run({ type: 'holdSeats', ...journey, passengers, seats: [] }, accountId)
      if (held.type !== 'seatsHeld') throw new Error(JSON.stringify(held))
      bookingId = held.bookingId
    }
    // Longer than the gap between two looks, so that each is a change of its own.
    await new Promise((resolve) => setTimeout(resolve, 80))
  }
}

function folded(events: readonly WatchEvent[]): GetSeatMapResponse | undefined {
  let map: GetSeatMapResponse | undefined
  for (const { body } of events) {
    if (body.case === 'seatMap') map = body.value
    if (body.case === 'seatMapChange' && map) map = foldSeatMap(map, body.value)
  }
  return map
}

const freeSeats = (map: GetSeatMapResponse | undefined) =>
  map?.seats.filter(({ free }) => free).map(({ seat }) => seat)

test('who reads slowly is told fewer things, and a reset when too much was missed; others are not held up', async () => {
  const { host, address } = await start({ keptChanges: 4 })
  const { accountId } = loginTo(host, 'ann@example.org', 'passenger')
  const slow = openRaw(address, host)
  const fast = openRaw(address, host)
  fast.read()
  await expect.poll(() => fast.events.length, wait).toBe(1)
  await holdMany(host, accountId, 21)
  const routes = createRoutes({ host, secureCookies: false, gatewayUrl: undefined })
  const timetable = createClient(TimetableService, createRouterTransport(routes))
  const now = freeSeats(await timetable.getSeatMap(seatMapOf(host)))
  await expect.poll(() => freeSeats(folded(fast.events)), wait).toEqual(now)
  slow.read()
  await expect.poll(() => freeSeats(folded(slow.events)), wait).toEqual(now)
  expect(fast.events.length).toBeGreaterThan(10)
  expect(fast.events.some(({ kind }) => kind === Kind.RESET)).toBe(false)
  expect(slow.events.length).toBeLessThan(fast.events.length)
  expect(slow.events.some(({ kind }) => kind === Kind.RESET)).toBe(true)
})

test('who reads nothing at all is cut off, and nothing of it stays', async () => {
  const { host, address, figures, refused } = await start({ drainMs: 1_000 })
  const dead = openRaw(address, host)
  const other = openRaw(address, host)
  other.read()
  await expect.poll(() => figures().streams, wait).toBe(2)
  expect(dead.stream.destroyed).toBe(false)
  await expect.poll(() => figures(), wait).toMatchObject({ streams: 1, subscriptions: subjects })
  expect(refused).toContain('WATCH_NOT_READ')
  await holdMany(host, loginTo(host, 'ann@example.org', 'passenger').accountId, 1)
  await expect.poll(() => other.events.length, wait).toBe(2)
})

test('a client that goes away leaves nothing behind', async () => {
  const { host, address, figures } = await start({ lingerMs: 0 })
  const reader = openRaw(address, host)
  reader.read()
  await expect
    .poll(() => figures(), wait)
    .toEqual({ streams: 1, subscriptions: subjects, subjects: 1 })
  reader.stream.destroy()
  await expect.poll(() => figures(), wait).toEqual({ streams: 0, subscriptions: 0, subjects: 0 })
})

test('a program that speaks JSON is told the same', async () => {
  const { host, address } = await start({})
  const { runId, fromStop, toStop } = seatMapOf(host)
  const message = Buffer.from(
    JSON.stringify({
      subscriptions: [{ id: 1, seatMap: { runId: String(runId), fromStop, toStop } }],
    }),
  )
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  const controller = new AbortController()
  const response = await fetch(`${address}/quorail.watch.v1.WatchService/Watch`, {
    method: 'POST',
    headers: { 'content-type': 'application/connect+json', 'connect-protocol-version': '1' },
    body: Buffer.concat([head, message]),
    signal: controller.signal,
  })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString('latin1')
    if (text.includes('"coaches"')) break
  }
  controller.abort()
  expect(text).toContain('"kind":"WATCH_EVENT_KIND_SNAPSHOT"')
})
