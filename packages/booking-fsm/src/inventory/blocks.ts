/** Seats off sale: they are taken from end to end, as far as the inventory goes. */
import type { BookingState } from '../state.ts'
import type { Run, SeatBlock } from '../things.ts'
import { createInventory, freeSeats, takeSeats } from './occupancy.ts'
import { shareBerths, unshareBerths } from './shares.ts'

export function isOfRun(block: SeatBlock, run: Run): boolean {
  if (block.train !== run.train || (block.runId !== 0 && block.runId !== run.runId)) return false
  // In another consist the train's numbers are other seats.
  if (block.runId === 0 && run.layout !== run.train.layout) return false
  return run.serviceDate >= block.fromDate && run.serviceDate <= block.toDate
}

/** A run that comes later, or is loaded, has them too. */
export function applyBlocks(state: BookingState, run: Run): void {
  for (const block of state.blocks.values()) if (isOfRun(block, run)) takeBlock(run, block)
}

export function takeBlock(run: Run, { seats, shared }: SeatBlock): void {
  const segments = run.train.stops.length - 1
  run.inventory ??= createInventory(run.layout.capacity, segments)
  takeSeats(run.inventory, seats, 0, segments, 'blocked')
  if (shared) shareBerths(run.inventory, seats)
}

export function freeBlock({ inventory }: Run, { seats, shared }: SeatBlock): void {
  if (inventory === undefined) return
  freeSeats(inventory, seats, 0, inventory.segments, 'blocked')
  if (shared) unshareBerths(inventory, seats)
}
