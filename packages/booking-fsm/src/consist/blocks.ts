/** Seats off sale go along to the places that are painted the same; from then on they are the run's own. */
import type { Reason } from '../commands/reasons.ts'
import { addToCounter } from '../counters.ts'
import { isOfRun } from '../inventory/blocks.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import { type Run, type SeatBlock, unhashed } from '../things.ts'
import { samePlaces } from './run-consist.ts'
import type { Reseating } from './things.ts'

/** Before the run has its new formation. */
export function moveBlocks(work: Work, run: Run, reseating: Reseating, reason: Reason): void {
  const { blocks, meta } = work.state
  const same = samePlaces(run.layout, reseating.layout)
  for (const block of [...blocks.values()].filter((it) => isOfRun(it, run))) {
    const seats = block.seats.map((seat) => same[seat] as number).filter((seat) => seat >= 0)
    const { accountId, atMs, shared } = block
    const why = { reason: block.reason, accountId, atMs, shared }
    if (block.runId === 0) addBlock(work, run, seats, why)
    else if (seats.length > 0) keepBlock(work, { ...block, seats })
    else {
      blocks.delete(block.blockId)
      deleteRow(work, 'seat_blocks', block, [block.blockId])
    }
  }
  const { accountId, blockedSeats } = reseating
  addBlock(work, run, blockedSeats, { reason, accountId, atMs: meta.nowMs, shared: false })
}

function addBlock(
  work: Work,
  { train, runId, serviceDate }: Run,
  seats: readonly number[],
  why: Pick<SeatBlock, 'reason' | 'accountId' | 'atMs' | 'shared'>,
): void {
  if (seats.length === 0) return
  const blockId = addToCounter(work, 'seatBlocks', 1)
  const when = { fromDate: serviceDate, toDate: serviceDate }
  keepBlock(work, { ...unhashed, blockId, train, runId, ...when, seats, ...why })
}

function keepBlock(work: Work, block: SeatBlock): void {
  work.state.blocks.set(block.blockId, block)
  writeRow(work, 'seat_blocks', block)
}
