import type { BookingState } from '../state.ts'
import type { Account } from '../things.ts'
import type { AccountView } from '../views.ts'

export interface SessionView {
  readonly accountId: number
  readonly expiresAtMs: number
}

/** The email as it was normalised at the door. */
export function findAccountByEmail(state: BookingState, email: string): AccountView | undefined {
  return view(state.accountByEmail.get(email))
}

export function findAccount(state: BookingState, accountId: number): AccountView | undefined {
  return view(state.accounts.get(accountId))
}

/** Whether anybody but passengers has an account. Looks through them all. */
export function hasStaff(state: BookingState): boolean {
  for (const { role } of state.accounts.values()) if (role !== 'passenger') return true
  return false
}

/** Undefined when there is none, or none any more at `nowMs`. */
export function findSession(
  state: BookingState,
  tokenHash: string,
  nowMs: number,
): SessionView | undefined {
  const session = state.sessions.get(tokenHash)
  if (session === undefined || session.expiresAtMs <= nowMs) return undefined
  return { accountId: session.accountId, expiresAtMs: session.expiresAtMs }
}

function view(account: Account | undefined): AccountView | undefined {
  if (account === undefined) return undefined
  const { accountId, email, displayName, role, passwordHash } = account
  return { accountId, email, displayName, role, passwordHash }
}
