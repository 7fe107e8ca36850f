/** The rows as a database would hold them, from the changes alone: of each the hash, and the sum of all. */
import { hashText, rowHash } from '../../src/hash.ts'
import type { RowChange, Value } from '../../src/rows.ts'
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
        isDelete ? none : rowHash(change.table, change.values),
      )
    }
  }

  hashOf(table: string, key: readonly Value[]): { readonly low: number; readonly high: number } {
    return this.#hashes.get(nameOf(table, key)) ?? none
  }

  /** As the state gives it. */
  hash(): string {
    return hashText(this.#low, this.#high)
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
const keyColumnsOf = new Map(
  tables
    .filter(({ purpose }) => purpose === 'state')
    .map(({ name, keyColumns }) => [name, keyColumns]),
)

/** Among the rows of all tables; no key has a line break in it. */
export function nameOf(table: string, key: readonly Value[]): string {
  return `${table}\n${key.join('\n')}`
}
