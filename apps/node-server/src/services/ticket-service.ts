import { create } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  findBooking,
  info,
  type TicketVerdict,
  type TicketView,
  ticketKeys,
  ticketPayload,
  ticketsOf,
  travellersOn,
} from '@quorail/booking-fsm'
import {
  IssueTicketsRequestSchema,
  type TicketScan,
  TicketSchema,
  type TicketService,
  TicketVerdict as Verdict,
  WithdrawTicketKeyRequestSchema,
} from '@quorail/proto/quorail/booking/v1/ticket_service_pb'
import type { Principal } from '../auth/principal.ts'
import { unknownBooking } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import { registerTicketKey } from '../tickets/register-ticket-key.ts'
import type { TicketSigner } from '../tickets/ticket-signer.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

const verdicts: Readonly<Record<TicketVerdict, Verdict>> = {
  ok: Verdict.OK,
  duplicate: Verdict.DUPLICATE,
  voided: Verdict.VOIDED,
  wrongRun: Verdict.WRONG_RUN,
  wrongDay: Verdict.WRONG_DAY,
  wrongStretch: Verdict.WRONG_STRETCH,
}

export function createTicketService({
  host,
  ticketSigner,
}: ServiceDependencies): ServiceImpl<typeof TicketService> {
  return {
    async issueTickets(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'IssueTickets',
        request.requestId,
        IssueTicketsRequestSchema,
        request,
      )
      const { passengers } = request
      const command = { type: 'issueTickets', bookingId, passengers } as const
      await submit(host, accountId, key, command, 'ticketsIssued')
      return { tickets: await validTickets(host, ticketSigner, bookingId) }
    },

    async getTickets(request, context) {
      await settleRead(host)
      const bookingId = Number(request.bookingId)
      mustSee(host, callerOf(context), bookingId)
      return { tickets: await validTickets(host, ticketSigner, bookingId) }
    },

    async listTicketKeys() {
      await settleRead(host)
      return {
        keys: ticketKeys(host.state).map(({ keyId, publicKey, withdrawnAtMs }) => ({
          keyId,
          publicKey,
          withdrawnAt: optionalTime(withdrawnAtMs),
        })),
        clusterId: info(host.state).clusterId,
      }
    },

    async uploadScans({ deviceId, scans }, context) {
      const { accountId } = callerOf(context).account
      const results = []
      // One after the other: of two scans of a ticket the earlier one is the good one.
      for (const scan of scans) results.push(await upload(host, accountId, deviceId, scan))
      return { results }
    },

    async listTravellers(request) {
      await settleRead(host)
      const travellers = travellersOn(host.state, Number(request.runId)).filter(
        ({ inspectedAtMs }) => !request.notSeenOnly || inspectedAtMs === 0,
      )
      return {
        travellers: travellers.map(({ bookingId, inspectedAtMs, ...rest }) => ({
          ...rest,
          bookingId: BigInt(bookingId),
          inspectedAt: optionalTime(inspectedAtMs),
        })),
      }
    },

    async withdrawTicketKey(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'WithdrawTicketKey',
        request.requestId,
        WithdrawTicketKeyRequestSchema,
        request,
      )
      const command = { type: 'withdrawTicketKey', keyId: request.keyId } as const
      await submit(host, accountId, key, command, 'done')
      return {}
    },
  }
}

/** The same answer for "not yours" and "does not exist"; staff see them all. */
function mustSee(host: NodeHost, { account }: Principal, bookingId: number): void {
  const booking = findBooking(host.state, bookingId)
  const sees = account.role === 'staff' || account.role === 'operator'
  if (booking === undefined || (!sees && booking.accountId !== account.accountId)) {
    throw unknownBooking()
  }
}

async function validTickets(host: NodeHost, signer: TicketSigner | undefined, bookingId: number) {
  const tickets = ticketsOf(host.state, bookingId).filter(({ voidedAtMs }) => voidedAtMs === 0)
  const signs =
    signer !== undefined && tickets.length > 0 && (await mayBeSigned(host, signer))
      ? signer
      : undefined
  return tickets.map((ticket) => ticketMessage(host, signs, ticket))
}

async function mayBeSigned(host: NodeHost, signer: TicketSigner): Promise<boolean> {
  return registerTicketKey(host, signer).catch((error: unknown) => {
    throw raftFailure(error, host.leader())
  })
}

function ticketMessage(host: NodeHost, signer: TicketSigner | undefined, ticket: TicketView) {
  const { ticketNumber, bookingId, position, version, issuedAtMs, inspectedAtMs } = ticket
  const payload = ticketPayload(host.state, bookingId, position)
  return create(TicketSchema, {
    ticketNumber,
    bookingId: BigInt(bookingId),
    position,
    version,
    issuedAt: timestampFromMs(issuedAtMs),
    code: signer === undefined || payload === undefined ? '' : signer.sign(payload),
    inspectedAt: optionalTime(inspectedAtMs),
  })
}

/** A number that nobody knows is a verdict too: it must not stop those behind it. */
async function upload(host: NodeHost, actor: number, deviceId: string, scan: TicketScan) {
  const { scanId, ticketNumber, stop } = scan
  const command = {
    type: 'inspectTicket',
    ticketNumber: ticketNumber.trim().toUpperCase(),
    runId: Number(scan.runId),
    stop,
    atMs: scan.at === undefined ? 0 : timestampMs(scan.at),
    deviceId,
    scanId,
  } as const
  const { reply } = await host
    .submit({ actor, key: undefined, command })
    .catch((error: unknown) => {
      throw raftFailure(error, host.leader())
    })
  if (reply.type === 'refused' && reply.code === 'ticketNotFound') {
    return { scanId, verdict: Verdict.UNKNOWN }
  }
  if (reply.type === 'refused') throw refusalError(reply)
  if (reply.type !== 'ticketInspected') throw new Error(`unexpected reply ${reply.type}`)
  return {
    scanId,
    verdict: verdicts[reply.verdict],
    earlierAt: optionalTime(reply.earlierAtMs),
    earlierStop: reply.earlierStop,
    earlierDeviceId: reply.earlierDeviceId,
  }
}

const optionalTime = (ms: number) => (ms === 0 ? undefined : timestampFromMs(ms))
