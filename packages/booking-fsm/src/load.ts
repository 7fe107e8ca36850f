/** Rows back into memory: the same hash, and the same behaviour from here on. */
import { sortBookingIds } from './loading/archive.ts'
import { type Load, loaders } from './loading/loaders.ts'
import { loadPortion } from './loading/portions.ts'
import type { StateTable } from './row-values.ts'
import type { Row } from './rows.ts'
import type { PackedPortion } from './shelf/packed-portion.ts'
import { compareKeys, rowsOf } from './snapshot.ts'
import { type BookingState, createState } from './state.ts'
import { countRow } from './store.ts'
import { tables } from './tables.ts'

/**
 * The tables in the order in which everything finds what it refers to. Rows that come so, each table by its key, are loaded
 * as they come; others are all kept, sorted and loaded at the end, with three times the time and the memory.
 */
export const loadingOrder: readonly StateTable[] = Object.keys(loaders) as StateTable[]

/**
 * In any order; record tables are passed over. Quickest, and without keeping the rows, when they come
 * in `loadingOrder`, each table by its key. Throws on a row that can not be one of ours.
 */
export function loadState(rows: Iterable<Row>): BookingState {
  const loader = new StateLoader()
  for (const row of rows) loader.add(row)
  return loader.finish()
}

/** `loadState` for rows that come in portions. */
export class StateLoader {
  #loading = new Loading()
  readonly #late: Row[] = []

  add(row: Row): void {
    if (!orders.has(row.table)) return
    if (this.#late.length > 0 || !this.#loading.tryNext(row)) this.#late.push(row)
  }

  /**
   * Rows that `RowPacker` has packed, in the place of the same rows: in `loadingOrder`, behind all that came before. They
   * must come so; what is wrong with one that can not be loaded, or came elsewhere, `add` says.
   */
  addPacked(portion: PackedPortion): void {
    if (this.#late.length > 0) throw new Error(`${portion.table}: rows before it were out of order`)
    this.#loading.addPacked(portion)
  }

  /** To be called once, after the last row. */
  finish(): BookingState {
    if (this.#late.length > 0) {
      // What is loaded so far is rows again: all of them, as a log would have made them.
      const all = [...rowsOf(this.#loading.state), ...this.#late].sort(compareRows)
      this.#loading = new Loading()
      for (const row of all) this.#loading.add(row)
    }
    const { state } = this.#loading
    mustBeWhole(state)
    sortBookingIds(state)
    state.remembered.sort()
    return state
  }
}

/** Gives a state the content of another one, which is not to be used any more: who has the state, has the new one. */
export function replaceState(state: BookingState, by: BookingState): void {
  Object.assign(state, by)
}

/** What stands before its booking is loaded without looking for it. */
function mustBeWhole(state: BookingState): void {
  const { bookings, cancelled, offers, bookingPools, bookingProducts, tickets, disruption } = state
  const { consist, runs } = state
  for (const id of [...cancelled.keys(), ...offers.keys(), ...bookingPools.keys()]) {
    if (!bookings.has(id)) throw new Error(`somebody has left booking ${id}, which is not there`)
  }
  for (const id of state.passengerDetails.keys()) {
    if (!bookings.has(id)) throw new Error(`somebody travels on booking ${id}, which is not there`)
  }
  for (const id of state.voucherUses.keys()) {
    if (!bookings.has(id) && !state.archive.has(id)) {
      throw new Error(`a voucher for booking ${id}, which is not there`)
    }
  }
  for (const id of bookingProducts.keys()) {
    if (!bookings.has(id)) throw new Error(`a product of booking ${id}, which is not there`)
  }
  const { disrupted, changes, delayPays } = disruption
  for (const id of [...disrupted.keys(), ...changes.keys(), ...delayPays.keys()]) {
    if (!bookings.has(id)) throw new Error(`a disruption has hit booking ${id}, which is not there`)
  }
  for (const id of consist.own.keys()) {
    if (!runs.has(id)) throw new Error(`the consist of run ${id}, which is not there`)
  }
  for (const { parties } of consist.changing.values()) {
    for (const id of parties.keys()) {
      if (!bookings.has(id)) throw new Error(`booking ${id} is to be seated, and is not there`)
    }
  }
  for (const id of tickets.keys()) {
    if (!bookings.has(id)) throw new Error(`tickets of booking ${id}, which is not there`)
  }
  bookings.checkTrips()
}

/** A state that is given its rows in order. */
class Loading {
  readonly state = createState()
  #last: Row | undefined
  #table: Table | undefined

  /** False when the row, or one that it refers to, is out of order; or can not be loaded at all. */
  tryNext(row: Row): boolean {
    if (this.#last !== undefined && compareRows(this.#last, row) >= 0) return false
    try {
      this.add(row)
      return true
    } catch {
      // It is tried again when all have come, and says then what is wrong with it.
      return false
    }
  }

  addPacked(portion: PackedPortion): void {
    const { table, firstId, lastId } = portion
    const first: Row = { table, values: [firstId] }
    if (this.#last !== undefined && compareRows(this.#last, first) >= 0)
      throw new Error(`${table} ${firstId}: it is out of order`)
    loadPortion(this.state, portion, (row) => this.add(row))
    this.#last = { table, values: [lastId] }
    this.#table = orders.get(table)
  }

  add(row: Row): void {
    if (row.table !== this.#last?.table) this.#table = orders.get(row.table)
    const { table, values } = row
    const { name, columns, load } = this.#table as Table
    if (values.length !== columns) throw new Error(`${table}: a row of ${values.length} values`)
    countRow(this.state, name, load(this.state, { table, values, at: 0 }), values)
    this.#last = row
  }
}

interface Table {
  readonly name: StateTable
  readonly at: number
  readonly columns: number
  readonly keyColumns: number
  readonly load: Load
}

const orders: ReadonlyMap<string, Table> = new Map(
  loadingOrder.map((name, at) => {
    const declared = tables.find((table) => table.name === name)
    const { columns = [], keyColumns = 1 } = declared ?? {}
    return [name, { name, at, columns: columns.length, keyColumns, load: loaders[name] }]
  }),
)

/** As a log would have made them: what refers to ids of its own kind finds them in order. */
function compareRows(a: Row, b: Row): number {
  const [one, other] = [orders.get(a.table), orders.get(b.table)]
  if (one === undefined || other === undefined) return 0
  if (one !== other) return one.at - other.at
  return compareKeys(a.values, b.values, one.keyColumns)
}
