import { mustBeCluster, mustBeOperator } from '../actors.ts'
import { firstInvalid, isId, isInt, isText, isTokenHash } from '../checks.ts'
import type {
  ChangePassword,
  GrantPasswordReset,
  RequestPasswordReset,
  ResetPassword,
  SetAccountOpen,
  SetRole,
} from '../commands.ts'
import { queueNotice } from '../notices.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { endSessions } from '../sessions.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Account } from '../things.ts'
import { runsOfPools } from '../waiting/pools.ts'
import { offerByAndBy } from '../waiting/timed.ts'
import { isGivenRole } from './accounts.ts'

/** 7 days. */
const MAX_RESET_MS = 604_800_000

export function setRole(work: Work, { accountId, role }: SetRole): Reply {
  const refusal =
    firstInvalid([
      [isId(accountId), 'accountId'],
      [isGivenRole(role), 'role'],
    ]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const account = openAccount(work, accountId)
  if ('type' in account) return account
  if (role !== 'operator' && isLastOperator(work, account)) return refuse('lastOperator')
  account.role = role
  writeRow(work, 'accounts', account)
  // Pools may be open to whom they were not.
  offerByAndBy(work, runsOfPools(work.state, account))
  return { type: 'done' }
}

export function setAccountOpen(work: Work, { accountId, open }: SetAccountOpen): Reply {
  const refusal =
    firstInvalid([
      [isId(accountId), 'accountId'],
      [typeof open === 'boolean', 'open'],
    ]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const account = work.state.accounts.get(accountId)
  if (account === undefined) return refuse('accountNotFound', { field: 'accountId' })
  if (account.erasedAtMs > 0) return refuse('accountClosed')
  if (!open && isLastOperator(work, account)) return refuse('lastOperator')
  account.closedAtMs = open ? 0 : work.state.meta.nowMs
  if (!open) endSessions(work, accountId, '')
  writeRow(work, 'accounts', account)
  return { type: 'done' }
}

export function changePassword(work: Work, command: ChangePassword): Reply {
  const { passwordHash, keepTokenHash } = command
  const refusal = firstInvalid([
    [isText(passwordHash, 1, 512), 'passwordHash'],
    [keepTokenHash === '' || isTokenHash(keepTokenHash), 'keepTokenHash'],
  ])
  if (refusal !== undefined) return refusal
  const account = work.state.accounts.get(work.actor)
  if (account === undefined || account.role === 'guest') return refuse('notAllowed')
  setPassword(work, account, passwordHash, keepTokenHash)
  return { type: 'done' }
}

/** The door says nothing of whether there is such an account. */
export function requestPasswordReset(work: Work, { accountId }: RequestPasswordReset): Reply {
  const refusal = firstInvalid([[isId(accountId), 'accountId']])
  if (refusal !== undefined) return refusal
  const account = openAccount(work, accountId)
  if ('type' in account) return account
  queueNotice(work, { accountId }, 'passwordReset')
  return { type: 'done' }
}

export function grantPasswordReset(work: Work, command: GrantPasswordReset): Reply {
  const { accountId, tokenHash, ttlMs } = command
  const { passwordResets, meta } = work.state
  const refusal =
    firstInvalid([
      [isId(accountId), 'accountId'],
      [isTokenHash(tokenHash), 'tokenHash'],
      [isInt(ttlMs, 1, MAX_RESET_MS), 'ttlMs'],
    ]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const account = openAccount(work, accountId)
  if ('type' in account) return account
  const { hashLow, hashHigh } = passwordResets.get(accountId) ?? { hashLow: 0, hashHigh: 0 }
  const expiresAtMs = meta.nowMs + ttlMs
  const reset = { hashLow, hashHigh, accountId, tokenHash, expiresAtMs }
  passwordResets.set(accountId, reset)
  writeRow(work, 'password_resets', reset)
  return { type: 'done' }
}

export function resetPassword(work: Work, command: ResetPassword): Reply {
  const { accountId, tokenHash, passwordHash } = command
  const { passwordResets, meta } = work.state
  const refusal = firstInvalid([
    [isId(accountId), 'accountId'],
    [isTokenHash(tokenHash), 'tokenHash'],
    [isText(passwordHash, 1, 512), 'passwordHash'],
  ])
  if (refusal !== undefined) return refusal
  const account = openAccount(work, accountId)
  const reset = passwordResets.get(accountId)
  // One answer for all that is wrong: it says nothing of who has an account.
  if ('type' in account || reset?.tokenHash !== tokenHash || reset.expiresAtMs <= meta.nowMs) {
    return refuse('resetNotFound')
  }
  forgetReset(work, accountId)
  setPassword(work, account, passwordHash, '')
  return { type: 'done' }
}

/** Somebody must be left who can make others operators. */
export function isLastOperator({ state }: Work, account: Account): boolean {
  if (account.role !== 'operator' || account.closedAtMs > 0) return false
  for (const other of state.accounts.values()) {
    if (other !== account && other.role === 'operator' && other.closedAtMs === 0) return false
  }
  return true
}

export function forgetReset(work: Work, accountId: number): void {
  const { passwordResets } = work.state
  const reset = passwordResets.get(accountId)
  if (reset === undefined) return
  passwordResets.delete(accountId)
  deleteRow(work, 'password_resets', reset, [accountId])
}

function setPassword(work: Work, account: Account, passwordHash: string, keep: string): void {
  account.passwordHash = passwordHash
  writeRow(work, 'accounts', account)
  endSessions(work, account.accountId, keep)
  queueNotice(work, { accountId: account.accountId }, 'passwordChanged')
}

function openAccount({ state }: Work, accountId: number): Account | Refusal {
  const account = state.accounts.get(accountId)
  // A guest has no account to be found.
  const found = account !== undefined && account.role !== 'guest'
  if (!found) return refuse('accountNotFound', { field: 'accountId' })
  return account.closedAtMs > 0 ? refuse('accountClosed') : account
}
