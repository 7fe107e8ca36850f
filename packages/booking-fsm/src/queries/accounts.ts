import type { BookingState } from '../state.ts'
import type { AccountView } from '../views.ts'
export interface SessionView {
  readonly accountId: number
  readonly expiresAtMs: number
}
export function findAccountByEmail(_state: BookingState, _email: string): AccountView | undefined {
  throw new Error('soon')
}
export function findAccount(_state: BookingState, _accountId: number): AccountView | undefined {
  throw new Error('soon')
}
export function findSession(
  _state: BookingState,
  _tokenHash: string,
  _nowMs: number,
): SessionView | undefined {
  throw new Error('soon')
}
