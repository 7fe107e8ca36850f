import type { BookingState } from '../../src/state.ts'
import type { Account } from '../../src/things.ts'
import type { Check } from './check.ts'

/** Whoever is erased is nobody outside their bookings, which follow in portions; and who lacks a second factor has none. */
export const peopleChecks: Readonly<Record<string, Check>> = {
  A1: ({ state, scope }) => {
    if (!scope.touches(...peopleTables)) return undefined
    for (const account of state.accounts.values()) {
      if (account.erasedAtMs === 0) continue
      const left = leftOf(state, account)
      if (left !== undefined) return `account ${account.accountId} is erased and has ${left}`
    }
    for (const { accountId, enabledAtMs, lastStep } of state.secondFactors.values()) {
      if (!state.accounts.has(accountId)) return `nobody has the second factor of ${accountId}`
      if (enabledAtMs > 0 !== lastStep > 0) return `that of ${accountId} is on without a code`
    }
    return undefined
  },
}

/** What may be left of somebody. */
const peopleTables = [
  ...['accounts', 'sessions', 'second_factors', 'password_resets', 'saved_passengers'],
  ...['draws', 'draw_entries', 'erasures'],
]

function leftOf(state: BookingState, { accountId, displayName }: Account): string | undefined {
  if (displayName !== 'Erased') return 'a name'
  if (state.sessionsOf.has(accountId)) return 'a session'
  if (state.secondFactors.has(accountId)) return 'a second factor'
  if (state.passwordResets.has(accountId)) return 'a code for a new password'
  if ((state.savedPassengers.get(accountId)?.length ?? 0) > 0) return 'saved passengers'
  for (const draw of state.activeDraws) {
    const entry = draw.entries.get(draw.numbers.get(accountId) ?? 0)
    if (entry?.passengers.some(({ name }) => name !== '*')) return 'names in a draw'
  }
  return undefined
}
