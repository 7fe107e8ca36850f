import { giveBack } from './agent-terms.ts'
import { chargeCompany } from './company-account.ts'
import { debit } from './ledger.ts'
import { tell } from './notice-commands.ts'
import { bookingOf, type LedgerAccount, type ModelPayment, type World } from './world.ts'

/** Out of where the money of the payment is. */
export function refundGone(world: World, payment: ModelPayment, amountMinor: number): void {
  payment.refunded += amountMinor
  payment.refundPending = world.effects.some(
    (e) => e.paymentId === payment.id && e.kind === 'refund' && !e.answered,
  )
  debit(world, 'refundsPayable', amountMinor)
  debit(world, placeOf(payment), -amountMinor)
  giveBack(world, payment)
  if (placeOf(payment) === 'receivables') chargeCompany(world, payment, -amountMinor)
  const { accountId, id } = bookingOf(world, payment.bookingId)
  tell(world, accountId, id, 'refundSent', { amountMinor })
}

function placeOf({ token, reference }: ModelPayment): LedgerAccount {
  if (token !== '') return 'providerClearing'
  if (reference.startsWith('company')) return 'receivables'
  return reference.startsWith('cash') ? 'cashInTills' : 'terminalClearing'
}
