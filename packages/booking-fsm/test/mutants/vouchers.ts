/** Planted bugs in vouchers. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const TEST = 'handlers/vouchers.test.ts'

const planted: readonly Mutant[] = [
  mutant(
    'a voucher pays more than is left of it',
    'vouchers/using.ts',
    'return amountMinor - expiredMinor - takenMinor',
    'return amountMinor - expiredMinor',
  ),
  mutant(
    'a voucher for one booking is good for two',
    'vouchers/using.ts',
    'if (has > 0) voucher.openUses += by',
    'if (has < 0) voucher.openUses += by',
  ),
  mutant(
    'what a hold has set aside of a voucher stays set aside',
    'live.ts',
    "if (claimOf(booking.status) === 'held') releaseVoucher(work, booking)",
    "if (claimOf(booking.status) === 'sold') releaseVoucher(work, booking)",
  ),
  mutant(
    'who pays late has a voucher that somebody else has used',
    'vouchers/using.ts',
    'return voucher.amountMinor === 0 || leftOf(voucher) >= amountMinor',
    'return true',
  ),
  mutant(
    'a refund goes to the card alone as long as it can',
    'vouchers/using.ts',
    'return Math.max(least, Math.min(share, partMinor, amountMinor - refundedMinor))',
    'return least',
  ),
  mutant(
    'what went back to a voucher is owed all the same',
    'cancellation.ts',
    '    owed -= redeemedFor(state, lead)?.refundedMinor ?? 0\n',
    '',
  ),
  mutant(
    'a voucher expires and is still owed',
    'vouchers/using.ts',
    "transfer(work, 'voucherLiability', 'voucherCost', left, undefined, 'voucher expired')",
    '',
  ),
  mutant(
    'what comes back to a voucher after its time is lost',
    'vouchers/using.ts',
    'if (voucher.validToMs < until) {',
    'if (false) {',
  ),
  mutant(
    'a voucher has paid though the card never did',
    'vouchers/using.ts',
    "change(work, use, 'released', 0)",
    "change(work, use, 'redeemed', 0)",
  ),
  mutant(
    "somebody else's voucher pays",
    'handlers/vouchers.ts',
    'if (voucher === undefined || !isOwn)',
    'if (voucher === undefined)',
  ),
]

export const voucherMutants: readonly Mutant[] = planted.map((it) => foundBy(TEST, it))
