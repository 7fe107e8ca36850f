import { info, ledgerReport, type Orphan } from '@quorail/booking-fsm'
import {
  type GetLedgerReportRequest,
  LedgerOrphanReason,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import type { NodeHost } from '../host/types.ts'
import { money } from '../mapping/views.ts'
import { settleRead } from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

const reasons: Readonly<Record<Orphan['why'], LedgerOrphanReason>> = {
  notSold: LedgerOrphanReason.NOT_SOLD,
  notPaid: LedgerOrphanReason.NOT_PAID,
  paidTwice: LedgerOrphanReason.PAID_TWICE,
  refundedTooMuch: LedgerOrphanReason.REFUNDED_TOO_MUCH,
}

/** A portion of the bookings at a time, so that nobody waits for it. */
export async function readLedgerReport(host: NodeHost, request: GetLedgerReportRequest) {
  await settleRead(host)
  const { state } = host
  const { currency } = info(state)
  const after = Number(request.afterBookingId)
  const report = ledgerReport(state, after, request.limit || 1_000)
  return {
    balances: Object.entries(report.totals).map(([account, minor]) => ({
      account,
      balance: money(minor, currency),
    })),
    orphans: report.orphans.map(({ bookingId, paymentId, amountMinor, why }) => ({
      bookingId: BigInt(bookingId),
      paymentId: BigInt(paymentId),
      amount: money(amountMinor, currency),
      reason: reasons[why],
    })),
    nextAfterBookingId: BigInt(report.nextAfterBookingId),
    index: appliedIndex(state),
  }
}
