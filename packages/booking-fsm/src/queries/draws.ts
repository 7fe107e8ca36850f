import type { Draw, DrawEntry, DrawStatus } from '../draws/draw.ts'
import type { BookingState } from '../state.ts'

export interface DrawView {
  readonly drawId: number
  readonly runIds: readonly number[]
  readonly windowFromMs: number
  readonly windowToMs: number
  readonly revealByMs: number
  readonly holdMs: number
  readonly seedCommitment: string
  /** '' until it is revealed, and for ever when it was not in time. */
  readonly seed: string
  readonly status: DrawStatus
  readonly entered: number
  readonly drawn: number
  /** Chained over the entries so far. */
  readonly digest: string
}

export type DrawEntryView = Pick<
  DrawEntry,
  'drawId' | 'number' | 'wishes' | 'passengers' | 'enteredAtMs'
>

export function findDraw(state: BookingState, drawId: number): DrawView | undefined {
  const draw = state.draws.get(drawId)
  return draw && view(draw)
}

/** Newest first. */
export function listDraws(state: BookingState, limit: number): DrawView[] {
  return [...state.draws.values()].reverse().slice(0, Math.max(limit, 0)).map(view)
}

/** The account's number in a draw that is not done; 0: it has not entered, or the draw is done. */
export function drawNumber(state: BookingState, drawId: number, accountId: number): number {
  return state.draws.get(drawId)?.numbers.get(accountId) ?? 0
}

/** What somebody has entered in draws that are not done. */
export function drawEntriesOf({ activeDraws }: BookingState, accountId: number): DrawEntryView[] {
  return [...activeDraws].flatMap(({ drawId, numbers, entries }) => {
    const entry = entries.get(numbers.get(accountId) ?? 0)
    if (entry === undefined) return []
    const { number, wishes, passengers, enteredAtMs } = entry
    return [{ drawId, number, wishes, passengers, enteredAtMs }]
  })
}

/** When a draw has something to do next. */
export function nextDrawMs({ activeDraws, meta }: BookingState): number | undefined {
  let next: number | undefined
  for (const { status, revealByMs } of activeDraws) {
    const at = status === 'entering' ? revealByMs : meta.nowMs
    if (next === undefined || at < next) next = at
  }
  return next
}

function view(draw: Draw): DrawView {
  const {
    entries: _,
    numbers: __,
    queue: ___,
    hashLow: ____,
    hashHigh: _____,
    ordered: ______,
    ...shown
  } = draw
  return shown
}
