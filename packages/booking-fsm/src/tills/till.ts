/** Money that no provider has: in tills, at terminals. */
import { type LedgerAccount, transfer } from '../ledger.ts'
import type { Work } from '../store.ts'
import type { Hashed, Payment } from '../things.ts'

/** A shift of one seller, from its opening to its count. */
export interface Till extends Hashed {
  readonly accountId: number
  readonly tillId: number
  readonly openedAtMs: number
  readonly floatMinor: number
  /** What should be in it now. */
  cashMinor: number
}

/** A payment that the provider knows nothing of, and its refunds are none of its own. */
export function isAtCounter({ paymentToken }: Payment): boolean {
  return paymentToken === ''
}

/** Where the money of such a payment is. */
export function placeOf({ paymentToken, providerReference }: Payment): LedgerAccount {
  if (paymentToken !== '') return 'providerClearing'
  if (providerReference.startsWith('company:')) return 'receivables'
  return providerReference.startsWith('cash:') ? 'cashInTills' : 'terminalClearing'
}

/** What was booked as the provider's is there; negative: goes out from there. */
export function moveToPlace(work: Work, payment: Payment, amountMinor: number): void {
  const place = placeOf(payment)
  if (place === 'providerClearing') return
  if (amountMinor > 0) transfer(work, place, 'providerClearing', amountMinor, payment, 'counter')
  else transfer(work, 'providerClearing', place, -amountMinor, payment, 'counter')
}
