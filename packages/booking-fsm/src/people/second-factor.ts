/** Second factors: who has one, who needs one, and what counts as a proof. */
import type { AccountRole, Command, Proof } from '../commands.ts'
import { ruleAt } from '../fares.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Account, Hashed } from '../things.ts'

export interface SecondFactor extends Hashed {
  readonly accountId: number
  readonly sealedSecret: string
  /** 0: its device has not shown yet that it knows the secret. */
  enabledAtMs: number
  /** Of the last code that counted. */
  lastStep: number
  /** Hashes of the recovery codes that are left. */
  recovery: readonly string[]
  /** The operator who asks for a reset; 0: nobody. */
  resetAskedBy: number
  resetAskedAtMs: number
}

export interface SecondFactorRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly roles: readonly AccountRole[]
}

/** The second factor that counts. */
export function enabledFactor(state: BookingState, accountId: number): SecondFactor | undefined {
  const factor = state.secondFactors.get(accountId)
  return factor !== undefined && factor.enabledAtMs > 0 ? factor : undefined
}

/** Its role needs one at the instant, and it has none. */
export function lacksSecondFactor(
  state: BookingState,
  { accountId, role }: Pick<Account, 'accountId' | 'role'>,
  atMs: number,
): boolean {
  if (role === 'passenger' || state.secondFactorRules.length === 0) return false
  const needed = ruleAt(state.secondFactorRules, atMs)?.roles.includes(role) === true
  return needed && enabledFactor(state, accountId) === undefined
}

/** Guests have no password to go with a code: with a second factor their link would open nothing. */
export function comesByLink({ accounts, meta }: BookingState, accountId: number): boolean {
  return meta.featureLevel >= 3 && accounts.get(accountId)?.role === 'guest'
}

/** What somebody must be able to do to come by one; nothing that a role allows. */
const ALWAYS: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'openSession',
  'closeSession',
  'changePassword',
  'beginSecondFactor',
  'enableSecondFactor',
  'resolveRequest',
])

/** Before the command itself is looked at. */
export function checkSecondFactor(
  state: BookingState,
  account: Account,
  type: Command['type'],
): Refusal | undefined {
  if (ALWAYS.has(type) || !lacksSecondFactor(state, account, state.meta.nowMs)) return undefined
  return refuse('secondFactorRequired', { field: 'actor' })
}

/** Undefined: it counts now, and has not counted before. */
export function checkProof(
  factor: SecondFactor,
  { step, recoveryHash }: Proof,
): Refusal | undefined {
  if (step > 0) return step > factor.lastStep ? undefined : refuse('codeUsed', { field: 'step' })
  const known = factor.recovery.includes(recoveryHash)
  return known ? undefined : refuse('recoveryCodeNotFound', { field: 'recoveryHash' })
}

/** It does not count again. */
export function useProof(work: Work, factor: SecondFactor, { step, recoveryHash }: Proof): void {
  if (step > 0) factor.lastStep = step
  else factor.recovery = factor.recovery.filter((hash) => hash !== recoveryHash)
  writeRow(work, 'second_factors', factor)
}

export function forgetSecondFactor(work: Work, accountId: number): void {
  const { secondFactors } = work.state
  const factor = secondFactors.get(accountId)
  if (factor === undefined) return
  secondFactors.delete(accountId)
  deleteRow(work, 'second_factors', factor, [accountId])
}
