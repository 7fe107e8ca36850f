/** Guests: accounts without a password, of whom nobody needs to know more than an address. */
import { ruleAt } from '../fares.ts'
import { heapPush, heapRemove, type Queued } from '../heap.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work } from '../store.ts'
import type { Hashed } from '../things.ts'

/** What is known of a guest beside the account. */
export interface Guest extends Hashed, Queued {
  readonly accountId: number
  /** '': none. */
  linkHash: string
  linkUntilMs: number
  /** When to look whether it can be forgotten. */
  lookAtMs: number
}

export interface GuestRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly maxHolds: number
  readonly retentionMs: number
}

/** 90 days. */
const WITHOUT_RULE = { maxHolds: 10, retentionMs: 7_776_000_000 } as const

export function guestTerms({
  guestRules,
  meta,
}: BookingState): Pick<GuestRule, 'maxHolds' | 'retentionMs'> {
  return ruleAt(guestRules, meta.nowMs) ?? WITHOUT_RULE
}

/** Why a guest may not hold anything more; whoever has an account may. */
export function guestUnfit({ state, actor }: Work): Refusal | undefined {
  const account = state.accounts.get(actor)
  if (account?.role !== 'guest') return undefined
  const { maxHolds } = guestTerms(state)
  const { bookingIds } = account
  if (bookingIds.some((id) => isBought(state, id))) return refuse('guestHasBooking')
  return bookingIds.length >= maxHolds ? refuse('tooMany', { figure: maxHolds }) : undefined
}

/** It is held, waited for, or was once paid: a guest's purchase. */
function isBought({ bookings, archive, meta }: BookingState, bookingId: number): boolean {
  const booking = bookings.get(bookingId)
  if (booking === undefined) return archive.get(bookingId)?.bought ?? true
  const { status, expiresAtMs } = booking
  if (status === 'held' || status === 'paying') return expiresAtMs > meta.nowMs
  return status !== 'expired' && status !== 'released' && status !== 'lapsed'
}

/** Puts a guest into memory: a new one, or one that is loaded. */
export function keepGuest({ guests, guestQueue }: BookingState, guest: Guest): void {
  guests.set(guest.accountId, guest)
  heapPush(guestQueue, guest)
}

/** It is no guest any more; what was bought stays with the account. */
export function dropGuest(work: Work, accountId: number): void {
  const { guests, guestQueue } = work.state
  const guest = guests.get(accountId)
  if (guest === undefined) return
  guests.delete(accountId)
  heapRemove(guestQueue, guest)
  deleteRow(work, 'guests', guest, [accountId])
}
