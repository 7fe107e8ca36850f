/** Buying without an account. */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { bookingIdsOf, findAccount, findBookingByPnr } from '@quorail/booking-fsm'
import {
  ClaimGuestRequestSchema,
  type GuestService,
  OpenGuestRequestSchema,
  SetGuestRuleRequestSchema,
} from '@quorail/proto/quorail/booking/v1/guest_service_pb'
import { callerAddressKey } from '../auth/rate-interceptor.ts'
import { newSessionToken, sessionCookieHeader, tokenHash } from '../auth/sessions.ts'
import { invalidField, loginThrottled } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import { normaliseEmail } from './account-changes.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

const dayMs = 86_400_000
/** A guest's session is for buying; the link opens another one. */
const guestSessionMs = dayMs
/** So long a request may be repeated for the session; then only the link opens it. */
const repeatMs = 600_000

export function createGuestService({
  host,
  throttle,
  secureCookies,
}: ServiceDependencies): ServiceImpl<typeof GuestService> {
  /** Whoever tries what they do not know is slowed down. */
  function mustNotGuess(asked: string): void {
    const waitSeconds = throttle.waitSeconds(asked)
    if (waitSeconds > 0) throw loginThrottled(waitSeconds)
    throttle.failed(asked)
  }

  function sendCookie(token: string, context: HandlerContext): void {
    context.responseHeader.append('set-cookie', sessionCookieHeader(token, secureCookies))
  }

  return {
    async openGuest(request, context) {
      const email = normaliseEmail(request.email)
      const displayName = request.displayName.trim()
      if (displayName === '') throw invalidField('display_name', 'Please tell us your name.')
      // One client's requests push out none of another's.
      const client = tokenHash(request.requestId).slice(0, 32)
      const { requestId } = request
      const key = requestKey(`c:${client}`, 'OpenGuest', requestId, OpenGuestRequestSchema, request)
      const command = { type: 'openGuest', email, displayName } as const
      const { reply } = await submit(host, 0, key, command, 'guestOpened')
      const { accountId } = reply
      const account = findAccount(host.state, accountId)
      const isFresh =
        account?.role === 'guest' &&
        account.registeredAtMs > host.nowMs() - repeatMs &&
        bookingIdsOf(host.state, accountId).length === 0
      if (!isFresh) throw refusalError(noLink)
      const sessionToken = newSessionToken()
      const session = { accountId, tokenHash: tokenHash(sessionToken), ttlMs: guestSessionMs }
      await submit(host, 0, undefined, { type: 'openSession', ...session }, 'done')
      sendCookie(sessionToken, context)
      return { guestId: BigInt(accountId), sessionToken }
    },

    async openGuestLink({ link }, context) {
      const { accountId, linkHash } = parsed(link)
      const asked = `link ${accountId}`
      mustNotGuess(asked)
      const sessionToken = newSessionToken()
      const session = { tokenHash: tokenHash(sessionToken), ttlMs: guestSessionMs }
      const command = { type: 'openGuestLink', accountId, linkHash, ...session } as const
      await submit(host, 0, undefined, command, 'done')
      throttle.succeeded(asked)
      sendCookie(sessionToken, context)
      const expiresAt = timestampFromMs(host.nowMs() + guestSessionMs)
      return { guestId: BigInt(accountId), sessionToken, expiresAt }
    },

    async requestGuestLink(request, context) {
      const pnr = request.pnr.trim().toUpperCase()
      mustNotGuess(`guest mail ${pnr}`)
      const address = context.values.get(callerAddressKey)
      if (address !== '') mustNotGuess(`guest mails of ${address}`)
      await settleRead(host)
      const booking = findBookingByPnr(host.state, pnr)
      const account = booking && findAccount(host.state, booking.accountId)
      if (account?.role !== 'guest' || account.email !== normaliseEmail(request.email)) return {}
      const { accountId } = account
      const bookingId = booking?.bookingId ?? 0
      const command = { type: 'requestGuestLink', accountId, bookingId } as const
      await submit(host, 0, undefined, command, 'done')
      return {}
    },

    async claimGuest(request, context) {
      const actor = callerOf(context).account.accountId
      const link = parsed(request.link)
      mustNotGuess(`link ${link.accountId}`)
      // The link is no part of the content's hash: a secret has no place in the log.
      const key = requestKey(
        accountPrincipal(actor),
        'ClaimGuest',
        request.requestId,
        ClaimGuestRequestSchema,
        { ...request, link: String(link.accountId) },
      )
      await submit(host, actor, key, { type: 'claimGuest', ...link }, 'done')
      throttle.succeeded(`link ${link.accountId}`)
      return {}
    },

    async setGuestRule(request, context) {
      const actor = callerOf(context).account.accountId
      const { requestId, validFrom, maxHolds, retentionDays } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'From when on?')
      const key = requestKey(
        accountPrincipal(actor),
        'SetGuestRule',
        requestId,
        SetGuestRuleRequestSchema,
        request,
      )
      const rule = { validFromMs: timestampMs(validFrom), maxHolds }
      const retentionMs = retentionDays * dayMs
      await submit(host, actor, key, { type: 'setGuestRule', ...rule, retentionMs }, 'done')
      return {}
    },
  }
}

/** Anything else is answered as a link that opens nothing. */
function parsed(link: string): { accountId: number; linkHash: string } {
  const [, id = '0', secret = ''] = /^\s*(\d{1,15})\.([\w-]{20,100})\s*$/.exec(link) ?? []
  if (Number(id) === 0) throw refusalError(noLink)
  return { accountId: Number(id), linkHash: tokenHash(secret) }
}

const noLink = {
  type: 'refused',
  code: 'guestLinkNotFound',
  seats: [],
  figure: 0,
  field: '',
} as const
