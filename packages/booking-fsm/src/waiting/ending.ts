/** Waiting ends without seats: the person leaves, the time is over, or the chart closes. It costs nothing. */
import { queueEffect } from '../effects.ts'
import { heapRemove, heapTop } from '../heap.ts'
import { endBooking } from '../live.ts'
import { queueNotice } from '../notices.ts'
import { expectSeating } from '../seat-promise/seating.ts'
import { type Work, writeRow } from '../store.ts'
import type { Booking, Run } from '../things.ts'
import { byRank, forgetWaiting, isClosed, openChart, waitingOn } from './list.ts'
import { offerFreed } from './promote.ts'
import type { WaitingEntry } from './things.ts'
import { noteRun } from './timed.ts'
import { sharersOn } from './upgrade.ts'

const LAPSED_PER_ENTRY = 200

/** What was reserved of the money is given back; a reservation on its way is, when it has come. */
export function endWaiting(work: Work, entry: WaitingEntry, status: 'released' | 'lapsed'): void {
  const { booking } = entry
  forgetWaiting(work, entry)
  endBooking(work, booking, status)
  writeRow(work, 'bookings', booking)
  if (status === 'lapsed') queueNotice(work, booking, 'notPromoted')
  for (const payment of booking.payments) {
    if (payment.status !== 'authorised') continue
    payment.status = 'voiding'
    queueEffect(work, 'void', payment, payment.amountMinor)
    writeRow(work, 'payments', payment)
  }
}

/** One that the housekeeping has not reached yet is over all the same. */
export function lapseIfDue(work: Work, booking: Booking): void {
  const entry = work.state.waiting.get(booking.bookingId)
  if (entry !== undefined && entry.deadlineMs <= work.state.meta.nowMs) {
    endWaiting(work, entry, 'lapsed')
  }
}

/** Housekeeping: those who do not want it any more, in bounded portions. */
export function lapseDue(work: Work): void {
  const { waitingQueue, meta } = work.state
  for (let lapsed = 0; lapsed < LAPSED_PER_ENTRY; lapsed++) {
    const next = heapTop(waitingQueue)
    if (next === undefined || next.deadlineMs > meta.nowMs) return
    endWaiting(work, next, 'lapsed')
  }
}

/** Housekeeping: one list per entry, which is bounded itself. */
export function closeDueChart(work: Work): void {
  const { chartQueue, meta } = work.state
  const next = heapTop(chartQueue)
  if (next !== undefined && next.closesAtMs <= meta.nowMs) closeList(work, next.run)
}

/** The last offer; then whoever waits for nothing else has waited in vain. */
export function closeList(work: Work, run: Run): void {
  const { state } = work
  const { nowMs } = state.meta
  noteRun(work, run.runId)
  offerFreed(work)
  const chart = openChart(work, run, nowMs)
  chart.closedAtMs = nowMs
  heapRemove(state.chartQueue, chart)
  heapRemove(state.offerQueue, chart.offering)
  writeRow(work, 'charts', chart)
  expectSeating(state, run)
  for (const booking of sharersOn(state, run)) {
    if (booking.status === 'confirmed') queueNotice(work, booking, 'berthStaysShared')
  }
  const waiting = waitingOn(state, run).sort(byRank)
  state.waitingOnRun.delete(run.runId)
  for (const entry of waiting) {
    if (entry.options.every((option) => isClosed(state, option.run))) {
      endWaiting(work, entry, 'lapsed')
    }
  }
}
