import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { createClient, type Transport } from '@connectrpc/connect'
import { findBooking, findRun, ticketsOf } from '@quorail/booking-fsm'
import { ReportKind, ReportService } from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney, registered, soldBooking } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

async function report(kind: ReportKind, auth: object) {
  const period = { from: timestampFromMs(now - day), to: timestampFromMs(now + 9 * day) }
  const client = createClient(ReportService, transport)
  const { table } = await client.getReport({ kind, ...period, timeZone: 'Europe/Zurich' }, auth)
  return (table?.rows ?? []).map(({ cells }) =>
    Object.fromEntries(cells.map((cell, i) => [table?.columns[i], cell])),
  )
}

test('who had a seat and was not seen, once the train has left and somebody has inspected it', async () => {
  const staff = loginTo(host, 'st@example.org', 'staff')
  const ann = registered(host, 'ann@example.org')
  const bookingId = soldBooking(host, ann, ['Ann', 'Ben', 'Cy'])
  host.run({ type: 'issueTickets', bookingId, passengers: [] }, ann)
  const booking = findBooking(host.state, bookingId)
  const run = findRun(host.state, booking?.runId ?? 0)
  // It has not left yet.
  expect(await report(ReportKind.NO_SHOWS, staff)).toEqual([])
  host.advance(3 * day)
  host.run({ type: 'tick' })
  const figures = { train: run?.trainNumber, class: booking?.classCode, passengers: '3' }
  expect(await report(ReportKind.NO_SHOWS, staff)).toMatchObject([
    { ...figures, seen: '0', not_seen: '0', not_inspected: '3' },
  ])
  const scan = {
    ticketNumber: ticketsOf(host.state, bookingId)[0]?.ticketNumber ?? '',
    runId: booking?.runId ?? 0,
    stop: booking?.fromStop ?? 0,
    atMs: host.nowMs(),
    deviceId: 'd1',
    scanId: 's1',
  }
  expect(host.run({ type: 'inspectTicket', ...scan }).type).toBe('ticketInspected')
  expect(await report(ReportKind.NO_SHOWS, staff)).toMatchObject([
    { ...figures, seen: '1', not_seen: '2', not_inspected: '0' },
  ])
})

test('what became of those who waited', async () => {
  const staff = loginTo(host, 'st@example.org', 'staff')
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const classCode = classes[0]?.classCode ?? ''
  const free = classes[0]?.freeSeats ?? 0
  const rule = { validFromMs: 0, capBasisPoints: 10_000, chartBeforeDepartureMs: 0 }
  host.run({ type: 'setWaitingRule', ...rule, promotedHoldMs: 60_000 })
  const held: number[] = []
  for (let left = free, i = 0; left > 0; i++) {
    const passengers = Array.from({ length: Math.min(left, 6) }, () => ({ name: 'P' }))
    const seats = { runId, fromStop, toStop, classCode, passengers, seats: [] }
    const reply = host.run({ type: 'holdSeats', ...seats }, registered(host, `h${i}@example.org`))
    if (reply.type !== 'seatsHeld') throw new Error(JSON.stringify(reply))
    held.push(reply.bookingId)
    left -= passengers.length
  }
  const waiters = ['one', 'two', 'three'].map((name) => {
    const actor = registered(host, `${name}@example.org`)
    const journey = { runId, fromStop, toStop, classCode, passengers: [{ name }] }
    const limits = { deadlineMs: now + day, alternatives: [], maxPriceMinor: 10_000_000 }
    const reply = host.run({ type: 'joinWaitingList', ...journey, ...limits }, actor)
    if (reply.type !== 'waitingListJoined') throw new Error(JSON.stringify(reply))
    return { actor, bookingId: reply.bookingId }
  })
  const [, , third] = waiters
  host.run({ type: 'leaveWaitingList', bookingId: third?.bookingId ?? 0 }, third?.actor ?? 0)
  const party = { joined: '3', passengers: '3' }
  expect(await report(ReportKind.WAITING_LISTS, staff)).toMatchObject([
    { ...party, waiting: '2', lapsed: '0', left: '1', seated: '0' },
  ])
  const owner = findBooking(host.state, held[0] ?? 0)?.accountId ?? 0
  host.run({ type: 'releaseHold', bookingId: held[0] ?? 0 }, owner)
  expect(await report(ReportKind.WAITING_LISTS, staff)).toMatchObject([
    { ...party, waiting: '0', lapsed: '0', left: '1', seated: '2' },
  ])
})
