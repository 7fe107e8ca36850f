import { enabledFactor, lacksSecondFactor } from '../people/second-factor.ts'
import type { BookingState } from '../state.ts'

export interface SecondFactorView {
  readonly sealedSecret: string
  /** False: it was begun, and its device has not shown yet that it knows the secret. */
  readonly enabled: boolean
  readonly enabledAtMs: number
  readonly lastStep: number
  /** How many are left. */
  readonly recoveryCodes: number
}

/** Asked for by one operator, not approved by another one yet. */
export interface FactorResetView {
  readonly accountId: number
  readonly askedBy: number
  readonly askedAtMs: number
}

export function findSecondFactor(
  state: BookingState,
  accountId: number,
): SecondFactorView | undefined {
  const factor = state.secondFactors.get(accountId)
  if (factor === undefined) return undefined
  const { sealedSecret, enabledAtMs, lastStep, recovery } = factor
  const enabled = enabledFactor(state, accountId) !== undefined
  return { sealedSecret, enabled, enabledAtMs, lastStep, recoveryCodes: recovery.length }
}

/** Its role needs one at the instant, and it has none: it can do nothing else before. */
export function needsSecondFactor(state: BookingState, accountId: number, atMs: number): boolean {
  const account = state.accounts.get(accountId)
  return account !== undefined && lacksSecondFactor(state, account, atMs)
}

/** By account. */
export function factorResets(state: BookingState): FactorResetView[] {
  return [...state.secondFactors.values()]
    .filter(({ resetAskedBy }) => resetAskedBy > 0)
    .map((it) => ({
      accountId: it.accountId,
      askedBy: it.resetAskedBy,
      askedAtMs: it.resetAskedAtMs,
    }))
    .sort((a, b) => a.accountId - b.accountId)
}
