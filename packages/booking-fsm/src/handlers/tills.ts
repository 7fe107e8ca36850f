/** Sales at a counter: paid in cash or at a terminal, in shifts that end with a count. */
import { ownBooking } from '../actors.ts'
import { firstInvalid, isId, isInt, isText } from '../checks.ts'
import type { CloseTill, OpenTill, PayAtCounter, PayOut } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { resolveEffect } from '../effects.ts'
import { dueMinor } from '../exchanges.ts'
import { expireIfDue } from '../expiry.ts'
import { transfer } from '../ledger.ts'
import { refundPaid } from '../refund-paid.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { deleteRow, type Work, writeRecord, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { isAtCounter, placeOf, type Till } from '../tills/till.ts'
import { leadOf } from '../trips.ts'
import { confirmAtOnce, mustBeSellable } from './confirm-booking.ts'
import { mustBeHeld } from './release-hold.ts'

/** 10 million of the currency, as far as it has hundredths. */
const MAX_CASH_MINOR = 1_000_000_000

export function openTill(work: Work, { floatMinor }: OpenTill): Reply {
  const { state, actor } = work
  const refusal =
    firstInvalid([[isInt(floatMinor, 0, MAX_CASH_MINOR), 'floatMinor']]) ?? mustSell(work)
  if (refusal !== undefined) return refusal
  if (state.tills.has(actor)) return refuse('tillOpen')
  const till: Till = {
    ...unhashed,
    accountId: actor,
    tillId: addToCounter(work, 'tills', 1),
    openedAtMs: state.meta.nowMs,
    floatMinor,
    cashMinor: floatMinor,
  }
  state.tills.set(actor, till)
  writeRow(work, 'tills', till)
  transfer(work, 'cashInTills', 'cashInSafe', floatMinor, undefined, 'float of a till')
  return { type: 'tillOpened', tillId: till.tillId }
}

/** Whoever has one may close it, also who sells no more. */
export function closeTill(work: Work, { countedMinor }: CloseTill): Reply {
  const { state, actor } = work
  const refusal = firstInvalid([[isInt(countedMinor, 0, MAX_CASH_MINOR), 'countedMinor']])
  if (refusal !== undefined) return refusal
  const till = state.tills.get(actor)
  if (till === undefined) return refuse('tillNotOpen')
  const { tillId, openedAtMs, floatMinor, cashMinor } = till
  const differenceMinor = countedMinor - cashMinor
  state.tills.delete(actor)
  deleteRow(work, 'tills', till, [actor])
  transfer(work, 'cashInSafe', 'cashInTills', countedMinor, undefined, 'till counted')
  const [more, less] = [Math.max(differenceMinor, 0), Math.max(-differenceMinor, 0)]
  transfer(work, 'cashInTills', 'cashDifferences', more, undefined, 'too much in a till')
  transfer(work, 'cashDifferences', 'cashInTills', less, undefined, 'too little in a till')
  const { nowMs } = state.meta
  const figures = [floatMinor, cashMinor, countedMinor, differenceMinor]
  const times = [openedAtMs, nowMs]
  writeRecord(work, 'till_counts', [tillId, actor, ...times, ...figures, work.index])
  return { type: 'tillClosed', tillId, expectedMinor: cashMinor, differenceMinor }
}

export function payAtCounter(work: Work, command: PayAtCounter): Reply {
  const { bookingId, means, amountMinor, reference } = command
  const refusal =
    firstInvalid([
      [isId(bookingId), 'bookingId'],
      [means === 'cash' || means === 'terminal', 'means'],
      [isInt(amountMinor, 0, Number.MAX_SAFE_INTEGER), 'amountMinor'],
      [isText(reference, means === 'cash' ? 0 : 1, means === 'cash' ? 0 : 64), 'reference'],
    ]) ?? mustSell(work)
  if (refusal !== undefined) return refusal
  const till = work.state.tills.get(work.actor)
  if (till === undefined) return refuse('tillNotOpen')
  const named = ownBooking(work, bookingId)
  if (named === undefined) return refuse('bookingNotFound')
  const booking = leadOf(named)
  expireIfDue(work, booking)
  const unfit = mustBeHeld(named) ?? mustBeSellable(work.state, booking)
  if (unfit !== undefined) return unfit
  const due = dueMinor(work.state, booking)
  if (amountMinor !== due) return refuse('priceChanged', { figure: due })
  if (due === 0) return refuse('nothingToPay')
  const place = means === 'cash' ? `cash:${till.tillId}` : `terminal:${reference}`
  confirmAtOnce(work, booking, amountMinor, place)
  if (means === 'cash') changeCash(work, till, amountMinor)
  return { type: 'done' }
}

export function payOut(work: Work, { outboxId, reference }: PayOut): Reply {
  const { state } = work
  const refusal =
    firstInvalid([
      [isId(outboxId), 'outboxId'],
      [isText(reference, 0, 64), 'reference'],
    ]) ?? mustSell(work)
  if (refusal !== undefined) return refusal
  const till = state.tills.get(work.actor)
  if (till === undefined) return refuse('tillNotOpen')
  const effect = state.effects.get(outboxId)
  if (effect === undefined || !isAtCounter(effect.payment) || !isOurs(work, effect.payment)) {
    return refuse('outboxNotFound')
  }
  const { payment, amountMinor } = effect
  const isCash = placeOf(payment) === 'cashInTills'
  if (isCash && till.cashMinor < amountMinor) {
    return refuse('tillTooLow', { figure: till.cashMinor })
  }
  work.subject = `booking:${payment.booking.bookingId}`
  resolveEffect(work, effect, 'done', reference)
  refundPaid(work, payment, amountMinor)
  writeRow(work, 'payments', payment)
  if (isCash) changeCash(work, till, -amountMinor)
  return { type: 'done' }
}

/** An agent pays out for sales of their own, staff for everybody's. */
function isOurs({ state, actor }: Work, { booking }: { booking: { accountId: number } }): boolean {
  return booking.accountId === actor || state.accounts.get(actor)?.role !== 'agent'
}

function changeCash(work: Work, till: Till, byMinor: number): void {
  till.cashMinor += byMinor
  writeRow(work, 'tills', till)
}

/** A person who sells: the cluster has no till. */
function mustSell({ state, actor }: Work): Refusal | undefined {
  const role = state.accounts.get(actor)?.role
  const sells = role === 'agent' || role === 'staff' || role === 'operator'
  return sells ? undefined : refuse('notAllowed')
}
