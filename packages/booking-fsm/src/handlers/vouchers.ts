/** Giving out vouchers, and paying with them. */
import { mustBeStaff, noBooking, ownBooking } from '../actors.ts'
import { firstInvalid, isId, isInstant, isInt, isTokenHash } from '../checks.ts'
import type { ApplyVoucher, IssueVoucher, RemoveVoucher } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { dueMinor } from '../exchanges.ts'
import { expireIfDue } from '../expiry.ts'
import { transfer } from '../ledger.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { leadOf } from '../trips.ts'
import type { Voucher, VoucherUse } from '../vouchers/things.ts'
import { countUse, leftOf, queueVoucher, worthOf } from '../vouchers/using.ts'
import { isReason } from './cancel-run.ts'
import { mustBeHeld } from './release-hold.ts'

const MAX_SUM = 1_000_000_000

export function issueVoucher(work: Work, command: IssueVoucher): Reply {
  const { state } = work
  const refusal = checkVoucher(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { accountId, codeHash, amountMinor } = command
  if (accountId > 0 && !state.accounts.has(accountId)) {
    return refuse('accountNotFound', { field: 'accountId' })
  }
  if (state.voucherByHash.has(codeHash)) return refuse('voucherCodeTaken', { field: 'codeHash' })
  const { basisPoints, maximumMinor, minimumMinor, validFromMs, validToMs, once, reason } = command
  const voucher: Voucher = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    voucherId: addToCounter(work, 'vouchers', 1),
    codeHash,
    amountMinor,
    basisPoints,
    maximumMinor,
    minimumMinor,
    validFromMs,
    validToMs,
    once,
    accountId,
    reason,
    issuedBy: work.actor,
    issuedAtMs: state.meta.nowMs,
    expiredMinor: 0,
    takenMinor: 0,
    openUses: 0,
  }
  state.vouchers.set(voucher.voucherId, voucher)
  state.voucherByHash.set(codeHash, voucher)
  queueVoucher(state, voucher)
  transfer(work, 'voucherCost', 'voucherLiability', amountMinor, undefined, 'voucher issued')
  writeRow(work, 'vouchers', voucher)
  return { type: 'voucherIssued', voucherId: voucher.voucherId }
}

export function applyVoucher(work: Work, { bookingId, codeHash }: ApplyVoucher): Reply {
  const { state } = work
  const refusal = firstInvalid([
    [isId(bookingId), 'bookingId'],
    [isTokenHash(codeHash), 'codeHash'],
  ])
  if (refusal !== undefined) return refusal
  const named = ownBooking(work, bookingId)
  if (named === undefined) return noBooking(work, bookingId)
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named)
  if (unfit !== undefined) return unfit
  if (state.voucherUses.has(booking.bookingId)) return refuse('voucherApplied')
  const due = dueMinor(state, booking)
  const voucher = usableVoucher(work, codeHash, due)
  if ('type' in voucher) return voucher
  const amountMinor = worthOf(voucher, due)
  const status = 'reserved' as const
  const use: VoucherUse = {
    ...{ hashLow: 0, hashHigh: 0, bookingId: booking.bookingId },
    ...{ voucher, amountMinor, refundedMinor: 0, status },
  }
  state.voucherUses.set(use.bookingId, use)
  countUse(state, use, 1)
  writeRow(work, 'voucher_uses', use)
  return { type: 'voucherApplied', voucherMinor: amountMinor, dueMinor: due - amountMinor }
}

export function removeVoucher(work: Work, { bookingId }: RemoveVoucher): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(bookingId), 'bookingId']])
  if (refusal !== undefined) return refusal
  const named = ownBooking(work, bookingId)
  if (named === undefined) return noBooking(work, bookingId)
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named)
  if (unfit !== undefined) return unfit
  const use = state.voucherUses.get(booking.bookingId)
  if (use === undefined) return refuse('voucherNotFound')
  countUse(state, use, -1)
  state.voucherUses.delete(use.bookingId)
  deleteRow(work, 'voucher_uses', use, [use.bookingId])
  return { type: 'done' }
}

/** Somebody else's is as if there were none. */
function usableVoucher(work: Work, codeHash: string, due: number): Voucher | Refusal {
  const { voucherByHash, meta } = work.state
  const voucher = voucherByHash.get(codeHash)
  const isOwn = voucher?.accountId === 0 || voucher?.accountId === work.actor
  if (voucher === undefined || !isOwn) return refuse('voucherNotFound')
  const { validFromMs, validToMs, minimumMinor, amountMinor, once, openUses } = voucher
  if (meta.nowMs < validFromMs) return refuse('voucherNotValid', { figure: validFromMs })
  if (meta.nowMs >= validToMs) return refuse('voucherNotValid', { figure: validToMs })
  const isUsed = (once && openUses > 0) || (amountMinor > 0 && leftOf(voucher) === 0)
  if (isUsed) return refuse('voucherUsedUp')
  if (due < minimumMinor) return refuse('voucherMinimum', { figure: minimumMinor })
  return worthOf(voucher, due) === 0 ? refuse('nothingToPay') : voucher
}

function checkVoucher(command: IssueVoucher): Refusal | undefined {
  const { amountMinor, basisPoints, validFromMs, validToMs } = command
  const refusal = firstInvalid([
    [isTokenHash(command.codeHash), 'codeHash'],
    [isInt(amountMinor, 0, MAX_SUM), 'amountMinor'],
    [isInt(basisPoints, 0, 10_000), 'basisPoints'],
    [isInt(command.maximumMinor, 0, MAX_SUM), 'maximumMinor'],
    [isInt(command.minimumMinor, 0, MAX_SUM), 'minimumMinor'],
    [isInstant(validFromMs), 'validFromMs'],
    [isInstant(validToMs), 'validToMs'],
    [typeof command.once === 'boolean', 'once'],
    [isInt(command.accountId, 0, Number.MAX_SAFE_INTEGER), 'accountId'],
    [isReason(command.reason), 'reason'],
  ])
  if (refusal !== undefined) return refusal
  // A sum or a share, not both.
  if (amountMinor > 0 === basisPoints > 0) return invalid('basisPoints')
  return validToMs <= validFromMs ? invalid('validToMs') : undefined
}
