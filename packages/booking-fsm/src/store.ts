/** Writing rows: every change to a thing ends here, which keeps the state's hash and the row list. */
import { hashedLength, hashRow, tableSeed } from './hash.ts'
import { rowValues, type StateTable, type Things } from './row-values.ts'
import type { RowChange, Value } from './rows.ts'
import type { BookingState } from './state.ts'
import type { Booking, Hashed, Payment, Run } from './things.ts'

/** What one entry is worked on with. */
export interface Work {
  readonly state: BookingState
  readonly changes: RowChange[]
  readonly index: number
  readonly actor: number
  /** The cluster itself asks: actor 0, not an anonymous client. */
  readonly cluster: boolean
  /** The entry's key as one text, '' without. */
  readonly requestKey: string
  readonly contentHash: string
  /** Effects queued by this entry so far. */
  effects: number
  /** For the audit: what it is about, where the command's own ids do not say it; and an override's reason. */
  subject: string
  reason: string
  /** What it was asked has been done, and is to be recorded. */
  recorded: boolean
  /** The runs that this entry has freed capacity of; most entries free none. */
  freed: Set<Run> | undefined
  /** How many of them somebody waited for. */
  freedLists: number
}

/** Writes the thing's row as it is now. */
export function writeRow<T extends StateTable>(work: Work, table: T, thing: Things[T]): void {
  const values = rowValues[table](thing)
  countRow(work.state, table, thing, values)
  if (table === 'bookings') work.state.bookings.touch(thing as Booking)
  else if (table === 'payments') work.state.bookings.touch((thing as Payment).booking)
  work.changes.push({ type: 'upsert', table, values })
}

export function deleteRow(
  work: Work,
  table: StateTable,
  thing: Hashed,
  key: readonly Value[],
): void {
  const { state } = work
  state.hashLow = (state.hashLow - thing.hashLow) >>> 0
  state.hashHigh = (state.hashHigh - thing.hashHigh) >>> 0
  work.changes.push({ type: 'delete', table, key })
}

/** Replaces the thing's share of the state's hash. A new thing has none: both lanes are 0. */
export function countRow(
  state: BookingState,
  table: StateTable,
  thing: Hashed,
  values: readonly Value[],
): void {
  hashRow(seeds[table], values, scratch, hashedLength(table, values))
  const low = scratch[0] as number
  const high = scratch[1] as number
  state.hashLow = (state.hashLow - thing.hashLow + low) >>> 0
  state.hashHigh = (state.hashHigh - thing.hashHigh + high) >>> 0
  // Signed, because only signed words are kept without an object of their own.
  thing.hashLow = low | 0
  thing.hashHigh = high | 0
}

/** A line that is written and not kept. */
export function writeRecord(work: Work, table: string, values: readonly Value[]): void {
  work.changes.push({ type: 'upsert', table, values })
}

const scratch = new Uint32Array(2)
const seeds = Object.fromEntries(
  Object.keys(rowValues).map((table) => [table, tableSeed(table)]),
) as Record<StateTable, number>
