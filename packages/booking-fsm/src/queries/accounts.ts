import { savedPassengers } from '../saved-passengers.ts'
import type { BookingState } from '../state.ts'
import type { Account } from '../things.ts'
import type { AccountView } from '../views.ts'

export interface SessionView {
  readonly accountId: number
  readonly expiresAtMs: number
}
export interface SavedPassengerView {
  readonly passengerId: number
  readonly name: string
  /** '' pays in full. */
  readonly passengerType: string
  /** As yyyymmdd; 0: not said. */
  readonly birthDate: number
  readonly document: string
}
/** A session as its owner sees it. */
export interface OpenSessionView extends SessionView {
  readonly tokenHash: string
  readonly openedAtMs: number
}

/** The email as it was normalised at the door. */
export function findAccountByEmail(state: BookingState, email: string): AccountView | undefined {
  return view(state.accountByEmail.get(email))
}

export function findAccount(state: BookingState, accountId: number): AccountView | undefined {
  return view(state.accounts.get(accountId))
}

/** By id. */
export function passengersOf(state: BookingState, accountId: number): SavedPassengerView[] {
  return savedPassengers(state, accountId).map(
    ({ passengerId, name, passengerType, birthDate, document }) => ({
      passengerId,
      name,
      passengerType,
      birthDate,
      document,
    }),
  )
}

/** Oldest first. */
export function bookingIdsOf(state: BookingState, accountId: number): readonly number[] {
  return [...(state.accounts.get(accountId)?.bookingIds ?? [])]
}

/** Whether anybody but passengers has an account. Looks through them all. */
export function hasStaff(state: BookingState): boolean {
  for (const { role } of state.accounts.values()) {
    if (role !== 'passenger' && role !== 'guest') return true
  }
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

/** Those that have not expired at `nowMs`, newest first. */
export function sessionsOf(
  state: BookingState,
  accountId: number,
  nowMs: number,
): OpenSessionView[] {
  const all = [...(state.sessionsOf.get(accountId) ?? [])].filter((it) => it.expiresAtMs > nowMs)
  all.sort((a, b) => b.openedAtMs - a.openedAtMs || (a.tokenHash < b.tokenHash ? -1 : 1))
  return all.map(({ tokenHash, openedAtMs, expiresAtMs }) => ({
    accountId,
    tokenHash,
    openedAtMs,
    expiresAtMs,
  }))
}

function view(account: Account | undefined): AccountView | undefined {
  if (account === undefined) return undefined
  const { accountId, email, displayName, role, passwordHash, registeredAtMs } = account
  const isClosed = account.closedAtMs > 0
  return { accountId, email, displayName, role, passwordHash, registeredAtMs, isClosed }
}
