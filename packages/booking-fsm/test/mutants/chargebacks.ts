/** Planted bugs in what banks take back. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const TEST = 'handlers/chargebacks.test.ts'

const planted: readonly Mutant[] = [
  mutant(
    'a chargeback counts each time the provider tells of it',
    'handlers/chargebacks.ts',
    'if (before !== undefined) {',
    'if (before?.amountMinor === 0) {',
  ),
  mutant(
    'what a bank has given back is refunded once more',
    'cancellation.ts',
    'Math.max(0, unpaid - chargedBackOf(state, booking))',
    'unpaid',
  ),
  mutant(
    'a bank takes what is on its way to the passenger already',
    'handlers/chargebacks.ts',
    'payment.refundedMinor + onItsWay(payment) + chargedBack(state, payment)',
    'payment.refundedMinor + chargedBack(state, payment)',
  ),
  mutant(
    'a won dispute holds refunds back for ever',
    'handlers/chargebacks.ts',
    'countChargeback(state, chargeback, -amountMinor)',
    'countChargeback(state, chargeback, 0)',
  ),
  mutant(
    'a booking in dispute goes into the archive',
    'archive/family.ts',
    'if (isDisputed(state, booking)) return false',
    '',
  ),
]

export const chargebackMutants: readonly Mutant[] = planted.map((it) => foundBy(TEST, it))
