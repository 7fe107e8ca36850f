import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { createClient, type Transport } from '@connectrpc/connect'
import {
  findArchived,
  findBooking,
  loadState,
  nextToArchive,
  type Row,
  stateHash,
  tables,
  type Value,
} from '@quorail/booking-fsm'
import { newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AuditService } from '@quorail/proto/quorail/booking/v1/audit_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { FareService } from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { ReportKind, ReportService } from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { Reason, VoucherUseStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney, settleEffects, soldBooking } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 12)
const day = 86_400_000
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

function login(email: string, role: 'passenger' | 'staff' = 'passenger') {
  const { accountId, headers } = loginTo(host, email, role)
  return { accountId, auth: { headers } }
}

/** Everything that is long over, as the leader does it. */
function archiveAll(): void {
  host.advance(45 * day)
  host.run({ type: 'tick' })
  let runId = nextToArchive(host.state, 0)
  while (runId !== undefined) {
    host.run({ type: 'archiveRun', runId, belowBookingId: 0 })
    runId = nextToArchive(host.state, runId)
  }
}

/** What a person and the staff are shown of a booking. */
async function shown(bookingId: number, own: ReturnType<typeof login>, staff: typeof own) {
  const bookings = createClient(BookingService, transport)
  const { booking } = await bookings.getBooking({ bookingId: BigInt(bookingId) }, own.auth)
  const { bookings: list } = await bookings.listBookings({}, own.auth)
  const { json } = await createClient(AccountService, transport).exportPersonalData({}, own.auth)
  const id = { bookingId: BigInt(bookingId) }
  const { events: history } = await createClient(AuditService, transport).getHistory(id, own.auth)
  const reports = createClient(ReportService, transport)
  const { events: money } = await reports.getMoneyTimeline(id, own.auth)
  const period = { from: timestampFromMs(now - day), to: timestampFromMs(now + day) }
  const tables = []
  for (const kind of [ReportKind.SALES, ReportKind.HOLDS, ReportKind.RECONCILIATION]) {
    const { table } = await reports.getReport({ kind, ...period, timeZone: 'UTC' }, staff.auth)
    tables.push(table?.rows)
  }
  return { booking, list, bookings: JSON.parse(json).bookings, history, money, tables }
}

function stored(): Row[] {
  return tables
    .filter(({ purpose }) => purpose === 'state')
    .flatMap(({ name, columns }) => {
      const list = columns.map((column) => `"${column.name}"`).join(', ')
      const found = services.sqlite
        .prepare(`select ${list} from "${name}"`)
        .raw()
        .all() as Value[][]
      return found.map((values) => ({ table: name, values }))
    })
}

test('an archived booking is shown as it was, to its owner and in the reports', async () => {
  const ann = login('ann@example.org')
  const staff = login('staff@example.org', 'staff')
  const bookingId = soldBooking(host, ann.accountId)
  host.run({ type: 'issueTickets', bookingId, passengers: [] }, ann.accountId)
  soldBooking(host, ann.accountId, ['Cleo'])
  const before = await shown(bookingId, ann, staff)
  expect(before.list).toHaveLength(2)
  archiveAll()
  expect(findBooking(host.state, bookingId)).toBeUndefined()
  expect(await shown(bookingId, ann, staff)).toEqual(before)
  expect(stateHash(loadState(stored()))).toBe(stateHash(host.state))
})

test('nobody else is shown it, and its names go with the account', async () => {
  const ann = login('ann@example.org')
  const bob = login('bob@example.org')
  const bookingId = soldBooking(host, ann.accountId, ['Annabella Unmistakable'])
  archiveAll()
  const bookings = createClient(BookingService, transport)
  const asked = bookings.getBooking({ bookingId: BigInt(bookingId) }, bob.auth)
  await expect(asked).rejects.toThrow('There is no such booking')
  const everything = () =>
    JSON.stringify(
      tables.map(({ name }) => services.sqlite.prepare(`select * from "${name}"`).raw().all()),
    )
  expect(everything()).toContain('Annabella Unmistakable')
  host.run({ type: 'deleteAccount', accountId: ann.accountId })
  host.run({ type: 'tick' })
  expect(everything()).not.toContain('Annabella')
  expect(findArchived(host.state, bookingId)).toBeDefined()
})

/** Paid by a voucher as far as it goes, the rest by card. */
async function soldWithVoucher(own: ReturnType<typeof login>): Promise<number> {
  const staff = login('fares@example.org', 'staff')
  const fares = createClient(FareService, transport)
  const { code } = await fares.makeVoucherCode({}, staff.auth)
  const valid = { validFrom: timestampFromMs(now), validTo: timestampFromMs(now + 9 * day) }
  const given = { code, amountMinor: 100n, reason: Reason.GOODWILL }
  await fares.issueVoucher({ requestId: newRequestId(), ...given, ...valid }, staff.auth)
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const { booking } = await createClient(BookingService, transport).holdSeats(
    {
      ...{ requestId: newRequestId(), runId: BigInt(runId), fromStop, toStop },
      classCode: classes[0]?.classCode ?? '',
      passengers: [{ name: 'Ann' }],
    },
    own.auth,
  )
  const bookingId = booking?.bookingId ?? 0n
  const { booking: reduced } = await fares.applyVoucher(
    { requestId: newRequestId(), bookingId, code },
    own.auth,
  )
  await createClient(PaymentService, transport).pay(
    {
      ...{ requestId: newRequestId(), bookingId, paymentToken: 'tok_12345678' },
      amountMinor: reduced?.due?.minor ?? 0n,
    },
    own.auth,
  )
  settleEffects(host)
  return Number(bookingId)
}

test('an archived booking shows the voucher that paid a part of it', async () => {
  const ann = login('ann@example.org')
  const staff = login('staff@example.org', 'staff')
  const bookingId = await soldWithVoucher(ann)
  const before = await shown(bookingId, ann, staff)
  expect(before.booking?.voucher).toMatchObject({
    amount: { minor: 100n },
    status: VoucherUseStatus.REDEEMED,
  })
  archiveAll()
  expect(findBooking(host.state, bookingId)).toBeUndefined()
  expect((await shown(bookingId, ann, staff)).booking).toEqual(before.booking)
})
