/** Companies that book on account, through the API. */
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findAccountByEmail, findCompany } from '@quorail/booking-fsm'
import { CompanyRole, CompanyService } from '@quorail/proto/quorail/booking/v1/company_service_pb'
import { ReportKind, ReportService } from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { demoJourney } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

const companies = () => createClient(CompanyService, transport)
const codeOf = async (call: Promise<unknown>) =>
  (await call.then(() => undefined, ConnectError.from))?.code
let asked = 0
const requestId = () => `request-${asked++}`

test('a company books on account, has an invoice with tax and lines, and pays it', async () => {
  const staff = loginTo(host, 'staff@example.org', 'staff')
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const ben = loginTo(host, 'ben@example.org', 'passenger')
  const accountId = findAccountByEmail(host.state, 'ann@example.org')?.accountId ?? 0
  const who = { name: 'Dampf AG', taxId: 'CHE-1', address: 'Gleis 1' }
  const terms = { creditLimitMinor: 1_000_000n, paymentTermDays: 30 }
  const set = { requestId: requestId(), ...who, ...terms }
  expect(await codeOf(companies().setCompany(set, ann))).toBe(Code.PermissionDenied)
  const { companyId } = await companies().setCompany(set, staff)
  const member = { companyId, accountId: BigInt(accountId), role: CompanyRole.BOOKER }
  await companies().setMember({ requestId: requestId(), ...member }, staff)

  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const journey = { runId, fromStop, toStop, classCode: classes[0]?.classCode ?? '' }
  const passengers = [{ name: 'Cora' }]
  const held = host.run({ type: 'holdSeats', ...journey, passengers, seats: [] }, accountId)
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const sale = {
    companyId,
    bookingId: BigInt(held.bookingId),
    amountMinor: BigInt(held.priceMinor),
  }
  await companies().payOnAccount({ requestId: requestId(), ...sale }, ann)
  expect(findCompany(host.state, Number(companyId))?.owedMinor).toBe(held.priceMinor)

  await companies().issueInvoice({ requestId: requestId(), companyId }, staff)
  host.run({ type: 'tick' })
  const { company } = await companies().getCompany({ companyId }, ann)
  expect(company?.openInvoices).toMatchObject([{ invoiceId: 1n, totalMinor: sale.amountMinor }])
  expect(await codeOf(companies().getCompany({ companyId }, ben))).toBe(Code.NotFound)
  const invoice = await companies().getInvoice({ invoiceId: 1n }, ann)
  expect(invoice).toMatchObject({ ...who, companyId, totalMinor: sale.amountMinor })
  expect(invoice.lines).toMatchObject([{ number: 1, bookingId: sale.bookingId }])
  expect(await codeOf(companies().getInvoice({ invoiceId: 1n }, ben))).toBe(Code.NotFound)

  const { table } = await createClient(ReportService, transport).getReport(
    { kind: ReportKind.RECEIVABLES, from: { seconds: 0n }, to: { seconds: 4_000_000_000n } },
    staff,
  )
  expect(table?.rows[0]?.cells.slice(3)).toEqual(Array(3).fill(String(held.priceMinor)))
  const paid = { invoiceId: 1n, amountMinor: sale.amountMinor, reference: 'bank' }
  await companies().recordInvoicePayment({ requestId: requestId(), ...paid }, staff)
  const [after] = (await companies().listCompanies({}, ann)).companies
  expect([after?.owedMinor, after?.openInvoices]).toEqual([0n, []])
})
