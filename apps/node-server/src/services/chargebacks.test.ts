import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findBooking } from '@quorail/booking-fsm'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import {
  ChargebackStatus,
  PaymentService,
} from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { registered, soldBooking } from '../testing/sold-booking.ts'

let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(Date.UTC(2026, 10, 22, 9, 0)))
})

const payments = () => createClient(PaymentService, transport)

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return error?.findDetails(ErrorDetailSchema)[0]?.code ?? error?.code
}

async function balances(staff: ReturnType<typeof loginTo>) {
  const report = await createClient(AdministrationService, transport).getLedgerReport({}, staff)
  expect(report.orphans).toEqual([])
  return new Map(report.balances.map(({ account, balance }) => [account, balance?.minor]))
}

test('staff record what a bank took back, once, and how the dispute ended; the ledger shows it', async () => {
  const staff = loginTo(host, 'st@example.org', 'staff')
  const bookingId = BigInt(soldBooking(host, registered(host, 'anna@example.org')))
  const paid = findBooking(host.state, Number(bookingId))?.priceMinor ?? 0
  const amountMinor = BigInt(paid)
  const asked = () => ({
    ...{ requestId: requestId(), bookingId, amountMinor },
    ...{ reference: 'dispute-1', reason: 'fraudulent' },
  })
  const { chargeback } = await payments().recordChargeback(asked(), staff)
  expect(chargeback).toMatchObject({ bookingId, status: ChargebackStatus.OPEN })
  await payments().recordChargeback(asked(), staff)
  const open = await balances(staff)
  expect([open.get('chargebacks'), open.get('providerClearing')]).toEqual([amountMinor, 0n])
  const listed = await payments().listChargebacks({ bookingId }, staff)
  expect(listed.chargebacks).toEqual([chargeback])

  const settled = { requestId: requestId(), reference: 'dispute-1', won: false }
  const lost = await payments().settleChargeback(settled, staff)
  expect(lost.chargeback?.status).toBe(ChargebackStatus.LOST)
  expect((await balances(staff)).get('chargebackLosses')).toBe(amountMinor)
  const other = { requestId: requestId(), reference: 'dispute-1', won: true }
  expect(await codeOf(payments().settleChargeback(other, staff))).toBe('CHARGEBACK_DIFFERS')
})

test('a bank takes back no more than was paid, and passengers record nothing', async () => {
  const staff = loginTo(host, 'st@example.org', 'staff')
  const anna = loginTo(host, 'anna@example.org', 'passenger')
  const bookingId = BigInt(soldBooking(host, registered(host, 'ben@example.org')))
  const much = {
    ...{ requestId: requestId(), bookingId, amountMinor: 100_000_000n },
    ...{ reference: 'dispute-1', reason: '' },
  }
  expect(await codeOf(payments().recordChargeback(much, staff))).toBe('CHARGEBACK_TOO_HIGH')
  const asAnna = payments().recordChargeback({ ...much, requestId: requestId() }, anna)
  const error = await asAnna.then(() => undefined, ConnectError.from)
  expect(error?.code).toBe(Code.PermissionDenied)
})
