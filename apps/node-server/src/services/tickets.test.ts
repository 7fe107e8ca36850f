import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect'
import { findBooking, pendingOutbox, searchJourneys } from '@quorail/booking-fsm'
import { verifyTicket } from '@quorail/cluster-client'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TicketService, TicketVerdict } from '@quorail/proto/quorail/booking/v1/ticket_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { openTicketSigner, type TicketSigner } from '../tickets/ticket-signer.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let host: MemoryHost
let folder: string
let signer: TicketSigner
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-tickets-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  signer = openTicketSigner(folder)
  host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
})

const transport = () =>
  createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined, ticketSigner: signer }),
    { router: { interceptors: createInterceptors(host) } },
  )
const tickets = () => createClient(TicketService, transport())

function login(email: string, role: 'passenger' | 'staff' | 'operator') {
  const displayName = email
  const reply = host.run({ type: 'registerAccount', email, displayName, passwordHash: 'h', role })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 30 * day })
  return { headers: { authorization: `Bearer ${token}` } }
}

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return error?.findDetails(ErrorDetailSchema)[0]?.code ?? error?.code
}

/** Two passengers, paid. */
async function sold(auth: { headers: Record<string, string> }): Promise<bigint> {
  const journey = Array.from({ length: 30 * 30 }, (_, i) => [1 + (i % 30), 1 + Math.floor(i / 30)])
    .flatMap(([fromStationId = 0, toStationId = 0]) => {
      const times = { earliestMs: now + 2 * day, latestMs: now + 3 * day, nowMs: now }
      const query = { fromStationId, toStationId, ...times, passengers: 2, limit: 1 }
      return searchJourneys(host.state, query)
    })
    .find((it) => it.classes.length > 0)
  if (journey === undefined) throw new Error('the demo timetable has no journey')
  const { booking } = await createClient(BookingService, transport()).holdSeats(
    {
      requestId: requestId(),
      runId: BigInt(journey.runId),
      fromStop: journey.fromStop,
      toStop: journey.toStop,
      classCode: journey.classes[0]?.classCode ?? '',
      passengers: [{ name: 'Anna Ω' }, { name: 'Ben' }],
    },
    auth,
  )
  if (booking === undefined) throw new Error('no booking')
  const { bookingId } = booking
  const amountMinor = booking.price?.minor ?? 0n
  const paying = { requestId: requestId(), bookingId, paymentToken: 'tok_12345678', amountMinor }
  await createClient(PaymentService, transport()).pay(paying, auth)
  for (let times = 0; times < 2; times++) {
    for (const { outboxId } of pendingOutbox(host.state, 1)) {
      const outcome = { type: 'done', providerReference: 'ref' } as const
      host.run({ type: 'recordOutcome', outboxId, outcome })
    }
  }
  return bookingId
}

async function checked(code: string, atMs = now + 2.5 * day) {
  const { keys, clusterId } = await tickets().listTicketKeys({})
  const known = keys.map((key) => ({ ...key, withdrawn: key.withdrawnAt !== undefined }))
  return verifyTicket(code, known, clusterId, atMs)
}

test('a passenger has a ticket that any device can check without a connection', async () => {
  const anna = login('anna@example.org', 'passenger')
  const bookingId = await sold(anna)
  const asking = { requestId: requestId(), bookingId }
  const { tickets: made } = await tickets().issueTickets(asking, anna)
  expect(made.map(({ position, version }) => [position, version])).toEqual([
    [0, 1],
    [1, 1],
  ])
  const code = made[0]?.code ?? ''
  const booking = findBooking(host.state, Number(bookingId))
  const departure = now + 2 * day
  const check = await checked(code)
  expect(check).toMatchObject({
    verdict: 'valid',
    ticket: { name: 'Anna Ω', pnr: booking?.pnr, ticketNumber: made[0]?.ticketNumber },
  })
  expect((await checked(code, departure - day)).verdict).toBe('notYetValid')
  expect((await checked(code, departure + 9 * day)).verdict).toBe('expired')
  // The QR code holds 2,953 bytes at most; a phone reads a few hundred with ease.
  expect(code.length).toBeLessThan(500)
  // The same request, and asking for what is there: the same tickets.
  expect((await tickets().issueTickets(asking, anna)).tickets).toEqual(made)
  expect((await tickets().getTickets({ bookingId }, anna)).tickets).toEqual(made)
  const again = { requestId: requestId(), bookingId, passengers: [0] }
  const { tickets: newer } = await tickets().issueTickets(again, anna)
  expect(newer[0]?.ticketNumber).not.toBe(made[0]?.ticketNumber)
  expect(newer[1]).toEqual(made[1])
})

