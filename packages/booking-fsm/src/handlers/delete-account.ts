import { mustBeOperator } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { DeleteAccount } from '../commands.ts'
import { leaveCompanies } from '../companies/company.ts'
import { keepErasure } from '../erasing.ts'
import { arrivalMs } from '../fares.ts'
import { dropGuest } from '../guests/guest.ts'
import { forgetNotices } from '../notices.ts'
import { forgetElsewhere } from '../people/forget.ts'
import { forgetSecondFactor } from '../people/second-factor.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { dropPassenger, savedPassengers } from '../saved-passengers.ts'
import { endSessions } from '../sessions.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Account, Erasure } from '../things.ts'
import { leadOf } from '../trips.ts'
import { forgetReset, isLastOperator } from './account-changes.ts'

/** So many are looked through in one entry. */
const MOST_BOOKINGS = 1_000

export function deleteAccount(work: Work, { accountId }: DeleteAccount): Reply {
  const { state, actor } = work
  const refusal =
    firstInvalid([[isId(accountId), 'accountId']]) ??
    (actor === accountId ? undefined : mustBeOperator(work))
  if (refusal !== undefined) return refusal
  const account = state.accounts.get(accountId)
  if (account === undefined) return refuse('accountNotFound', { field: 'accountId' })
  if (account.erasedAtMs > 0) return refuse('accountClosed')
  if (isLastOperator(work, account)) return refuse('lastOperator')
  if (state.tills.has(accountId)) return refuse('tillOpen')
  const { bookingIds } = account
  if (bookingIds.length > MOST_BOOKINGS) return refuse('tooMany', { figure: MOST_BOOKINGS })
  const waitsFor = bookingIds.find((id) => !isOver(state, id))
  if (waitsFor !== undefined) return refuse('bookingNotOver', { figure: waitsFor })
  eraseAccount(work, account)
  return { type: 'done' }
}

/** Who it was; what was bought and paid stays. Nothing of it may be open any more. */
export function eraseAccount(work: Work, account: Account): void {
  const { state } = work
  const { accountId, email, bookingIds } = account
  if (state.accountByEmail.get(email) === account) state.accountByEmail.delete(email)
  // Unique, and nobody's: the domain does not exist.
  account.email = `erased-${accountId}@erased.invalid`
  state.accountByEmail.set(account.email, account)
  account.displayName = 'Erased'
  account.passwordHash = 'erased'
  account.role = 'passenger'
  account.erasedAtMs = state.meta.nowMs
  account.closedAtMs = account.erasedAtMs
  const [namesFrom] = bookingIds
  if (namesFrom !== undefined) {
    const erasure: Erasure = { hashLow: 0, hashHigh: 0, accountId, namesFrom }
    keepErasure(state, erasure)
    writeRow(work, 'erasures', erasure)
  }
  endSessions(work, accountId, '')
  forgetReset(work, accountId)
  forgetSecondFactor(work, accountId)
  forgetElsewhere(work, account)
  for (const passenger of savedPassengers(state, accountId)) dropPassenger(work, passenger)
  forgetNotices(work, accountId)
  dropGuest(work, accountId)
  leaveCompanies(work, accountId)
  writeRow(work, 'accounts', account)
}

/** Nothing of it is to be travelled, paid or paid back any more. */
export function isOver(state: BookingState, bookingId: number): boolean {
  const { bookings, meta } = state
  const booking = bookings.get(bookingId)
  if (booking === undefined) return !isComplained(state, bookingId)
  const { status, run, toStop } = booking
  if (status === 'held' || status === 'paying' || status === 'waiting') return false
  if (status === 'confirmed' && arrivalMs(run, toStop) > meta.nowMs) return false
  return leadOf(booking).payments.every(({ effects }) => effects.length === 0)
}

/** Of an archived booking, money is on its way or owed. */
function isComplained({ archive }: BookingState, bookingId: number): boolean {
  if ((archive.get(bookingId)?.owedMinor ?? 0) > 0) return true
  const payment = archive.paymentOf(bookingId)
  return payment !== undefined && archive.effectsOf(payment.paymentId).length > 0
}
