/** Draws, and who entered them. */
import type { DrawWish } from '../commands.ts'
import {
  createDraw,
  type DrawEntry,
  type DrawStatus,
  keepDraw,
  keepDrawEntry,
} from '../draws/draw.ts'
import { saidOfRow } from '../draws/said.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, required, text, word } from './cursor.ts'

export function loadDraw(state: BookingState, row: Cursor): Hashed {
  const draw = createDraw({
    hashLow: 0,
    hashHigh: 0,
    drawId: int(row),
    runIds: list<number>(row),
    windowFromMs: int(row),
    windowToMs: int(row),
    revealByMs: int(row),
    holdMs: int(row),
    seedCommitment: text(row),
    seed: text(row),
    status: word(row) as DrawStatus,
    entered: int(row),
    digest: text(row),
    ordered: int(row),
    drawn: int(row),
  })
  keepDraw(state, draw)
  return draw
}

export function loadDrawEntry(state: BookingState, row: Cursor): Hashed {
  const drawId = int(row)
  const draw = required(state.draws.get(drawId), row)
  const entry: DrawEntry = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    drawId,
    number: int(row),
    accountId: int(row),
    wishes: list<readonly [number, number, number, string]>(row).map(
      ([runId, fromStop, toStop, classCode]): DrawWish => ({ runId, fromStop, toStop, classCode }),
    ),
    passengers: list<Parameters<typeof saidOfRow>[0]>(row).map(saidOfRow),
    salt: text(row),
    enteredAtMs: int(row),
    key: '',
  }
  keepDrawEntry(draw, entry)
  return entry
}