test("nobody sees somebody else's tickets; staff see all; what is not paid has none", async () => {
  const [anna, ben, staff] = [
    login('anna@example.org', 'passenger'),
    login('ben@example.org', 'passenger'),
    login('st@example.org', 'staff'),
  ]
  const bookingId = await sold(anna)
  expect(await codeOf(tickets().getTickets({ bookingId }, ben))).toBe('BOOKING_NOT_FOUND')
  const issue = (auth: typeof anna) =>
    tickets().issueTickets({ requestId: requestId(), bookingId }, auth)
  expect(await codeOf(issue(ben))).toBe('BOOKING_NOT_FOUND')
  expect((await issue(staff)).tickets).toHaveLength(2)
  expect((await tickets().getTickets({ bookingId }, staff)).tickets).toHaveLength(2)
  const runId = 1n
  expect(await codeOf(tickets().listTravellers({ runId }, anna))).toBe('NOT_ALLOWED')
  const scans = [{ scanId: 's', ticketNumber: 'A', runId, stop: 0, at: timestampFromMs(now) }]
  expect(await codeOf(tickets().uploadScans({ deviceId: 'd', scans }, anna))).toBe('NOT_ALLOWED')
  expect(await codeOf(tickets().uploadScans({ deviceId: 'a b', scans }, staff))).toBe(
    'INVALID_FIELD',
  )
})

test('an inspector uploads what was scanned without a connection, twice, and the report shows who was not seen', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const bookingId = await sold(anna)
  const { tickets: made } = await tickets().issueTickets(
    { requestId: requestId(), bookingId },
    anna,
  )
  const { runId = 0, fromStop = 0 } = findBooking(host.state, Number(bookingId)) ?? {}
  const scan = (scanId: string, ticketNumber = '') => ({
    scanId,
    ticketNumber,
    runId: BigInt(runId),
    stop: fromStop,
    at: timestampFromMs(now),
  })
  const number = made[0]?.ticketNumber ?? ''
  const scans = [
    scan('s1', ` ${number.toLowerCase()}`),
    scan('s2', 'ABCDEFGHJ'),
    scan('s3', number),
  ]
  const { results } = await tickets().uploadScans({ deviceId: 'gate', scans }, staff)
  const { OK, UNKNOWN, DUPLICATE } = TicketVerdict
  expect(results.map(({ verdict }) => verdict)).toEqual([OK, UNKNOWN, DUPLICATE])
  expect(results[2]).toMatchObject({ earlierStop: fromStop, earlierDeviceId: 'gate' })
  host.advance(9 * day)
  expect((await tickets().uploadScans({ deviceId: 'gate', scans }, staff)).results).toEqual(results)
  const on = { runId: BigInt(runId) }
  const { travellers } = await tickets().listTravellers(on, staff)
  expect(travellers.map((it) => [it.name, it.inspectedAt !== undefined])).toEqual([
    ['Anna Ω', true],
    ['Ben', false],
  ])
  const missing = await tickets().listTravellers({ ...on, notSeenOnly: true }, staff)
  expect(missing.travellers.map(({ name }) => name)).toEqual(['Ben'])
})

test('a key is withdrawn: what it signed counts no more, and the next ticket has a new one', async () => {
  const [anna, staff, olga] = [
    login('anna@example.org', 'passenger'),
    login('st@example.org', 'staff'),
    login('olga@example.org', 'operator'),
  ]
  const bookingId = await sold(anna)
  const { tickets: made } = await tickets().issueTickets(
    { requestId: requestId(), bookingId },
    anna,
  )
  const { keyId } = signer
  const withdraw = (auth: typeof anna) =>
    tickets().withdrawTicketKey({ requestId: requestId(), keyId }, auth)
  expect(await codeOf(withdraw(staff))).toBe('NOT_ALLOWED')
  await withdraw(olga)
  expect((await checked(made[0]?.code ?? '')).verdict).toBe('withdrawnKey')
  const { tickets: fresh } = await tickets().getTickets({ bookingId }, anna)
  expect(signer.keyId).not.toBe(keyId)
  expect((await checked(fresh[0]?.code ?? '')).verdict).toBe('valid')
  expect(await codeOf(withdraw(olga))).toBe('TICKET_KEY_NOT_FOUND')
})

test('the secret half stays in the folder, for the node alone, and is the same after a restart', async () => {
  expect(readdirSync(folder)).toEqual(['ticket-key.pem'])
  expect(statSync(path.join(folder, 'ticket-key.pem')).mode & 0o077).toBe(0)
  expect(openTicketSigner(folder).keyId).toBe(signer.keyId)
  expect(openTicketSigner(folder).sign('x')).toBe(signer.sign('x'))
})

test('a follower does not answer for tickets', async () => {
  const anna = login('anna@example.org', 'passenger')
  const bookingId = await sold(anna)
  host.follow({ id: 'n2', clientUrl: 'http://localhost:2', term: 2 })
  expect(await codeOf(tickets().getTickets({ bookingId }, anna))).toBe('NOT_LEADER')
  host.follow(undefined)
  const error = await tickets().getTickets({ bookingId }, anna).catch(ConnectError.from)
  expect(error).toMatchObject({ code: Code.Unavailable })
})
