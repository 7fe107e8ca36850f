import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type PaymentService,
  PayRequestSchema,
} from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { ownBooking } from './booking-service.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  submit,
} from './dependencies.ts'

/** Logs intents; the leader's outbox does what follows. */
export function createPaymentService({
  host,
}: ServiceDependencies): ServiceImpl<typeof PaymentService> {
  return {
    async pay(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'Pay',
        request.requestId,
        PayRequestSchema,
        request,
      )
      const command = {
        type: 'startPayment',
        bookingId,
        paymentToken: request.paymentToken,
        amountMinor: Number(request.amountMinor),
      } as const
      const { index } = await submit(host, accountId, key, command, 'paymentStarted')
      return {
        booking: ownBooking(host, accountId, bookingId),
        index: BigInt(index),
        now: timestampFromMs(host.nowMs()),
      }
    },
  }
}
