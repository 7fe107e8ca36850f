import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { auditHead } from '@quorail/booking-fsm'
import {
  AuditProblem,
  AuditService,
  HistoryActor,
} from '@quorail/proto/quorail/booking/v1/audit_service_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { soldBooking } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

const audit = () => createClient(AuditService, transport)

function login(email: string, role: 'passenger' | 'staff' | 'operator' = 'passenger') {
  const { accountId, headers } = loginTo(host, email, role)
  return { accountId, auth: { headers } }
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  )

test('operators read who did what, and see that nobody has changed a record', async () => {
  const operator = login('op@example.org', 'operator')
  const anna = login('anna@example.org')
  const bookingId = soldBooking(host, anna.accountId)
  const { records } = await audit().listAudit({ subject: `booking:${bookingId}` }, operator.auth)
  expect(records.map(({ action, actor }) => [action, Number(actor)])).toEqual([
    ['recordOutcome', 0],
    ['recordOutcome', 0],
    ['startPayment', anna.accountId],
  ])
  const [latest] = (await audit().listAudit({ limit: 1 }, operator.auth)).records
  const head = auditHead(host.state)
  expect(latest).toMatchObject({ sequence: BigInt(head.count), link: head.link })
  const before = { limit: 2, beforeSequence: BigInt(head.count) }
  const older = (await audit().listAudit(before, operator.auth)).records
  expect(older.map(({ sequence }) => Number(sequence))).toEqual([head.count - 1, head.count - 2])
  expect(await audit().verifyAudit({}, operator.auth)).toMatchObject({
    verifiedRecords: BigInt(head.count),
    faultySequence: 0n,
    headLink: head.link,
  })
})

test.each([
  ['altered', 'update audit set actor = 1 where sequence = 3', AuditProblem.ALTERED, 3],
  ['removed', 'delete from audit where sequence = 4', AuditProblem.MISSING, 4],
  [
    'cut off at the end',
    'delete from audit where sequence = (select max(sequence) from audit)',
    AuditProblem.MISSING,
    0,
  ],
])('a record that was %s in the database is found', async (_, statement, problem, sequence) => {
  const operator = login('op@example.org', 'operator')
  soldBooking(host, login('anna@example.org').accountId)
  services.sqlite.exec(statement)
  const answer = await audit().verifyAudit({}, operator.auth)
  const faulty = sequence || auditHead(host.state).count
  expect(answer).toMatchObject({ faultySequence: BigInt(faulty), problem })
  expect(answer.verifiedRecords).toBe(BigInt(faulty - 1))
})

test('a person sees what happened to a booking of their own, others do not', async () => {
  const [anna, bob] = [login('anna@example.org'), login('bob@example.org')]
  const bookingId = soldBooking(host, anna.accountId)
  const asked = { bookingId: BigInt(bookingId) }
  const { events } = await audit().getHistory(asked, anna.auth)
  expect(events.map(({ action, by }) => [action, by])).toEqual([
    ['held', HistoryActor.OWNER],
    ['startPayment', HistoryActor.OWNER],
    ['recordOutcome', HistoryActor.RAILWAY],
    ['recordOutcome', HistoryActor.RAILWAY],
  ])
  expect(events[0]?.meaning).toBe('The seats were held.')
  expect(await codeOf(audit().getHistory(asked, bob.auth))).toBe(Code.NotFound)
})

test('records are for operators', async () => {
  const staff = login('st@example.org', 'staff')
  expect(await codeOf(audit().listAudit({}, staff.auth))).toBe(Code.PermissionDenied)
  expect(await codeOf(audit().verifyAudit({}, staff.auth))).toBe(Code.PermissionDenied)
})
