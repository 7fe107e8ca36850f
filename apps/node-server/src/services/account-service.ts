import { createHash } from 'node:crypto'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { findAccount, findAccountByEmail, findSecondFactor, type Proof } from '@quorail/booking-fsm'
import type { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { hashPassword, verifyPassword } from '../auth/passwords.ts'
import { policies } from '../auth/policies.ts'
import { principalKey } from '../auth/principal.ts'
import {
  clearedCookieHeader,
  newSessionToken,
  sessionCookieHeader,
  sessionTtlMs,
  tokenHash,
} from '../auth/sessions.ts'
import {
  internalError,
  invalidField,
  loginThrottled,
  wrongPassword,
} from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import { refusalError } from '../errors/refusals.ts'
import { accountMessage } from '../mapping/views.ts'
import { accountChanges, normaliseEmail } from './account-changes.ts'
import {
  accountPrincipal,
  callerOf,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { savedPassengers } from './saved-passengers.ts'
import { withProof } from './second-factor.ts'

export function createAccountService(
  deps: ServiceDependencies,
): ServiceImpl<typeof AccountService> {
  const { host, throttle } = deps

  async function openSession(
    accountId: number,
    context: HandlerContext,
    proof?: Proof,
  ): Promise<string> {
    const token = newSessionToken()
    const asked = { accountId, tokenHash: tokenHash(token), ttlMs: sessionTtlMs }
    const command =
      proof === undefined
        ? ({ type: 'openSession', ...asked } as const)
        : ({ type: 'openSecuredSession', ...asked, ...proof } as const)
    await submit(host, accountId, undefined, command, 'done')
    context.responseHeader.append('set-cookie', sessionCookieHeader(token, deps.secureCookies))
    return token
  }

  return {
    async register(request, context) {
      const email = normaliseEmail(request.email)
      const displayName = request.displayName.trim()
      if (displayName === '') throw invalidField('display_name', 'Please tell us your name.')
      const passwordHash = await hashPassword(request.password)
      // The password is no part of the content's hash: a fast hash of it has no place in the log.
      const contentHash = createHash('sha256')
        .update(JSON.stringify([email, displayName]))
        .digest('hex')
      const key = {
        principal: 'c:register',
        method: 'Register',
        requestId: request.requestId,
        contentHash,
      }
      const command = {
        type: 'registerAccount',
        email,
        displayName,
        passwordHash,
        role: 'passenger',
      } as const
      const { reply } = await submit(host, 0, key, command, 'accountRegistered')
      const account = findAccount(host.state, reply.accountId)
      if (account === undefined) throw internalError(new Error('the account is gone'))
      // A repeated request gives the first answer; only who knows the password gets a session.
      if (account.passwordHash !== passwordHash) {
        if (!(await verifyPassword(request.password, account.passwordHash))) throw wrongPassword()
      }
      const sessionToken = await openSession(account.accountId, context)
      return { account: accountMessage(account), sessionToken }
    },

    async logIn(request, context) {
      const email = normaliseEmail(request.email)
      const waitSeconds = throttle.waitSeconds(email)
      if (waitSeconds > 0) throw loginThrottled(waitSeconds)
      await settleRead(host)
      const account = findAccountByEmail(host.state, email)
      if (!(await verifyPassword(request.password, account?.passwordHash)) || !account) {
        throttle.failed(email)
        throw wrongPassword()
      }
      throttle.succeeded(email)
      const { accountId } = account
      // Without a code the log asks for one, when there is a second factor.
      const isSecured = findSecondFactor(host.state, accountId)?.enabled === true
      const sessionToken =
        isSecured && request.code !== ''
          ? await withProof(deps, accountId, request.code, (proof) =>
              openSession(accountId, context, proof),
            )
          : await openSession(accountId, context)
      const expiresAt = timestampFromMs(host.nowMs() + sessionTtlMs)
      return { account: accountMessage(account), sessionToken, expiresAt }
    },

    async logOut(_request, context) {
      const principal = context.values.get(principalKey)
      context.responseHeader.append('set-cookie', clearedCookieHeader)
      if (principal === undefined) return {}
      const command = { type: 'closeSession', tokenHash: principal.sessionHash } as const
      await submit(host, principal.account.accountId, undefined, command, 'done')
      return {}
    },

    getMe(_request, context) {
      const principal = context.values.get(principalKey)
      return principal === undefined ? {} : { account: accountMessage(principal.account) }
    },

    ...accountChanges(deps),
    ...savedPassengers(deps),

    async resolveRequest(request, context) {
      const { accountId } = callerOf(context).account
      const known = Object.keys(policies).some((name) => name.endsWith(`/${request.method}`))
      if (!known) throw invalidField('method', `There is no method “${request.method}”.`)
      const key = {
        principal: accountPrincipal(accountId),
        method: request.method,
        requestId: request.requestId,
        // Whoever resolves has no need to repeat the content; it only asks whether it happened.
        contentHash: '0',
      }
      const submission = {
        actor: accountId,
        key: undefined,
        command: { type: 'resolveRequest', key },
      } as const
      const { reply } = await host.submit(submission).catch((error: unknown) => {
        throw raftFailure(error, host.leader())
      })
      if (reply.type === 'burned') return { happened: false }
      // Known under its own content: it was answered, whatever the answer.
      if (reply.type === 'resolved') return { happened: true }
      if (reply.type === 'refused' && reply.code === 'requestIdReused') return { happened: true }
      if (reply.type === 'refused') throw refusalError(reply)
      throw internalError(new Error(`unexpected reply ${reply.type}`))
    },
  }
}
