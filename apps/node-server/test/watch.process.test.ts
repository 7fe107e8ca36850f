import { createConnectTransport } from '@connectrpc/connect-node'
import { createWatches, type WatchUpdate } from '@quorail/cluster-client'
import type { GetSeatMapResponse } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { type Booking, BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, onTestFinished, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { tomorrow } from './waiting.ts'

const wait = { timeout: 60_000, interval: 50 }

test('a watch goes on over the kill of its node and of the leader: nothing is missed, nothing goes back', async () => {
  await using cluster = await TestCluster.start({})
  const { nodes, paymentSandbox } = cluster.addresses
  let pat!: ApiPassenger
  await expect
    .poll(async () => {
      pat = await ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
      return (await pat.journey('PMR', 'VDC', tomorrow())).runId > 0n
    }, wait)
    .toBe(true)
  const { runId, fromStop, toStop, classes } = await pat.journey('PMR', 'VDC', tomorrow())
  const opened: string[] = []
  const watches = createWatches({
    endpoints: nodes,
    createTransport: (baseUrl) =>
      createConnectTransport({
        baseUrl,
        httpVersion: '2',
        interceptors: [
          (next) => (request) => {
            if (request.stream) opened.push(baseUrl)
            request.header.set('authorization', `Bearer ${pat.sessionToken}`)
            return next(request)
          },
        ],
      }),
  })
  onTestFinished(() => watches.close())
  const maps: WatchUpdate<GetSeatMapResponse>[] = []
  const bookings: WatchUpdate<Booking>[] = []
  watches.seatMap({ runId, fromStop, toStop }, (update) => maps.push(update))
  await expect.poll(() => maps.at(-1)?.isLive, wait).toBe(true)
  const isFree = (number: number) =>
    maps.at(-1)?.value?.seats.find(({ seat }) => seat === number)?.free

  const hold = async (name: string) => {
    const { booking } = await pat.bookings.holdSeats({
      requestId: crypto.randomUUID(),
      runId,
      fromStop,
      toStop,
      classCode: classes[0]?.classCode ?? '',
      passengers: [{ name }],
    })
    return { bookingId: booking?.bookingId ?? 0n, seat: booking?.passengers[0]?.seat ?? 0 }
  }
  const first = await hold('First')
  await expect.poll(() => isFree(first.seat), wait).toBe(false)
  watches.booking(first.bookingId, (update) => bookings.push(update))
  await expect.poll(() => bookings.at(-1)?.value?.status, wait).toBe(BookingStatus.HELD)

  // The node that has the stream, then whoever leads.
  const nodeOf = (url: string) =>
    cluster.nodeIds.find((_, at) => nodes[at] === url) ?? expect.unreachable(url)
  const stream = nodeOf(opened.at(-1) ?? '')
  await cluster.kill(stream)
  const second = await hold('Second')
  await expect.poll(() => isFree(second.seat), wait).toBe(false)
  await cluster.start(stream)
  const { id } = await cluster.leader()
  await cluster.kill(id)
  await pat.bookings.releaseHold({
    requestId: crypto.randomUUID(),
    bookingId: first.bookingId,
  })
  await expect.poll(() => isFree(first.seat), wait).toBe(true)
  await expect.poll(() => bookings.at(-1)?.value?.status, wait).toBe(BookingStatus.RELEASED)
  expect(opened.length).toBeGreaterThan(1)

  const now = await pat.timetable.getSeatMap({ runId, fromStop, toStop })
  const free = (map: GetSeatMapResponse | undefined) => map?.seats.map((seat) => seat.free)
  await expect.poll(() => free(maps.at(-1)?.value), wait).toEqual(free(now))
  for (const updates of [maps, bookings]) {
    const indexes = updates.map(({ index }) => Number(index))
    expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
  }
})
