/** Planted bugs in wishes, wheelchair places, seats off sale and quotas. */
import { type Mutant, mutant } from './mutant.ts'

export const inventoryMutants: readonly Mutant[] = [
  mutant(
    'a seat that is off sale is sold on runs that are opened later',
    'timetable.ts',
    '  if (state.blocks.size > 0) applyBlocks(state, run)\n',
    '',
  ),
  mutant(
    'a seat that somebody has is taken off sale where the train starts behind them',
    'handlers/seat-blocks.ts',
    '!isFree(inventory, seat, 0, inventory.segments)',
    '!isFree(inventory, seat, 0, 1)',
  ),
  mutant(
    'what pools keep is sold to anybody',
    'inventory/quotas.ts',
    'for (const pool of kept) room -= pool.capacity',
    'for (const pool of kept.slice(1)) room -= pool.capacity',
  ),
  mutant(
    'the last segment of a pool is not looked at',
    'inventory/quotas.ts',
    '  let least = capacity\n  for (let segment = from; segment < to; segment++) {',
    '  let least = capacity\n  for (let segment = from; segment < to - 1; segment++) {',
  ),
  mutant(
    'places of a pool are not given back',
    'live.ts',
    '  countInPool(work.state, booking, -seats.length)\n  noteFreed(work, booking.run)',
    '  noteFreed(work, booking.run)',
  ),
  mutant(
    'a pool is never released',
    'inventory/quotas.ts',
    'aheadMs > releaseBeforeDepartureMs',
    'aheadMs + releaseBeforeDepartureMs > releaseBeforeDepartureMs',
  ),
  mutant(
    'a pool is for everybody',
    'inventory/quotas.ts',
    "return may ? named : refuse('poolNotAllowed', { field: 'pool' })",
    'return named',
  ),
  mutant(
    'the pool of a booking is forgotten when rows are loaded',
    'loading/inventory.ts',
    'state.bookingPools.set(claim.bookingId, claim)',
    '',
  ),
  mutant(
    'wheelchair places are sold to anybody',
    'inventory/seat-rule.ts',
    'return departureMs(run, 0) - releaseMs > nowMs',
    'return departureMs(run, 0) - releaseMs > nowMs && nowMs < 0',
  ),
  mutant(
    'wishes are not looked at',
    'inventory/wishes.ts',
    'MISSING * countBits((wished | beside) & ~mask)',
    'MISSING * countBits(beside & ~mask)',
  ),
  mutant(
    'a group that fits a bay is spread over a row',
    'inventory/choose.ts',
    '    bestBay(of.bays, wanted) ??\n',
    '',
  ),
]
