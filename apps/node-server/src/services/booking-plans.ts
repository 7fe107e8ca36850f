import type { DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { Command } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import type { Principal } from '../auth/principal.ts'
import type { NodeHost, Submission } from '../host/types.ts'
import { preferencesOf } from '../mapping/seats.ts'
import { ownBooking, passengersOf } from './booking-view.ts'
import { accountPrincipal, requestKey } from './dependencies.ts'
import { type Plan, planned } from './plan.ts'
import { quoted } from './quoted.ts'

export type Planner<Method extends DescMethodUnary> = (
  request: MessageShape<Method['input']>,
  caller: Principal,
) => Plan<MessageInitShape<Method['output']>>

export type BookingPlans = ReturnType<typeof createBookingPlans>

/** The calls of which a program makes many: from the request to the command, and from the reply to the answer. */
export function createBookingPlans(host: NodeHost) {
  const { holdSeats, releaseHold, extendHold, cancelBooking, confirmBooking } =
    BookingService.method
  const { pay } = PaymentService.method

  const plans = {
    holdSeats(request, caller) {
      const submission = submissionOf(holdSeats, request, caller, {
        type: 'holdSeats',
        runId: Number(request.runId),
        fromStop: request.fromStop,
        toStop: request.toStop,
        classCode: request.classCode,
        passengers: passengersOf(request),
        seats: request.seats,
        preferences: preferencesOf(request.preferences),
        expectedPriceMinor:
          request.expectedPriceMinor === undefined ? undefined : Number(request.expectedPriceMinor),
        pool: request.pool || undefined,
        product: request.product || undefined,
      })
      const plan = planned(submission, 'seatsHeld', ({ bookingId }, index) => {
        const now = timestampFromMs(host.nowMs())
        return { booking: ownBooking(host, submission.actor, bookingId), index: BigInt(index), now }
      })
      return quoted(plan, request.quotedUntil, () => host.nowMs())
    },

    releaseHold(request, caller) {
      const bookingId = Number(request.bookingId)
      const command = { type: 'releaseHold', bookingId } as const
      const submission = submissionOf(releaseHold, request, caller, command)
      return planned(submission, 'done', (_reply, index) => ({
        booking: ownBooking(host, submission.actor, bookingId),
        index: BigInt(index),
      }))
    },

    extendHold(request, caller) {
      const bookingId = Number(request.bookingId)
      const command = { type: 'extendHold', bookingId } as const
      const submission = submissionOf(extendHold, request, caller, command)
      return planned(submission, 'holdExtended', () => ({
        booking: ownBooking(host, submission.actor, bookingId),
      }))
    },

    cancelBooking(request, caller) {
      const bookingId = Number(request.bookingId)
      const expectedRefundMinor = Number(request.expectedRefundMinor)
      const command = { type: 'cancelBooking', bookingId, expectedRefundMinor } as const
      const submission = submissionOf(cancelBooking, request, caller, command)
      return planned(submission, 'bookingCancelled', (_reply, index) => ({
        booking: ownBooking(host, submission.actor, bookingId),
        index: BigInt(index),
      }))
    },

    confirmBooking(request, caller) {
      const bookingId = Number(request.bookingId)
      const command = { type: 'confirmBooking', bookingId } as const
      const submission = submissionOf(confirmBooking, request, caller, command)
      return planned(submission, 'done', () => ({
        booking: ownBooking(host, submission.actor, bookingId),
      }))
    },

    pay(request, caller) {
      const bookingId = Number(request.bookingId)
      const submission = submissionOf(pay, request, caller, {
        type: 'startPayment',
        bookingId,
        paymentToken: request.paymentToken,
        amountMinor: Number(request.amountMinor),
      })
      return planned(submission, 'paymentStarted', (_reply, index) => ({
        booking: ownBooking(host, submission.actor, bookingId),
        index: BigInt(index),
        now: timestampFromMs(host.nowMs()),
      }))
    },
  } satisfies {
    holdSeats: Planner<typeof holdSeats>
    releaseHold: Planner<typeof releaseHold>
    extendHold: Planner<typeof extendHold>
    cancelBooking: Planner<typeof cancelBooking>
    confirmBooking: Planner<typeof confirmBooking>
    pay: Planner<typeof pay>
  }
  return plans
}

/** The same plans by the names that calls in a stream have. */
export function plansByMethod(plans: BookingPlans): ReadonlyMap<string, Planner<DescMethodUnary>> {
  const byMethod = new Map<string, Planner<DescMethodUnary>>()
  for (const service of [BookingService, PaymentService])
    for (const [name, { name: method }] of Object.entries(service.method)) {
      const plan = plans[name as keyof BookingPlans] as unknown as
        | Planner<DescMethodUnary>
        | undefined
      if (plan !== undefined) byMethod.set(`${service.typeName}/${method}`, plan)
    }
  return byMethod
}

/** The key's content is the request as the client sent it. */
function submissionOf<Method extends DescMethodUnary>(
  { name, input }: Method,
  request: MessageShape<Method['input']> & { readonly requestId: string },
  { account: { accountId } }: Principal,
  command: Command,
): Submission {
  const key = requestKey(accountPrincipal(accountId), name, request.requestId, input, request)
  return { actor: accountId, key, command }
}
