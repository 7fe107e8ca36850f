import type {
  ApplyVoucher,
  BookingVoucherView,
  Entry,
  IssueVoucher,
  RemoveVoucher,
  Reply,
  VoucherView,
} from '../../src/index.ts'
import { needHeld } from './booking-commands.ts'
import { needStaff } from './caller.ts'
import { debit } from './ledger.ts'
import { ownBooking } from './own-booking.ts'
import { refuse } from './refuse.ts'
import { halfUp } from './rule-commands.ts'
import { checkBoolean, checkId, checkInt, checkPattern, maxInstant, maxSafe } from './shapes.ts'
import { hasOf, leftOf, useFor } from './voucher-state.ts'
import { bookingOf, dueFor, type ModelVoucher, payerOf, type World } from './world.ts'

const hash = /^[0-9a-f]{64}$/
const why =
  /^(strike|disruption|connectionBroken|technicalFailure|staffError|goodwill|medical|other)$/

export function issueVoucher(world: World, entry: Entry, command: IssueVoucher): Reply {
  const { type: _, ...terms } = command
  checkPattern(terms.codeHash, hash, 'codeHash')
  checkInt(terms.amountMinor, 0, 1e9, 'amountMinor')
  checkInt(terms.basisPoints, 0, 10_000, 'basisPoints')
  checkInt(terms.maximumMinor, 0, 1e9, 'maximumMinor')
  checkInt(terms.minimumMinor, 0, 1e9, 'minimumMinor')
  checkInt(terms.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(terms.validToMs, 0, maxInstant, 'validToMs')
  checkBoolean(terms.once, 'once')
  checkInt(terms.accountId, 0, maxSafe, 'accountId')
  checkPattern(terms.reason, why, 'reason')
  const kinds = [terms.amountMinor, terms.basisPoints].filter((it) => it > 0)
  if (kinds.length !== 1) refuse('invalidField', { field: 'basisPoints' })
  if (terms.validToMs <= terms.validFromMs) refuse('invalidField', { field: 'validToMs' })
  needStaff(world, entry)
  const isAccount = world.accounts.some(({ id }) => id === terms.accountId)
  if (terms.accountId !== 0 && !isAccount) refuse('accountNotFound', { field: 'accountId' })
  if (world.vouchers.some((it) => it.terms.codeHash === terms.codeHash)) {
    refuse('voucherCodeTaken', { field: 'codeHash' })
  }
  const id = world.vouchers.length + 1
  const issued = { issuedBy: entry.actor, issuedAt: world.now }
  world.vouchers.push({ id, terms, ...issued, validTo: terms.validToMs, expired: 0 })
  debit(world, 'voucherCost', terms.amountMinor)
  debit(world, 'voucherLiability', -terms.amountMinor)
  return { type: 'voucherIssued', voucherId: id }
}

export function applyVoucher(world: World, entry: Entry, command: ApplyVoucher): Reply {
  checkId(command.bookingId, 'bookingId')
  checkPattern(command.codeHash, hash, 'codeHash')
  const named = ownBooking(world, entry, command.bookingId)
  needHeld(named)
  const booking = bookingOf(world, payerOf(named))
  if (useFor(world, booking) !== undefined) refuse('voucherApplied')
  const due = dueFor(world, booking)
  const voucher = world.vouchers.find((it) => it.terms.codeHash === command.codeHash)
  if (voucher === undefined || ![0, entry.actor].includes(voucher.terms.accountId)) {
    refuse('voucherNotFound')
  }
  const { validFromMs, minimumMinor } = voucher.terms
  if (world.now < validFromMs) refuse('voucherNotValid', { figure: validFromMs })
  if (world.now >= voucher.validTo) refuse('voucherNotValid', { figure: voucher.validTo })
  if (isUsedUp(world, voucher)) refuse('voucherUsedUp')
  if (due < minimumMinor) refuse('voucherMinimum', { figure: minimumMinor })
  const amount = pays(world, voucher, due)
  if (amount === 0) refuse('nothingToPay')
  const redeemed = { redeemed: false, refunded: 0 }
  world.voucherUses.push({ bookingId: booking.id, voucherId: voucher.id, amount, ...redeemed })
  return { type: 'voucherApplied', voucherMinor: amount, dueMinor: due - amount }
}

export function removeVoucher(world: World, entry: Entry, command: RemoveVoucher): Reply {
  checkId(command.bookingId, 'bookingId')
  const named = ownBooking(world, entry, command.bookingId)
  needHeld(named)
  const use = useFor(world, bookingOf(world, payerOf(named)))
  if (use === undefined) refuse('voucherNotFound')
  world.voucherUses.splice(world.voucherUses.indexOf(use), 1)
  return { type: 'done' }
}

function isUsedUp(world: World, voucher: ModelVoucher): boolean {
  const { once, amountMinor } = voucher.terms
  const uses = world.voucherUses.filter((it) => it.voucherId === voucher.id)
  if (once && uses.some((it) => hasOf(world, it) > 0)) return true
  return amountMinor > 0 && leftOf(world, voucher) === 0
}

function pays(world: World, voucher: ModelVoucher, due: number): number {
  const { amountMinor, basisPoints, maximumMinor } = voucher.terms
  if (amountMinor > 0) return Math.min(due, leftOf(world, voucher))
  const share = halfUp(BigInt(due) * BigInt(basisPoints), 10_000n)
  return maximumMinor > 0 ? Math.min(maximumMinor, share) : share
}

/** What was left of sums whose time is over, some at a time. */
export function expireVouchers(world: World): void {
  const due = world.vouchers
    .filter((it) => it.validTo <= world.now && leftOf(world, it) > 0)
    .sort((a, b) => a.validTo - b.validTo || a.id - b.id)
  for (const voucher of due.slice(0, 100)) {
    const left = leftOf(world, voucher)
    debit(world, 'voucherLiability', left)
    debit(world, 'voucherCost', -left)
    voucher.expired += left
  }
}

export function modelVouchers(world: World): VoucherView[] {
  return world.vouchers.map((voucher) => {
    const { codeHash: _, ...terms } = voucher.terms
    const uses = world.voucherUses.filter((it) => it.voucherId === voucher.id)
    const taken = uses.map((it) => hasOf(world, it))
    return {
      ...terms,
      voucherId: voucher.id,
      validToMs: voucher.validTo,
      issuedBy: voucher.issuedBy,
      issuedAtMs: voucher.issuedAt,
      expiredMinor: voucher.expired,
      takenMinor: taken.reduce((sum, it) => sum + it, 0),
      bookings: taken.filter((it) => it > 0).length,
      leftMinor: leftOf(world, voucher),
    }
  })
}

export function modelBookingVoucher(
  world: World,
  booking: World['bookings'][number],
): BookingVoucherView | undefined {
  const payer = bookingOf(world, payerOf(booking))
  const use = useFor(world, payer)
  if (use === undefined) return undefined
  const isHeld = payer.status === 'held' || payer.status === 'paying'
  return {
    voucherId: use.voucherId,
    amountMinor: use.amount,
    refundedMinor: use.refunded,
    status: use.redeemed ? 'redeemed' : isHeld ? 'reserved' : 'released',
  }
}
