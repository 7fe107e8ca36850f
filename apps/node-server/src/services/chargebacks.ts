/** What banks take back, for staff. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type BookingState,
  type ChargebackView,
  findChargeback,
  info,
  listChargebacks,
} from '@quorail/booking-fsm'
import {
  ChargebackStatus,
  type PaymentService,
  RecordChargebackRequestSchema,
  SettleChargebackRequestSchema,
} from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import type { NodeHost } from '../host/types.ts'
import { money } from '../mapping/views.ts'
import { accountPrincipal, callerOf, requestKey, settleRead, submit } from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

type Chargebacks = Pick<
  ServiceImpl<typeof PaymentService>,
  'recordChargeback' | 'settleChargeback' | 'listChargebacks'
>

export function createChargebacks(host: NodeHost): Chargebacks {
  return {
    async recordChargeback(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'RecordChargeback',
        request.requestId,
        RecordChargebackRequestSchema,
        request,
      )
      const { reference, reason } = request
      const sums = {
        bookingId: Number(request.bookingId),
        amountMinor: Number(request.amountMinor),
      }
      const command = { type: 'recordChargeback', reference, reason, ...sums } as const
      await submit(host, accountId, key, command, 'done')
      return chargebackNow(host, reference)
    },

    async settleChargeback(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SettleChargeback',
        request.requestId,
        SettleChargebackRequestSchema,
        request,
      )
      const { reference, won } = request
      await submit(host, accountId, key, { type: 'settleChargeback', reference, won }, 'done')
      return chargebackNow(host, reference)
    },

    async listChargebacks(request) {
      await settleRead(host)
      const { state } = host
      const found = listChargebacks(state, request.limit || 100, Number(request.bookingId))
      return {
        chargebacks: found.map((it) => chargebackMessage(state, it)),
        index: appliedIndex(state),
      }
    },
  }
}

function chargebackNow({ state }: NodeHost, reference: string) {
  const view = findChargeback(state, reference)
  return view === undefined ? {} : { chargeback: chargebackMessage(state, view) }
}

function chargebackMessage(state: BookingState, view: ChargebackView) {
  const { reference, bookingId, paymentId, amountMinor, reason, status, settledAtMs } = view
  return {
    reference,
    bookingId: BigInt(bookingId),
    paymentId: BigInt(paymentId),
    amount: money(amountMinor, info(state).currency),
    reason,
    status: statuses[status],
    recordedAt: timestampFromMs(view.recordedAtMs),
    ...(settledAtMs > 0 && { settledAt: timestampFromMs(settledAtMs) }),
  }
}

const statuses: Readonly<Record<ChargebackView['status'], ChargebackStatus>> = {
  open: ChargebackStatus.OPEN,
  won: ChargebackStatus.WON,
  lost: ChargebackStatus.LOST,
}
