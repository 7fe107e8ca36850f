/**
 * What the tables that are only ever written ("records": ledger, audit, the archive) have been given: of each how many rows, and
 * the sum of their hashes, kept where rows are written. The state's hash says nothing of them, so that a row of theirs which was
 * changed, lost or added on the disk shows here.
 */
import { rowHash, tables, type Value } from '@quorail/booking-fsm'

interface Sum {
  readonly rows: number
  readonly low: number
  readonly high: number
}

/** The tables of which a `RecordHashes` keeps count, by name. */
export const recordTables = tables.filter(({ purpose }) => purpose === 'record')

const nothing: Sum = { rows: 0, low: 0, high: 0 }

export class RecordHashes {
  readonly #sums: Map<string, Sum>
  #text: string | undefined

  constructor(sums: ReadonlyMap<string, Sum> = new Map()) {
    this.#sums = new Map(sums)
  }

  /** What `toText` gave. */
  static parse(text: string): RecordHashes {
    const entries = Object.entries(JSON.parse(text) as Record<string, [number, number, number]>)
    return new RecordHashes(
      new Map(entries.map(([name, [rows, low, high]]) => [name, { rows, low, high }])),
    )
  }

  static isRecord(table: string): boolean {
    return nullable.has(table)
  }

  add(table: string, values: readonly Value[]): void {
    this.#count(table, values, 1)
  }

  remove(table: string, values: readonly Value[]): void {
    this.#count(table, values, -1)
  }

  /** Without tables that have no rows, in the order of `recordTables`: the same of the same rows, however they came. */
  toText(): string {
    this.#text ??= JSON.stringify(Object.fromEntries(this.#filled()))
    return this.#text
  }

  /** Of all of them together, 16 hexadecimal digits: what nodes compare. */
  total(): string {
    let [low, high] = [0, 0]
    for (const sum of this.#sums.values()) {
      low = (low + sum.low) >>> 0
      high = (high + sum.high) >>> 0
    }
    return text({ low, high })
  }

  /** Where the rows that were `found` are others than these, in words for a person; undefined: nowhere. */
  difference(found: RecordHashes): string | undefined {
    for (const { name } of recordTables) {
      const written = this.#sums.get(name) ?? nothing
      const there = found.#sums.get(name) ?? nothing
      if (written.rows !== there.rows)
        return `the table ${name} has ${there.rows} rows, and ${written.rows} were written`
      if (written.low !== there.low || written.high !== there.high)
        return `the rows of the table ${name} have the hash ${text(there)}, and ${text(written)} was recorded`
    }
    return undefined
  }

  #count(table: string, values: readonly Value[], sign: 1 | -1): void {
    const { low, high } = rowHash(table, hashedValues(table, values))
    const sum = this.#sums.get(table) ?? nothing
    this.#sums.set(table, {
      rows: sum.rows + sign,
      low: (sum.low + sign * low) >>> 0,
      high: (sum.high + sign * high) >>> 0,
    })
    this.#text = undefined
  }

  *#filled(): Generator<[name: string, sum: [number, number, number]]> {
    for (const { name } of recordTables) {
      const { rows, low, high } = this.#sums.get(name) ?? nothing
      if (rows !== 0 || low !== 0 || high !== 0) yield [name, [rows, low, high]]
    }
  }
}

const text = ({ low, high }: Omit<Sum, 'rows'>): string =>
  high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')

/** Of each record table, by place: the name of a column that may be null. Empty where none may. */
const nullable: ReadonlyMap<string, readonly (string | undefined)[]> = new Map(
  recordTables.map(({ name, columns }) => [
    name,
    columns.some((column) => column.nullable)
      ? columns.map((column) => (column.nullable ? column.name : undefined))
      : [],
  ]),
)

/**
 * What may be null counts with its column's name, and not at all when it is: a column that a later version adds, wherever it
 * stands, leaves the hashes of rows from before as they were.
 */
function hashedValues(table: string, values: readonly Value[]): readonly Value[] {
  const names = nullable.get(table) ?? []
  if (names.length === 0) return values
  return values.flatMap((value, at) => {
    const name = names[at]
    if (name === undefined) return [value]
    return value === null ? [] : [name, value]
  })
}
