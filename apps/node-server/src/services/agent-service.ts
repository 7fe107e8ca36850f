/** Selling to others. */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { findBooking, type OutboxView, pendingPayOuts, tillOf } from '@quorail/booking-fsm'
import {
  type AgentService,
  CloseTillRequestSchema,
  CounterMeans,
  NameCustomerRequestSchema,
  OpenTillRequestSchema,
  PayAtCounterRequestSchema,
  PayOutRequestSchema,
  SetAgentRuleRequestSchema,
} from '@quorail/proto/quorail/booking/v1/agent_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import { normaliseEmail } from './account-changes.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

/** So many refunds are looked through for those that are the caller's. */
const mostPayOuts = 1_000
const shownPayOuts = 100

export function createAgentService({
  host,
}: ServiceDependencies): ServiceImpl<typeof AgentService> {
  const mine = (bookingId: number, accountId: number) =>
    findBooking(host.state, bookingId)?.accountId === accountId

  return {
    async nameCustomer(request, context) {
      const actor = callerOf(context).account.accountId
      const displayName = request.displayName.trim()
      if (displayName === '') throw invalidField('display_name', 'Who is it for?')
      const key = requestKey(
        accountPrincipal(actor),
        'NameCustomer',
        request.requestId,
        NameCustomerRequestSchema,
        request,
      )
      const customer = { displayName, email: normaliseEmail(request.email) }
      const bookingId = Number(request.bookingId)
      await submit(host, actor, key, { type: 'nameCustomer', bookingId, ...customer }, 'done')
      return {}
    },

    async openTill(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'OpenTill',
        request.requestId,
        OpenTillRequestSchema,
        request,
      )
      const command = { type: 'openTill', floatMinor: Number(request.floatMinor) } as const
      const { reply } = await submit(host, actor, key, command, 'tillOpened')
      return { tillId: BigInt(reply.tillId) }
    },

    async closeTill(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'CloseTill',
        request.requestId,
        CloseTillRequestSchema,
        request,
      )
      const command = { type: 'closeTill', countedMinor: Number(request.countedMinor) } as const
      const { reply } = await submit(host, actor, key, command, 'tillClosed')
      return {
        tillId: BigInt(reply.tillId),
        expectedMinor: BigInt(reply.expectedMinor),
        differenceMinor: BigInt(reply.differenceMinor),
      }
    },

    async getTill(_request, context) {
      const { accountId, role } = callerOf(context).account
      await settleRead(host)
      const till = tillOf(host.state, accountId)
      const payOuts = pendingPayOuts(host.state, mostPayOuts)
        .filter(({ bookingId }) => role !== 'agent' || mine(bookingId, accountId))
        .slice(0, shownPayOuts)
        .map(payOutMessage)
      if (till === undefined) return { payOuts }
      return {
        tillId: BigInt(till.tillId),
        openedAt: timestampFromMs(till.openedAtMs),
        floatMinor: BigInt(till.floatMinor),
        cashMinor: BigInt(till.cashMinor),
        payOuts,
      }
    },

    async payAtCounter(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'PayAtCounter',
        request.requestId,
        PayAtCounterRequestSchema,
        request,
      )
      const means = request.means === CounterMeans.CASH ? 'cash' : 'terminal'
      const { reference } = request
      if (means === 'cash' && reference !== '') throw invalidField('reference', 'Cash has none.')
      if (means === 'terminal' && reference === '') {
        throw invalidField('reference', 'What does the terminal say?')
      }
      const paid = { amountMinor: Number(request.amountMinor), means, reference } as const
      const bookingId = Number(request.bookingId)
      await submit(host, actor, key, { type: 'payAtCounter', bookingId, ...paid }, 'done')
      return {}
    },

    async payOut(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'PayOut',
        request.requestId,
        PayOutRequestSchema,
        request,
      )
      const { reference } = request
      const outboxId = Number(request.outboxId)
      await submit(host, actor, key, { type: 'payOut', outboxId, reference }, 'done')
      return {}
    },

    async setAgentRule(request, context) {
      const actor = callerOf(context).account.accountId
      const { validFrom, maxOpenHolds, commissionBasisPoints } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'From when on?')
      const key = requestKey(
        accountPrincipal(actor),
        'SetAgentRule',
        request.requestId,
        SetAgentRuleRequestSchema,
        request,
      )
      const accountId = Number(request.accountId)
      const rule = { validFromMs: timestampMs(validFrom), accountId, maxOpenHolds }
      const command = { type: 'setAgentRule', ...rule, commissionBasisPoints } as const
      await submit(host, actor, key, command, 'done')
      return {}
    },
  }
}

function payOutMessage({ outboxId, bookingId, amountMinor, providerReference }: OutboxView) {
  const isCash = providerReference.startsWith('cash:')
  return {
    outboxId: BigInt(outboxId),
    bookingId: BigInt(bookingId),
    amountMinor: BigInt(amountMinor),
    means: isCash ? CounterMeans.CASH : CounterMeans.TERMINAL,
  }
}
