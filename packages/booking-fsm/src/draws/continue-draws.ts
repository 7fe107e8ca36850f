/** A draw is worked on in bounded portions, entry by entry of the log, by whoever leads. */
import { makeBooking, type Plan, planHold } from '../handlers/hold-seats.ts'
import { heapRemove, heapTop } from '../heap.ts'
import { queueNotice } from '../notices.ts'
import { PNR_COUNT } from '../pnr.ts'
import { deleteRow, type Work, writeRecord, writeRow } from '../store.ts'
import { offerByAndBy } from '../waiting/timed.ts'
import { type Draw, type DrawEntry, endDraw, putInOrder } from './draw.ts'

const ORDERED_PER_ENTRY = 500
const DRAWN_PER_ENTRY = 20

/** Does one portion of the oldest draw that has something to do. */
export function continueDraws(work: Work): void {
  const { state } = work
  for (const draw of state.activeDraws) {
    if (draw.status === 'entering') {
      if (state.meta.nowMs < draw.revealByMs) continue
      // Nobody loses a draw by a lost seed: the order is made from what everybody knows.
      draw.status = 'ordering'
    } else if (draw.status === 'ordering') order(draw)
    else drawSome(work, draw)
    writeRow(work, 'draws', draw)
    return
  }
}

function order(draw: Draw): void {
  const until = Math.min(draw.entered, draw.ordered + ORDERED_PER_ENTRY)
  for (let number = draw.ordered + 1; number <= until; number++) {
    putInOrder(draw, draw.entries.get(number) as DrawEntry)
  }
  draw.ordered = until
  if (until === draw.entered) draw.status = 'holding'
}

function drawSome(work: Work, draw: Draw): void {
  const { state } = work
  state.drawing = draw
  for (let drawn = 0; drawn < DRAWN_PER_ENTRY; drawn++) {
    const entry = heapTop(draw.queue)
    if (entry === undefined) break
    drawOne(work, draw, entry)
  }
  state.drawing = undefined
  if (draw.entries.size > 0) return
  endDraw(state, draw)
  // What nobody won is for those who wait for it, before it is for anybody.
  offerByAndBy(
    work,
    draw.runIds.flatMap((runId) => state.runs.get(runId) ?? []),
  )
}

/** Holds the first wish that fits. What they wished leaves the state, what came of it is recorded. */
function drawOne(work: Work, draw: Draw, entry: DrawEntry): void {
  const { state, index } = work
  const { drawId, number, accountId, salt, key } = entry
  heapRemove(draw.queue, entry)
  draw.entries.delete(number)
  draw.drawn++
  const plan = firstThatFits(work, entry)
  let bookingId = 0
  if (plan === undefined) queueNotice(work, { accountId }, 'drawLost', { drawId })
  else {
    const untilMs = state.meta.nowMs + draw.holdMs
    const booking = makeBooking(work, plan, false, accountId, { status: 'held', untilMs })
    bookingId = booking.bookingId
    queueNotice(work, booking, 'drawWon', { drawId })
  }
  deleteRow(work, 'draw_entries', entry, [drawId, number])
  writeRecord(work, 'draw_results', [
    drawId,
    number,
    salt,
    key,
    draw.drawn,
    accountId,
    bookingId,
    index,
    state.meta.nowMs,
  ])
}

function firstThatFits(work: Work, entry: DrawEntry): Plan | undefined {
  const { state } = work
  const { accountId, wishes, passengers } = entry
  const account = state.accounts.get(accountId)
  // Nobody's any more, so nobody would pay for it.
  if (account === undefined || account.erasedAtMs > 0) return undefined
  if (state.meta.nextBookingId >= PNR_COUNT) return undefined
  for (const wish of wishes) {
    const hold = { type: 'holdSeats', ...wish, passengers, seats: [] } as const
    const plan = planHold({ state, actor: accountId }, hold, { accountId })
    if (!('type' in plan)) return plan
  }
  return undefined
}
