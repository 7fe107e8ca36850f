/** Staff set the rules of refunds aside: with a reason, and above a limit by two persons. */
import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isId, isInt, isText } from '../checks.ts'
import type { DecideOverride, OverrideRefund } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { type Payable, payableOf } from '../disruption/payable.ts'
import type { Override } from '../disruption/things.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { isReason } from './cancel-run.ts'

/** What one person may give for a booking, in all; more needs a second one. */
export const OVERRIDE_LIMIT_MINOR = 10_000

export function overrideRefund(work: Work, command: OverrideRefund): Reply {
  const { state, actor } = work
  const { bookingId, passengers, amountMinor, reason, note } = command
  const refusal = checkOverride(command) ?? mustBePerson(work)
  if (refusal !== undefined) return refusal
  const payable = payableOf(work, bookingId)
  if (payable === undefined) return refuse('bookingNotFound')
  if (payable.accountId === actor) return refuse('notAllowed', { field: 'bookingId' })
  payable.settle()
  const beyond = passengers.findIndex((position) => position >= payable.passengers)
  if (beyond >= 0) return invalid(`passengers[${beyond}]`)
  const unfit = mustBeKept(payable, passengers, amountMinor)
  if (unfit !== undefined) return unfit
  const given = givenBefore(state, bookingId)
  const waits = given + amountMinor > OVERRIDE_LIMIT_MINOR
  const override: Override = {
    ...unhashed,
    overrideId: addToCounter(work, 'overrides', 1),
    bookingId,
    passengers: [...passengers],
    amountMinor,
    reason,
    note,
    askedBy: actor,
    askedAtMs: state.meta.nowMs,
    status: waits ? 'waiting' : 'paid',
    decidedBy: 0,
    decidedAtMs: 0,
  }
  state.disruption.overrides.set(override.overrideId, override)
  if (!waits) payable.pay(passengers, amountMinor)
  writeRow(work, 'overrides', override)
  return { type: 'refundOverridden', overrideId: override.overrideId, waits }
}

export function decideOverride(work: Work, { overrideId, approve }: DecideOverride): Reply {
  const { state, actor } = work
  const refusal =
    firstInvalid([
      [isId(overrideId), 'overrideId'],
      [typeof approve === 'boolean', 'approve'],
    ]) ?? mustBePerson(work)
  if (refusal !== undefined) return refusal
  const override = state.disruption.overrides.get(overrideId)
  const payable = override && payableOf(work, override.bookingId)
  if (override === undefined || payable === undefined) return refuse('overrideNotFound')
  if (override.status !== 'waiting') return refuse('overrideDecided')
  if (override.askedBy === actor) return refuse('secondPersonNeeded')
  if (payable.accountId === actor) return refuse('notAllowed', { field: 'overrideId' })
  const { bookingId, passengers, amountMinor, reason } = override
  const unfit = approve ? mustBeKept(payable, passengers, amountMinor) : undefined
  if (unfit !== undefined) return unfit
  override.status = approve ? 'paid' : 'declined'
  override.decidedBy = actor
  override.decidedAtMs = state.meta.nowMs
  if (approve) payable.pay(passengers, amountMinor)
  writeRow(work, 'overrides', override)
  work.subject = `booking:${bookingId}`
  work.reason = reason
  return { type: 'refundOverridden', overrideId, waits: false }
}

/** Two persons are two accounts: the cluster is none. */
function mustBePerson(work: Work): Refusal | undefined {
  return work.actor === 0 ? refuse('notAllowed') : mustBeStaff(work)
}

/** The fare was paid, and so much of it is kept. */
function mustBeKept(
  payable: Payable,
  positions: readonly number[],
  amountMinor: number,
): Refusal | undefined {
  const kept = payable.kept(positions)
  if (kept === undefined) return refuse(payable.unpaid)
  return amountMinor > kept ? refuse('refundTooHigh', { figure: kept }) : undefined
}

/** By overrides of the booking, alone or by two: small ones add up. */
function givenBefore({ disruption }: BookingState, bookingId: number): number {
  let sum = 0
  for (const override of disruption.overrides.values()) {
    if (override.bookingId === bookingId && override.status === 'paid') sum += override.amountMinor
  }
  return sum
}

function checkOverride(command: OverrideRefund): Refusal | undefined {
  const { bookingId, passengers, amountMinor, reason, note } = command
  if (!isId(bookingId)) return invalid('bookingId')
  const length = checkLength(passengers, 1, 6, 'passengers')
  if (length !== undefined) return length
  let least = 0
  for (const [i, position] of passengers.entries()) {
    if (!isInt(position, least, 5)) return invalid(`passengers[${i}]`)
    least = position + 1
  }
  return firstInvalid([
    [isInt(amountMinor, 1, Number.MAX_SAFE_INTEGER), 'amountMinor'],
    [isReason(reason), 'reason'],
    [isText(note, 1, 500), 'note'],
  ])
}
