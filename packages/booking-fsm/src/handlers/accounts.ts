import { type Check, firstInvalid, isId, isInt, isText, isTokenHash, matches } from '../checks.ts'
import type { AccountRole, CloseSession, OpenSession, RegisterAccount } from '../commands.ts'
import { enabledFactor } from '../people/second-factor.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { keepSession, removeSession } from '../sessions.ts'
import { type Work, writeRow } from '../store.ts'
import type { Account, Session } from '../things.ts'

/** 366 days. */
const MAX_SESSION_MS = 31_622_400_000

export function registerAccount(work: Work, command: RegisterAccount): Reply {
  const { state } = work
  const { email, displayName, passwordHash, role } = command
  const refusal = checkAccount(command)
  if (refusal !== undefined) return refusal
  const mayGiveRoles = work.cluster || state.accounts.get(work.actor)?.role === 'operator'
  if (role !== 'passenger' && !mayGiveRoles) return refuse('notAllowed', { field: 'role' })
  if (state.accountByEmail.has(email)) return refuse('emailTaken', { field: 'email' })
  const account: Account = {
    hashLow: 0,
    hashHigh: 0,
    accountId: state.meta.nextAccountId++,
    email,
    displayName,
    role,
    passwordHash,
    registeredAtMs: state.meta.nowMs,
    closedAtMs: 0,
    erasedAtMs: 0,
    bookingIds: [],
  }
  state.accounts.set(account.accountId, account)
  state.accountByEmail.set(email, account)
  writeRow(work, 'accounts', account)
  return { type: 'accountRegistered', accountId: account.accountId }
}

export function openSession(work: Work, command: OpenSession): Reply {
  const refusal = firstInvalid(sessionChecks(command))
  if (refusal !== undefined) return refusal
  return startSession(work, command, () =>
    enabledFactor(work.state, command.accountId) === undefined
      ? undefined
      : refuse('secondFactorNeeded'),
  )
}

type Asked = Pick<OpenSession, 'accountId' | 'tokenHash' | 'ttlMs'>

export const sessionChecks = ({ accountId, tokenHash, ttlMs }: Asked): readonly Check[] => [
  [isId(accountId), 'accountId'],
  [isTokenHash(tokenHash), 'tokenHash'],
  [isInt(ttlMs, 1, MAX_SESSION_MS), 'ttlMs'],
]

/** What has the right shape. `mayEnter`: whether more than the password is needed. */
export function startSession(
  work: Work,
  { accountId, tokenHash, ttlMs }: Asked,
  mayEnter: () => Refusal | undefined,
): Reply {
  const { state, actor } = work
  if (actor > 0 && actor !== accountId) return refuse('notAllowed')
  const account = state.accounts.get(accountId)
  if (account === undefined) return refuse('accountNotFound', { field: 'accountId' })
  if (account.closedAtMs > 0) return refuse('accountClosed')
  const kept = mayEnter()
  if (kept !== undefined) return kept
  const { nowMs } = state.meta
  const other = state.sessions.get(tokenHash)
  if (other !== undefined && other.expiresAtMs > nowMs) {
    return refuse('invalidField', { field: 'tokenHash' })
  }
  if (other !== undefined) removeSession(work, other)
  const session: Session = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    tokenHash,
    accountId,
    openedAtMs: nowMs,
    expiresAtMs: nowMs + ttlMs,
  }
  keepSession(state, session)
  writeRow(work, 'sessions', session)
  return { type: 'done' }
}

export function closeSession(work: Work, command: CloseSession): Reply {
  const { state, actor } = work
  const { tokenHash } = command
  const refusal = firstInvalid([[isTokenHash(tokenHash), 'tokenHash']])
  if (refusal !== undefined) return refusal
  const session = state.sessions.get(tokenHash)
  const isLive = session !== undefined && session.expiresAtMs > state.meta.nowMs
  if (!isLive || (actor > 0 && actor !== session.accountId)) return refuse('sessionNotFound')
  removeSession(work, session)
  return { type: 'done' }
}

function checkAccount(command: RegisterAccount): Refusal | undefined {
  const { email, displayName, passwordHash, role } = command
  const who = checkWho(email, displayName)
  if (who !== undefined) return who
  return firstInvalid([
    [isText(passwordHash, 1, 512), 'passwordHash'],
    [isGivenRole(role), 'role'],
  ])
}

export function checkWho(email: string, displayName: string): Refusal | undefined {
  return firstInvalid([
    [isText(email, 3, 254) && matches(email, /^[^@ A-Z]+@[^@ A-Z]+$/), 'email'],
    [isText(displayName, 1, 200), 'displayName'],
  ])
}

/** A guest is made by `openGuest` alone. */
export function isGivenRole(role: AccountRole): boolean {
  return role === 'passenger' || role === 'agent' || role === 'staff' || role === 'operator'
}
