import { mustBeStaff } from '../actors.ts'
import { checkEach, checkLength, firstInvalid, isId, isInt, isServiceDate } from '../checks.ts'
import { reasons } from '../commands/reasons.ts'
import type { BlockSeats, Reason, UnblockSeats } from '../commands.ts'
import { isReseating } from '../consist/run-consist.ts'
import { addToCounter } from '../counters.ts'
import { hasDeparted } from '../fares.ts'
import { noteFreed } from '../freed.ts'
import { isVisible, mayRun } from '../imports.ts'
import { freeBlock, isOfRun, takeBlock } from '../inventory/blocks.ts'
import { leavesEnough } from '../inventory/later.ts'
import { isFree } from '../inventory/occupancy.ts'
import { sharedBySome } from '../inventory/shares.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Run, SeatBlock, Train } from '../things.ts'
import { offerByAndBy } from '../waiting/timed.ts'

const MAX_SEATS = 200
/** A year of daily runs. */
const MAX_RUNS = 400

export function blockSeats(work: Work, command: BlockSeats): Reply {
  const { state } = work
  const refusal = checkBlock(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const where = placeOf(state, command.runId, command.trainId)
  if ('type' in where) return where
  const { train, run } = where
  const { seats, reason, shared = false } = command
  const beyond = seats.findIndex((seat) => seat >= (run ?? train).layout.capacity)
  if (beyond >= 0) return refuse('seatNotFound', { field: `seats[${beyond}]` })
  const block: SeatBlock = {
    hashLow: 0,
    hashHigh: 0,
    blockId: (state.counters.get('seatBlocks')?.value ?? 0) + 1,
    train,
    runId: command.runId,
    fromDate: run?.serviceDate ?? command.fromDate,
    toDate: run?.serviceDate ?? command.toDate,
    seats: [...seats],
    reason,
    accountId: work.actor,
    atMs: state.meta.nowMs,
    shared,
  }
  const runs = train.runs.filter((it) => isOfRun(block, it) && mayRun(state, it))
  if (runs.length > MAX_RUNS) return refuse('tooMany', { field: 'toDate', figure: MAX_RUNS })
  const changing = runs.find(({ runId }) => isReseating(state, runId))
  if (changing !== undefined) return refuse('consistChanging', { figure: changing.runId })
  const unfit = mustBeFree(state, block, runs)
  if (unfit !== undefined) return unfit
  addToCounter(work, 'seatBlocks', 1)
  for (const it of runs) {
    takeBlock(it, block)
    // Who waits and would share has half a berth now.
    if (shared && block.runId === 0) offerByAndBy(work, [it])
    else if (shared) noteFreed(work, it)
  }
  state.blocks.set(block.blockId, block)
  writeRow(work, 'seat_blocks', block)
  work.reason = reason
  return { type: 'seatsBlocked', blockId: block.blockId }
}

export function unblockSeats(work: Work, command: UnblockSeats): Reply {
  const { state } = work
  const { blockId, reason } = command
  const refusal =
    firstInvalid([
      [isId(blockId), 'blockId'],
      [isReason(reason), 'reason'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const block = state.blocks.get(blockId)
  if (block === undefined) return refuse('blockNotFound', { field: 'blockId' })
  const needed = mustBeUnshared(state, block)
  if (needed !== undefined) return needed
  state.blocks.delete(blockId)
  deleteRow(work, 'seat_blocks', block, [blockId])
  for (const run of block.train.runs) {
    if (!isOfRun(block, run) || !mayRun(state, run)) continue
    freeBlock(run, block)
    if (block.runId === 0) offerByAndBy(work, [run])
    else noteFreed(work, run)
  }
  work.reason = reason
  return { type: 'done' }
}

/** The train and, when it is about one run, the run; one of the ids is 0. */
export function placeOf(
  state: BookingState,
  runId: number,
  trainId: number,
): { readonly train: Train; readonly run: Run | undefined } | Refusal {
  if (runId > 0) {
    const run = state.runs.get(runId)
    if (run !== undefined && isVisible(state, run.importId)) return { train: run.train, run }
    return refuse('runNotFound', { field: 'runId' })
  }
  const train = state.trains.get(trainId)
  if (train !== undefined && isVisible(state, train.importId)) return { train, run: undefined }
  return refuse('trainNotFound', { field: 'trainId' })
}

/** Of a run or of a train: exactly one of them is named. */
export function checkPlace(runId: unknown, trainId: unknown): Refusal | undefined {
  const max = Number.MAX_SAFE_INTEGER
  return firstInvalid([
    [isInt(runId, 0, max), 'runId'],
    [isInt(trainId, 0, max) && (trainId === 0) !== (runId === 0), 'trainId'],
  ])
}

/** Neither sold nor blocked: on no run that there is, and on none that may come. */
function mustBeFree(
  state: BookingState,
  { train, runId, fromDate, toDate, seats }: SeatBlock,
  runs: readonly Run[],
): Refusal | undefined {
  // Numbers of a run with other coaches are not those of its train.
  const isOwn = (id: number) => {
    const run = state.runs.get(id)
    return run !== undefined && run.layout !== run.train.layout
  }
  const again = seats.filter((seat) =>
    [...state.blocks.values()].some(
      (other) =>
        other.train === train &&
        (other.runId === runId || (!isOwn(runId) && !isOwn(other.runId))) &&
        (runId === 0 || other.runId === 0 || other.runId === runId) &&
        other.fromDate <= toDate &&
        fromDate <= other.toDate &&
        other.seats.includes(seat),
    ),
  )
  if (again.length > 0) return refuse('seatBlocked', { seats: again })
  for (const run of runs) {
    const { runId: figure, inventory } = run
    if (inventory === undefined) continue
    const taken = seats.filter((seat) => !isFree(inventory, seat, 0, inventory.segments))
    if (taken.length > 0) return refuse('seatTaken', { seats: taken, figure })
    if (!spared(run, seats)) return refuse('seatsNeeded', { figure })
  }
  return undefined
}

/** Nobody sits on one of its berths, on a run that may still be sold. */
function mustBeUnshared(state: BookingState, block: SeatBlock): Refusal | undefined {
  if (!block.shared) return undefined
  for (const run of block.train.runs) {
    if (!isOfRun(block, run) || !mayRun(state, run)) continue
    const isOver = hasDeparted(run, run.train.stops.length - 2, state.meta.nowMs)
    const seats = isOver ? [] : sharedBySome(run.inventory, block.seats)
    if (seats.length > 0) return refuse('seatTaken', { seats, figure: run.runId })
  }
  return undefined
}

/** Those who were promised a place, and have no seat yet, still find one. */
function spared(run: Run, seats: readonly number[]): boolean {
  const last = run.train.stops.length - 1
  return run.layout.classes.every((of) => leavesEnough(run, of, seats, last))
}

function checkBlock(command: BlockSeats): Refusal | undefined {
  const { runId, trainId, fromDate, toDate, seats, reason, shared } = command
  return (
    checkPlace(runId, trainId) ??
    firstInvalid([
      [runId > 0 ? isInt(fromDate, 0, 0) : isServiceDate(fromDate), 'fromDate'],
      [runId > 0 ? isInt(toDate, 0, 0) : isServiceDate(toDate) && toDate >= fromDate, 'toDate'],
    ]) ??
    checkLength(seats, 1, MAX_SEATS, 'seats') ??
    checkEach(seats, (seat, i) =>
      isInt(seat, 0, 1_999) && seats.indexOf(seat) === i ? undefined : invalid(`seats[${i}]`),
    ) ??
    firstInvalid([
      [isReason(reason), 'reason'],
      [shared === undefined || typeof shared === 'boolean', 'shared'],
    ])
  )
}

function isReason(value: unknown): value is Reason {
  return (reasons as readonly unknown[]).includes(value)
}
