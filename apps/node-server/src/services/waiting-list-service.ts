import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { manifest, type WaitingChoice } from '@quorail/booking-fsm'
import {
  CloseChartRequestSchema,
  JoinWaitingListRequestSchema,
  LeaveWaitingListRequestSchema,
  SetWaitingRuleRequestSchema,
  type WaitingJourney,
  type WaitingListService,
} from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { invalidField, unknownRun } from '../errors/door-errors.ts'
import { ownBooking, passengersOf } from './booking-view.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

/** A quarter of the places. */
const USUAL_CAP = 2_500

export function createWaitingListService({
  host,
}: ServiceDependencies): ServiceImpl<typeof WaitingListService> {
  return {
    async joinWaitingList(request, context) {
      const { accountId } = callerOf(context).account
      const { wanted, deadline } = request
      if (wanted === undefined) throw invalidField('wanted', 'Say what is waited for.')
      if (deadline === undefined) throw invalidField('deadline', 'Say until when it is wanted.')
      const key = requestKey(
        accountPrincipal(accountId),
        'JoinWaitingList',
        request.requestId,
        JoinWaitingListRequestSchema,
        request,
      )
      const command = {
        type: 'joinWaitingList',
        ...choiceOf(wanted),
        passengers: passengersOf(request),
        deadlineMs: timestampMs(deadline),
        alternatives: request.alternatives.map(choiceOf),
        maxPriceMinor: Number(request.maxPriceMinor),
      } as const
      const { reply, index } = await submit(host, accountId, key, command, 'waitingListJoined')
      return {
        booking: ownBooking(host, accountId, reply.bookingId),
        index: BigInt(index),
        now: timestampFromMs(host.nowMs()),
      }
    },

    async leaveWaitingList(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'LeaveWaitingList',
        request.requestId,
        LeaveWaitingListRequestSchema,
        request,
      )
      await submit(host, accountId, key, { type: 'leaveWaitingList', bookingId }, 'done')
      return { booking: ownBooking(host, accountId, bookingId) }
    },

    async closeChart(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'CloseChart',
        request.requestId,
        CloseChartRequestSchema,
        request,
      )
      const runId = Number(request.runId)
      await submit(host, accountId, key, { type: 'closeChart', runId }, 'done')
      return {}
    },

    async setWaitingRule(request, context) {
      const { accountId } = callerOf(context).account
      const { validFrom, capBasisPoints = USUAL_CAP } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      const key = requestKey(
        accountPrincipal(accountId),
        'SetWaitingRule',
        request.requestId,
        SetWaitingRuleRequestSchema,
        request,
      )
      const command = {
        type: 'setWaitingRule',
        validFromMs: timestampMs(validFrom),
        capBasisPoints,
        chartBeforeDepartureMs: request.chartMinutesBeforeDeparture * 60_000,
        promotedHoldMs: request.promotedHoldSeconds * 1_000,
      } as const
      await submit(host, accountId, key, command, 'done')
      return {}
    },

    async getManifest(request) {
      await settleRead(host)
      const found = manifest(host.state, Number(request.runId))
      if (found === undefined) throw unknownRun()
      const { runId, closesAtMs, closed, waiting, passengers } = found
      return {
        runId: BigInt(runId),
        ...(closesAtMs > 0 && { closesAt: timestampFromMs(closesAtMs) }),
        closed,
        waiting,
        passengers: passengers.map((line) => ({
          ...line,
          // Without a label it says nothing.
          seat: Math.max(line.seat, 0),
          bookingId: BigInt(line.bookingId),
        })),
        index: appliedIndex(host.state),
        now: timestampFromMs(host.nowMs()),
      }
    },
  }
}

function choiceOf({ runId, pool, onlyPool, shared, ...journey }: WaitingJourney): WaitingChoice {
  const { fromStop, toStop, classCode } = journey
  return {
    ...{ runId: Number(runId), fromStop, toStop, classCode },
    ...(pool !== '' && { pool }),
    ...(onlyPool && { onlyPool }),
    ...(shared && { shared }),
  }
}
