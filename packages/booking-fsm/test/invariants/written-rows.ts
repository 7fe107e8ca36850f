/** The rows as a database would hold them, from the changes alone: of each the hash, and the sum of all. */
import { hashedLength, hashRow, tableSeed } from '../../src/hash.ts'
import type { RowChange, Value } from '../../src/rows.ts'
import type { BookingState } from '../../src/state.ts'
import { tables } from '../../src/tables.ts'

export class WrittenRows {
  readonly #hashes = new Map<string, { readonly low: number; readonly high: number }>()
  #low = 0
  #high = 0

  write(changes: readonly RowChange[]): void {
    for (const change of changes) {
      const keyColumns = keyColumnsOf.get(change.table)
      // A record is no part of the state.
      if (keyColumns === undefined) continue
      const isDelete = change.type === 'delete'
      const key = isDelete ? change.key : change.values.slice(0, keyColumns)
      this.#replace(
        nameOf(change.table, key),
        isDelete ? none : hashOf(change.table, change.values),
      )
    }
  }

  hashOf(table: string, key: readonly Value[]): { readonly low: number; readonly high: number } {
    return this.#hashes.get(nameOf(table, key)) ?? none
  }

  /** Whether the state gives the same for all of them. */
  isHashOf({ hashLow, hashHigh }: BookingState): boolean {
    return this.#low === hashLow >>> 0 && this.#high === hashHigh >>> 0
  }

  #replace(name: string, hash: { readonly low: number; readonly high: number }): void {
    const before = this.#hashes.get(name) ?? none
    this.#low = (this.#low - before.low + hash.low) >>> 0
    this.#high = (this.#high - before.high + hash.high) >>> 0
    if (hash === none) this.#hashes.delete(name)
    else this.#hashes.set(name, hash)
  }
}

const none = { low: 0, high: 0 }
const lanes = new Uint32Array(2)

function hashOf(table: string, values: readonly Value[]): { low: number; high: number } {
  hashRow(tableSeed(table), values, lanes, hashedLength(table, values))
  return { low: lanes[0] as number, high: lanes[1] as number }
}

const keyColumnsOf = new Map(
  tables
    .filter(({ purpose }) => purpose === 'state')
    .map(({ name, keyColumns }) => [name, keyColumns]),
)

/** Among the rows of all tables; no key has a line break in it. */
export function nameOf(table: string, key: readonly Value[]): string {
  return `${table}\n${key.join('\n')}`
}
