import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { findBooking, info, refundQuote } from '@quorail/booking-fsm'
import {
  AcceptRefundRequestSchema,
  type BookingService,
  HoldExchangeRequestSchema,
  type HoldTripRequest,
  HoldTripRequestSchema,
  OfferRefundRequestSchema,
  PayRefundRequestSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { unknownBooking } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import { preferencesOf } from '../mapping/seats.ts'
import { bookingMessage, money, refundOfferMessage } from '../mapping/views.ts'
import { findAllOf, findAnywhere } from './archived-bookings.ts'
import { createBookingPlans } from './booking-plans.ts'
import { ownBooking, passengersOf } from './booking-view.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { carryOut, planned } from './plan.ts'
import { quoted } from './quoted.ts'
import { appliedIndex } from './timetable-answers.ts'

export function createBookingService(
  deps: ServiceDependencies,
): ServiceImpl<typeof BookingService> {
  const { host } = deps
  const plans = createBookingPlans(host)
  return {
    holdSeats: (request, context) => carryOut(host, plans.holdSeats(request, callerOf(context))),

    async holdTrip(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'HoldTrip',
        request.requestId,
        HoldTripRequestSchema,
        request,
      )
      const legs = request.legs.map(
        ({ runId, fromStop, toStop, classCode, seats, preferences, pool, product }) => ({
          runId: Number(runId),
          fromStop,
          toStop,
          classCode,
          seats,
          preferences: preferencesOf(preferences),
          pool: pool || undefined,
          product: product || undefined,
        }),
      )
      const command = {
        type: 'holdTrip',
        legs,
        passengers: passengersOf(request),
        expectedPriceMinor: priceOrNone(request),
      } as const
      const submission = { actor: accountId, key, command }
      const plan = planned(submission, 'tripHeld', ({ legs }, index) => ({
        bookings: legs.map(({ bookingId }) => ownBooking(host, accountId, bookingId)),
        index: BigInt(index),
        now: timestampFromMs(host.nowMs()),
      }))
      return carryOut(
        host,
        quoted(plan, request.quotedUntil, () => host.nowMs()),
      )
    },

    releaseHold: (request, context) =>
      carryOut(host, plans.releaseHold(request, callerOf(context))),

    extendHold: (request, context) => carryOut(host, plans.extendHold(request, callerOf(context))),

    async getBooking(request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      const found = await findAnywhere(deps, Number(request.bookingId))
      if (found?.booking.accountId !== accountId) throw unknownBooking()
      return {
        booking: bookingMessage(found.state, found.booking),
        index: appliedIndex(host.state),
        now: timestampFromMs(host.nowMs()),
      }
    },

    async listBookings(request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      const found = await findAllOf(deps, accountId, request.limit || 50)
      return {
        bookings: found.map(({ state, booking }) => bookingMessage(state, booking)),
        index: appliedIndex(host.state),
        now: timestampFromMs(host.nowMs()),
      }
    },

    async quoteRefund(request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      ownBooking(host, accountId, bookingId)
      const quoted = refundQuote(host.state, bookingId, host.nowMs())
      if (quoted === undefined) throw refusalError(notCancellable(host, bookingId))
      const { currency } = info(host.state)
      return {
        price: money(quoted.priceMinor, currency),
        refund: money(quoted.refundMinor, currency),
        validUntil: timestampFromMs(quoted.validUntilMs),
        now: timestampFromMs(host.nowMs()),
      }
    },

    cancelBooking: (request, context) =>
      carryOut(host, plans.cancelBooking(request, callerOf(context))),

    async offerRefund(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'OfferRefund',
        request.requestId,
        OfferRefundRequestSchema,
        request,
      )
      const { passengers } = request
      const command = { type: 'offerRefund', bookingId, passengers } as const
      const { reply } = await submit(host, accountId, key, command, 'refundOffered')
      const offer = refundOfferMessage(reply, info(host.state).currency)
      const booking = ownBooking(host, accountId, bookingId)
      return { booking, offer, now: timestampFromMs(host.nowMs()) }
    },

    async acceptRefund(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'AcceptRefund',
        request.requestId,
        AcceptRefundRequestSchema,
        request,
      )
      const { payLater } = request
      const offerId = Number(request.offerId)
      const command = { type: 'acceptRefund', bookingId, offerId, payLater } as const
      await submit(host, accountId, key, command, 'bookingCancelled')
      return { booking: ownBooking(host, accountId, bookingId) }
    },

    async holdExchange(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'HoldExchange',
        request.requestId,
        HoldExchangeRequestSchema,
        request,
      )
      const { wheelchairPlaces } = request
      const command = {
        type: 'holdExchange',
        bookingId: Number(request.bookingId),
        runId: Number(request.runId),
        fromStop: request.fromStop,
        toStop: request.toStop,
        classCode: request.classCode,
        seats: request.seats,
        product: request.product || undefined,
        ...(wheelchairPlaces !== undefined && { wheelchairPlaces }),
      } as const
      const { reply, index } = await submit(host, accountId, key, command, 'exchangeHeld')
      const now = timestampFromMs(host.nowMs())
      return { booking: ownBooking(host, accountId, reply.bookingId), index: BigInt(index), now }
    },

    confirmBooking: (request, context) =>
      carryOut(host, plans.confirmBooking(request, callerOf(context))),

    async payRefund(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'PayRefund',
        request.requestId,
        PayRefundRequestSchema,
        request,
      )
      const command = { type: 'payRefund', bookingId } as const
      const { reply } = await submit(host, accountId, key, command, 'refundQueued')
      return { refund: money(reply.refundMinor, info(host.state).currency) }
    },
  }
}

function priceOrNone({ expectedPriceMinor }: HoldTripRequest) {
  return expectedPriceMinor === undefined ? undefined : Number(expectedPriceMinor)
}

function notCancellable(host: NodeHost, bookingId: number) {
  const status = findBooking(host.state, bookingId)?.status
  const code =
    status === 'cancelled'
      ? 'alreadyCancelled'
      : status === 'confirmed'
        ? 'runDeparted'
        : 'notConfirmed'
  return { type: 'refused', code, seats: [], figure: 0, field: '' } as const
}
