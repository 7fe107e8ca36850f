/** Seats off sale, and places that are kept for some. */
import type { AccountRole, Reason } from '../commands.ts'
import type { BookingState } from '../state.ts'
import type { BookingPool, Hashed, Quota, SeatBlock } from '../things.ts'
import { type Cursor, int, list, numbers, optionalInt, required, text, word } from './cursor.ts'

/** Its runs take the seats off sale as they are loaded. */
export function loadSeatBlock(state: BookingState, row: Cursor): Hashed {
  const block: SeatBlock = {
    hashLow: 0,
    hashHigh: 0,
    blockId: int(row),
    train: required(state.trains.get(int(row)), row),
    runId: int(row),
    fromDate: int(row),
    toDate: int(row),
    seats: numbers(row),
    reason: text(row) as Reason,
    accountId: int(row),
    atMs: int(row),
    shared: optionalInt(row) === 1,
  }
  state.blocks.set(block.blockId, block)
  return block
}

export function loadQuota(state: BookingState, row: Cursor): Hashed {
  const quota: Quota = {
    hashLow: 0,
    hashHigh: 0,
    trainId: int(row),
    runId: int(row),
    fromDate: int(row),
    classCode: word(row),
    pools: list<[string, number, AccountRole[], string[], number]>(row).map(
      ([code, capacity, roles, passengerTypes, releaseBeforeDepartureMs]) => ({
        code,
        capacity,
        roles,
        passengerTypes,
        releaseBeforeDepartureMs,
      }),
    ),
  }
  const ofTrain = state.quotas.get(quota.trainId)
  if (ofTrain === undefined) state.quotas.set(quota.trainId, [quota])
  else ofTrain.push(quota)
  return quota
}

export function loadBookingPool(state: BookingState, row: Cursor): Hashed {
  const claim: BookingPool = { hashLow: 0, hashHigh: 0, bookingId: int(row), pool: word(row) }
  state.bookingPools.set(claim.bookingId, claim)
  return claim
}
