/** What staff looks up beside lists: how an account stands, what is kept on a train. */
import type { QuotaPool } from '../commands.ts'
import type { BookingState } from '../state.ts'

export type AccountState = 'open' | 'closed' | 'erased'

/** Places kept for some, on a run or on a train's runs from a date on. */
export interface QuotaView {
  /** 0: each run from the date on. */
  readonly runId: number
  readonly fromDate: number
  readonly classCode: string
  readonly pools: readonly QuotaPool[]
}

/** Undefined: there is no such account. */
export function accountState(state: BookingState, accountId: number): AccountState | undefined {
  const account = state.accounts.get(accountId)
  if (account === undefined) return undefined
  if (account.erasedAtMs > 0) return 'erased'
  return account.closedAtMs > 0 ? 'closed' : 'open'
}

/** By run, date and class. */
export function quotasOf(state: BookingState, trainId: number): QuotaView[] {
  return (state.quotas.get(trainId) ?? [])
    .map(({ runId, fromDate, classCode, pools }) => ({ runId, fromDate, classCode, pools }))
    .sort(
      (a, b) =>
        a.runId - b.runId || a.fromDate - b.fromDate || (a.classCode < b.classCode ? -1 : 1),
    )
}
