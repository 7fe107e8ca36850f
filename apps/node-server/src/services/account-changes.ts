/** What becomes of an account after it was registered: password, sessions, role, personal data. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { findAccountByEmail, sessionsOf } from '@quorail/booking-fsm'
import {
  AccountRole,
  type AccountService,
  DeleteAccountRequestSchema,
  SetAccountOpenRequestSchema,
  SetRoleRequestSchema,
} from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { hashPassword } from '../auth/passwords.ts'
import { clearedCookieHeader, tokenHash } from '../auth/sessions.ts'
import { loginThrottled } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import { accountMessage } from '../mapping/views.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { personalData } from './personal-data.ts'
import { mustKnowPassword } from './second-factor.ts'

/** Accounts are found by this spelling. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase()

type Changes = Pick<
  ServiceImpl<typeof AccountService>,
  | 'changePassword'
  | 'requestPasswordReset'
  | 'resetPassword'
  | 'listSessions'
  | 'endSession'
  | 'exportPersonalData'
  | 'deleteAccount'
  | 'findAccount'
  | 'setRole'
  | 'setAccountOpen'
>

const roles = {
  [AccountRole.PASSENGER]: 'passenger',
  [AccountRole.AGENT]: 'agent',
  [AccountRole.STAFF]: 'staff',
  [AccountRole.OPERATOR]: 'operator',
} as const

export function accountChanges(deps: ServiceDependencies): Changes {
  const { host, throttle } = deps
  return {
    async changePassword({ oldPassword, newPassword }, context) {
      const { account, sessionHash } = callerOf(context)
      await mustKnowPassword(deps, account, oldPassword)
      const passwordHash = await hashPassword(newPassword)
      const command = { type: 'changePassword', passwordHash, keepTokenHash: sessionHash } as const
      await submit(host, account.accountId, undefined, command, 'done')
      return {}
    },

    async requestPasswordReset(request) {
      const email = normaliseEmail(request.email)
      const asked = `reset ${email}`
      const waitSeconds = throttle.waitSeconds(asked)
      if (waitSeconds > 0) throw loginThrottled(waitSeconds)
      throttle.failed(asked)
      await settleRead(host)
      const account = findAccountByEmail(host.state, email)
      if (account === undefined || account.isClosed) return {}
      const command = { type: 'requestPasswordReset', accountId: account.accountId } as const
      await submit(host, 0, undefined, command, 'done')
      return {}
    },

    async resetPassword({ code, newPassword }) {
      const [, id = '0', token = ''] = /^\s*(\d{1,15})\.([\w-]{20,100})\s*$/.exec(code) ?? []
      const accountId = Number(id)
      if (accountId === 0) throw refusalError(noReset)
      const asked = `code ${accountId}`
      const waitSeconds = throttle.waitSeconds(asked)
      if (waitSeconds > 0) throw loginThrottled(waitSeconds)
      throttle.failed(asked)
      const passwordHash = await hashPassword(newPassword)
      const reset = { accountId, tokenHash: tokenHash(token), passwordHash }
      await submit(host, 0, undefined, { type: 'resetPassword', ...reset }, 'done')
      throttle.succeeded(asked)
      return {}
    },

    async listSessions(_request, context) {
      await settleRead(host)
      const { account, sessionHash } = callerOf(context)
      const sessions = sessionsOf(host.state, account.accountId, host.nowMs())
      return {
        sessions: sessions.map((it) => ({
          sessionId: idOf(it.tokenHash),
          openedAt: timestampFromMs(it.openedAtMs),
          expiresAt: timestampFromMs(it.expiresAtMs),
          current: it.tokenHash === sessionHash,
        })),
      }
    },

    async endSession({ sessionId }, context) {
      const { accountId } = callerOf(context).account
      const session = sessionsOf(host.state, accountId, host.nowMs()).find(
        (it) => idOf(it.tokenHash) === sessionId,
      )
      if (session === undefined) throw refusalError({ ...noReset, code: 'sessionNotFound' })
      const command = { type: 'closeSession', tokenHash: session.tokenHash } as const
      await submit(host, accountId, undefined, command, 'done')
      return {}
    },

    async exportPersonalData(_request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      return { json: JSON.stringify(await personalData(deps, accountId), undefined, 2) }
    },

    async deleteAccount(request, context) {
      const { account } = callerOf(context)
      const { accountId } = account
      await mustKnowPassword(deps, account, request.password)
      // The password is no part of the content's hash: a fast hash of it has no place in the log.
      const content = { ...request, password: '' }
      const key = requestKey(
        accountPrincipal(accountId),
        'DeleteAccount',
        request.requestId,
        DeleteAccountRequestSchema,
        content,
      )
      await submit(host, accountId, key, { type: 'deleteAccount', accountId }, 'done')
      context.responseHeader.append('set-cookie', clearedCookieHeader)
      return {}
    },

    async findAccount(request) {
      await settleRead(host)
      const account = findAccountByEmail(host.state, normaliseEmail(request.email))
      if (account === undefined) return {}
      return { account: accountMessage(account), closed: account.isClosed }
    },

    async setRole(request, context) {
      const { accountId: actor } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(actor),
        'SetRole',
        request.requestId,
        SetRoleRequestSchema,
        request,
      )
      const accountId = Number(request.accountId)
      const role = roles[request.role as keyof typeof roles]
      await submit(host, actor, key, { type: 'setRole', accountId, role }, 'done')
      return {}
    },

    async setAccountOpen(request, context) {
      const { accountId: actor } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(actor),
        'SetAccountOpen',
        request.requestId,
        SetAccountOpenRequestSchema,
        request,
      )
      const accountId = Number(request.accountId)
      const { open } = request
      await submit(host, actor, key, { type: 'setAccountOpen', accountId, open }, 'done')
      return {}
    },
  }
}

const noReset = { type: 'refused', code: 'resetNotFound', seats: [], figure: 0, field: '' } as const

/** Enough of it to name a session; the whole is no secret either. */
const idOf = (hash: string): string => hash.slice(0, 16)
