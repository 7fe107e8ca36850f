import type { ServiceImpl } from '@connectrpc/connect'
import type { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { createBookingPlans } from './booking-plans.ts'
import { createChargebacks } from './chargebacks.ts'
import { callerOf, type ServiceDependencies } from './dependencies.ts'
import { carryOut } from './plan.ts'

/** Logs intents; the leader's outbox does what follows. */
export function createPaymentService({
  host,
}: ServiceDependencies): ServiceImpl<typeof PaymentService> {
  const plans = createBookingPlans(host)
  return {
    ...createChargebacks(host),
    pay: (request, context) => carryOut(host, plans.pay(request, callerOf(context))),
  }
}
