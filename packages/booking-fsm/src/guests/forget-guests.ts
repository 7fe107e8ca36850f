/** Guests are forgotten by themselves, in bounded portions, some time after their last journey. */
import { overMs } from '../archive/archiving.ts'
import { eraseAccount, isOver } from '../handlers/delete-account.ts'
import { heapPush, heapRemove, heapTop } from '../heap.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { type Guest, guestTerms } from './guest.ts'

const GUESTS_PER_ENTRY = 10
const DAY_MS = 86_400_000

/** Housekeeping. */
export function forgetGuests(work: Work): void {
  const { state } = work
  for (let looked = 0; looked < GUESTS_PER_ENTRY; looked++) {
    const next = heapTop(state.guestQueue)
    if (next === undefined || next.lookAtMs > state.meta.nowMs) return
    const dueMs = forgetFromMs(state, next)
    if (dueMs <= state.meta.nowMs) forget(work, next)
    else lookAgain(work, next, dueMs)
  }
}

/** Not while something is to be travelled or paid back: then it is looked at the next day. */
function forgetFromMs(state: BookingState, { accountId }: Guest): number {
  const { retentionMs } = guestTerms(state)
  const account = state.accounts.get(accountId)
  let lastMs = account?.registeredAtMs ?? 0
  for (const id of account?.bookingIds ?? []) {
    if (!isOver(state, id)) return state.meta.nowMs + DAY_MS
    const booking = state.bookings.get(id)
    const ended = booking === undefined ? state.archive.get(id)?.overMs : overMs(booking)
    lastMs = Math.max(lastMs, ended ?? 0)
  }
  return lastMs + retentionMs
}

function forget(work: Work, { accountId }: Guest): void {
  const account = work.state.accounts.get(accountId)
  if (account === undefined) throw new Error(`guest ${accountId} has no account`)
  eraseAccount(work, account)
}

function lookAgain(work: Work, guest: Guest, atMs: number): void {
  const { guestQueue } = work.state
  heapRemove(guestQueue, guest)
  guest.lookAtMs = atMs
  heapPush(guestQueue, guest)
  writeRow(work, 'guests', guest)
}
