import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  findBooking,
  findDisruption,
  findOverride,
  listDelays,
  listDisruptions,
  listOverrides,
  previewConsist,
} from '@quorail/booking-fsm'
import {
  CancelRunRequestSchema,
  ChangeConsistRequestSchema,
  DecideOverrideRequestSchema,
  type DisruptionService,
  OverrideRefundRequestSchema,
  RebookFreeRequestSchema,
  RecordDelayRequestSchema,
  SetCompensationRuleRequestSchema,
  TakeRefundRequestSchema,
} from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import { internalError, invalidField } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import { consistChangeOf, previewMessage } from '../mapping/consists.ts'
import {
  delayMessage,
  disruptionMessage,
  overrideMessage,
  reasonWord,
} from '../mapping/disruptions.ts'
import { bookingMessage } from '../mapping/views.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

const HOUR_MS = 3_600_000

export function createDisruptionService({
  host,
}: ServiceDependencies): ServiceImpl<typeof DisruptionService> {
  return {
    async cancelRun(request, context) {
      const { accountId } = callerOf(context).account
      const reason = reasonWord(request.reason)
      if (reason === undefined) throw invalidField('reason', 'A reason is needed.')
      const key = requestKey(
        accountPrincipal(accountId),
        'CancelRun',
        request.requestId,
        CancelRunRequestSchema,
        request,
      )
      const { fromStop } = request
      const command = { type: 'cancelRun', runId: Number(request.runId), fromStop, reason } as const
      const { reply } = await submit(host, accountId, key, command, 'disruptionBegun')
      const begun = findDisruption(host.state, reply.disruptionId)
      return begun === undefined ? {} : { disruption: disruptionMessage(begun) }
    },

    async previewConsist({ change }) {
      await settleRead(host)
      if (change === undefined) throw invalidField('change', 'Say what is to change.')
      const { state } = host
      const preview = previewConsist(state, consistChangeOf(change))
      if ('type' in preview) throw refusalError(preview)
      return previewMessage(state, preview, appliedIndex(state))
    },

    async changeConsist(request, context) {
      const { accountId } = callerOf(context).account
      const reason = reasonWord(request.reason)
      if (reason === undefined) throw invalidField('reason', 'A reason is needed.')
      if (request.change === undefined) throw invalidField('change', 'Say what is to change.')
      const key = requestKey(
        accountPrincipal(accountId),
        'ChangeConsist',
        request.requestId,
        ChangeConsistRequestSchema,
        request,
      )
      const change = consistChangeOf(request.change)
      const command = { type: 'changeConsist', ...change, reason } as const
      const { reply } = await submit(host, accountId, key, command, 'disruptionBegun')
      const begun = findDisruption(host.state, reply.disruptionId)
      return begun === undefined ? {} : { disruption: disruptionMessage(begun) }
    },

    async recordDelay(request, context) {
      const { accountId } = callerOf(context).account
      const reason = reasonWord(request.reason)
      if (reason === undefined) throw invalidField('reason', 'A reason is needed.')
      const key = requestKey(
        accountPrincipal(accountId),
        'RecordDelay',
        request.requestId,
        RecordDelayRequestSchema,
        request,
      )
      const { stop, lateMinutes, final } = request
      const runId = Number(request.runId)
      const command = { type: 'recordDelay', runId, stop, lateMinutes, final, reason } as const
      const { reply } = await submit(host, accountId, key, command, 'disruptionBegun')
      const begun = findDisruption(host.state, reply.disruptionId)
      return begun === undefined ? {} : { disruption: disruptionMessage(begun) }
    },

    async listDelays(request) {
      await settleRead(host)
      const { state } = host
      return {
        delays: listDelays(state, request.limit || 100).map(delayMessage),
        index: appliedIndex(state),
      }
    },

    async listDisruptions(request) {
      await settleRead(host)
      const { state } = host
      return {
        disruptions: listDisruptions(state, request.limit || 100).map(disruptionMessage),
        index: appliedIndex(state),
      }
    },

    async setCompensationRule(request, context) {
      const { accountId } = callerOf(context).account
      if (request.validFrom === undefined) {
        throw invalidField('valid_from', 'A rule needs an instant.')
      }
      const key = requestKey(
        accountPrincipal(accountId),
        'SetCompensationRule',
        request.requestId,
        SetCompensationRuleRequestSchema,
        request,
      )
      const command = {
        type: 'setCompensationRule',
        validFromMs: timestampMs(request.validFrom),
        choiceMs: request.choiceHours * HOUR_MS,
        rebookMs: request.rebookHours * HOUR_MS,
        minimumMinor: Number(request.minimumMinor),
        maximumMinor: Number(request.maximumMinor),
        bands: request.bands.map(({ fromMinutes, basisPoints }) => ({ fromMinutes, basisPoints })),
      } as const
      await submit(host, accountId, key, command, 'done')
      return {}
    },

    async overrideRefund(request, context) {
      const { accountId } = callerOf(context).account
      const reason = reasonWord(request.reason)
      if (reason === undefined) throw invalidField('reason', 'A reason is needed.')
      const key = requestKey(
        accountPrincipal(accountId),
        'OverrideRefund',
        request.requestId,
        OverrideRefundRequestSchema,
        request,
      )
      const { bookingId, passengers, amountMinor, note } = request
      const command = {
        type: 'overrideRefund',
        bookingId: Number(bookingId),
        passengers: [...passengers],
        amountMinor: Number(amountMinor),
        reason,
        note: note.trim(),
      } as const
      const { reply } = await submit(host, accountId, key, command, 'refundOverridden')
      return overrideNow(host, reply.overrideId)
    },

    async decideOverride(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'DecideOverride',
        request.requestId,
        DecideOverrideRequestSchema,
        request,
      )
      const overrideId = Number(request.overrideId)
      const command = { type: 'decideOverride', overrideId, approve: request.approve } as const
      await submit(host, accountId, key, command, 'refundOverridden')
      return overrideNow(host, overrideId)
    },

    async listOverrides(request) {
      await settleRead(host)
      const { state } = host
      return {
        overrides: listOverrides(state, request.limit || 100).map((it) =>
          overrideMessage(state, it),
        ),
        index: appliedIndex(state),
      }
    },

    async rebookFree(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'RebookFree',
        request.requestId,
        RebookFreeRequestSchema,
        request,
      )
      const { runId, fromStop, toStop, seats } = request
      const journey = { runId: Number(runId), fromStop, toStop, seats: [...seats] }
      const command = { type: 'rebookFree', bookingId, ...journey } as const
      await submit(host, accountId, key, command, 'rebooked')
      return { booking: bookingNow(host, bookingId) }
    },

    async takeRefund(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'TakeRefund',
        request.requestId,
        TakeRefundRequestSchema,
        request,
      )
      const command = { type: 'takeRefund', bookingId } as const
      await submit(host, accountId, key, command, 'bookingCancelled')
      return { booking: bookingNow(host, bookingId) }
    },
  }
}

function overrideNow({ state }: NodeHost, overrideId: number) {
  const view = findOverride(state, overrideId)
  return view === undefined ? {} : { override: overrideMessage(state, view) }
}

/** Of a command that was done on it: the caller may see it. */
function bookingNow(host: NodeHost, bookingId: number) {
  const view = findBooking(host.state, bookingId)
  if (view === undefined) throw internalError(new Error(`booking ${bookingId} is gone`))
  return bookingMessage(host.state, view)
}
