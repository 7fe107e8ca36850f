import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { type Command, listBlocks, poolsOf, type Reply } from '@quorail/booking-fsm'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  BlockSeatsRequestSchema,
  MoveQuotaRequestSchema,
  type SeatService,
  SetOverbookingRuleRequestSchema,
  SetQuotasRequestSchema,
  SetSeatPromiseRuleRequestSchema,
  SetSeatRuleRequestSchema,
  UnblockSeatsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { invalidField, unknownRun } from '../errors/door-errors.ts'
import { overrideReasons, reasonMessages } from '../mapping/override-reasons.ts'
import { dateText } from '../mapping/views.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { appliedIndex, dateNumber } from './timetable-answers.ts'

const minuteMs = 60_000
const roles = {
  [AccountRole.UNSPECIFIED]: 'passenger',
  [AccountRole.PASSENGER]: 'passenger',
  [AccountRole.STAFF]: 'staff',
  [AccountRole.OPERATOR]: 'operator',
  [AccountRole.AGENT]: 'agent',
  [AccountRole.GUEST]: 'guest',
} as const
const roleMessages = {
  passenger: AccountRole.PASSENGER,
  staff: AccountRole.STAFF,
  operator: AccountRole.OPERATOR,
  agent: AccountRole.AGENT,
  guest: AccountRole.GUEST,
} as const

export function createSeatService({ host }: ServiceDependencies): ServiceImpl<typeof SeatService> {
  /** Puts the command into the log under the caller's request. */
  const send = async <Desc extends DescMessage, Type extends Reply['type']>(
    context: HandlerContext,
    method: string,
    schema: Desc,
    request: MessageShape<Desc> & { readonly requestId: string },
    command: Command,
    expected: Type,
  ) => {
    const { accountId } = callerOf(context).account
    const principal = accountPrincipal(accountId)
    const key = requestKey(principal, method, request.requestId, schema, request)
    return (await submit(host, accountId, key, command, expected)).reply
  }
  return {
    async setSeatRule(request, context) {
      const { validFrom, wheelchairReleaseMinutes, choiceLimits } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      const command = {
        type: 'setSeatRule',
        validFromMs: timestampMs(validFrom),
        wheelchairReleaseMs: wheelchairReleaseMinutes * minuteMs,
        choiceLimits: choiceLimits.map((of) => ({
          classCode: of.classCode,
          fromLoadBasisPoints: of.fromLoadBasisPoints,
          offeredBasisPoints: of.offeredBasisPoints,
        })),
      } as const
      await send(context, 'SetSeatRule', SetSeatRuleRequestSchema, request, command, 'done')
      return {}
    },

    async setSeatPromiseRule(request, context) {
      const { validFrom, chartBeforeMinutes, lines } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      const command = {
        type: 'setSeatPromiseRule',
        validFromMs: timestampMs(validFrom),
        chartBeforeDepartureMs: chartBeforeMinutes * minuteMs,
        lines: lines.map(({ trainNumber, classCode, promised }) => ({
          trainNumber,
          classCode,
          promised,
        })),
      } as const
      const schema = SetSeatPromiseRuleRequestSchema
      await send(context, 'SetSeatPromiseRule', schema, request, command, 'done')
      return {}
    },

    async setOverbookingRule(request, context) {
      const { validFrom, lines } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      const command = {
        type: 'setOverbookingRule',
        validFromMs: timestampMs(validFrom),
        lines: lines.map(({ trainNumber, classCode, basisPoints }) => ({
          trainNumber,
          classCode,
          basisPoints,
        })),
      } as const
      const schema = SetOverbookingRuleRequestSchema
      await send(context, 'SetOverbookingRule', schema, request, command, 'done')
      return {}
    },

    async blockSeats(request, context) {
      const command = {
        type: 'blockSeats',
        runId: Number(request.runId),
        trainId: Number(request.trainId),
        fromDate: dateOrNone(request.fromDate, 'from_date'),
        toDate: dateOrNone(request.toDate, 'to_date'),
        seats: request.seats,
        reason: overrideReasons[request.reason],
        ...(request.shared && { shared: true }),
      } as const
      const schema = BlockSeatsRequestSchema
      const reply = await send(context, 'BlockSeats', schema, request, command, 'seatsBlocked')
      return { blockId: BigInt(reply.blockId) }
    },

    async unblockSeats(request, context) {
      const blockId = Number(request.blockId)
      const command = {
        type: 'unblockSeats',
        blockId,
        reason: overrideReasons[request.reason],
      } as const
      await send(context, 'UnblockSeats', UnblockSeatsRequestSchema, request, command, 'done')
      return {}
    },

    async listBlocks(request) {
      await settleRead(host)
      const blocks = listBlocks(host.state, Number(request.trainId)).map((block) => ({
        blockId: BigInt(block.blockId),
        trainId: BigInt(block.trainId),
        runId: BigInt(block.runId),
        fromDate: dateText(block.fromDate),
        toDate: dateText(block.toDate),
        seats: [...block.seats],
        reason: reasonMessages[block.reason],
        at: timestampFromMs(block.atMs),
        shared: block.shared,
      }))
      return { blocks, index: appliedIndex(host.state) }
    },

    async setQuotas(request, context) {
      const command = {
        type: 'setQuotas',
        runId: Number(request.runId),
        trainId: Number(request.trainId),
        fromDate: dateOrNone(request.fromDate, 'from_date'),
        classCode: request.classCode,
        pools: request.pools.map((pool) => ({
          code: pool.code,
          capacity: pool.capacity,
          roles: pool.roles.map((role) => roles[role]),
          passengerTypes: pool.passengerTypes,
          releaseBeforeDepartureMs: pool.releaseMinutesBeforeDeparture * minuteMs,
        })),
      } as const
      await send(context, 'SetQuotas', SetQuotasRequestSchema, request, command, 'done')
      return {}
    },

    async moveQuota(request, context) {
      const { classCode, fromPool, toPool, count } = request
      const runId = Number(request.runId)
      const command = { type: 'moveQuota', runId, classCode, fromPool, toPool, count } as const
      await send(context, 'MoveQuota', MoveQuotaRequestSchema, request, command, 'done')
      return {}
    },

    async getQuotas(request) {
      await settleRead(host)
      const pools = poolsOf(host.state, Number(request.runId), host.nowMs())
      if (pools === undefined) throw unknownRun()
      return {
        pools: pools.map(({ classCode, pool, released, used }) => ({
          classCode,
          pool: {
            code: pool.code,
            capacity: pool.capacity,
            roles: pool.roles.map((role) => roleMessages[role]),
            passengerTypes: [...pool.passengerTypes],
            releaseMinutesBeforeDeparture: Math.floor(pool.releaseBeforeDepartureMs / minuteMs),
          },
          released,
          used,
        })),
        index: appliedIndex(host.state),
      }
    },
  }
}

function dateOrNone(date: string, field: string): number {
  return date === '' ? 0 : dateNumber(date, field)
}
