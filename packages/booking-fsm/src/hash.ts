/**
 * A row's hash: two 32-bit lanes over the canonical encoding of its table and values. It guards
 * against divergence and damage, not against an adversary. A state's hash is the sum of its rows'.
 */
import { hexOf } from './hex.ts'
import type { Row, Value } from './rows.ts'
import { tables } from './tables.ts'

export interface RowHash {
  readonly low: number
  readonly high: number
}

/** As the state keeps it, so that a database can be hashed again. */
export function rowHash(table: string, values: readonly Value[]): RowHash {
  const length = hashedLength(table, values)
  const [low = 0, high = 0] = hashRow(tableSeed(table), values, new Uint32Array(2), length)
  return { low, high }
}

/** The hash of the state that has these rows, in whatever order, without making that state. */
export function hashOfRows(rows: Iterable<Row>): string {
  let [low, high] = [0, 0]
  for (const { table, values } of rows) {
    const hash = rowHash(table, values)
    low = (low + hash.low) >>> 0
    high = (high + hash.high) >>> 0
  }
  return hashText(low, high)
}

/** Columns that came later are not in the hash where they are null: a row written before has the hash of before. */
export function hashedLength(table: string, values: readonly Value[]): number {
  const first = firstColumns.get(table) ?? values.length
  let { length } = values
  while (length > first && values[length - 1] === null) length--
  return length
}

/** The same into `out`, for the hot path; of `length` values only. */
export function hashRow(
  seed: number,
  values: readonly Value[],
  out: Uint32Array,
  length = values.length,
): Uint32Array {
  let low = seed
  let high = ~seed
  for (let i = 0; i < length; i++) {
    const value = values[i] as Value
    if (typeof value === 'number') {
      // A safe integer as two words; the division is exact enough because the low word is taken off.
      const lowWord = value >>> 0
      const highWord = (value - lowWord) / 0x1_0000_0000
      low = mixLow(low, lowWord)
      high = mixHigh(high, lowWord)
      low = mixLow(low, highWord ^ TAG_INTEGER)
      high = mixHigh(high, highWord ^ TAG_INTEGER)
    } else if (value === null) {
      low = mixLow(low, TAG_NULL)
      high = mixHigh(high, TAG_NULL)
    } else {
      const { length } = value
      low = mixLow(low, length ^ TAG_TEXT)
      high = mixHigh(high, length ^ TAG_TEXT)
      // Two UTF-16 units to a word; beyond the end there is a zero, the length tells them apart.
      for (let at = 0; at < length; at += 2) {
        const second = at + 1 < length ? value.charCodeAt(at + 1) : 0
        const word = value.charCodeAt(at) | (second << 16)
        low = mixLow(low, word)
        high = mixHigh(high, word)
      }
    }
  }
  // Each lane ends with a share of the other, so that neither is weaker alone.
  out[0] = finish(low ^ rotate(high, 16))
  out[1] = finish(high ^ rotate(low, 11))
  return out
}

export function tableSeed(table: string): number {
  let seed = 0x51_75_6f_72
  for (let at = 0; at < table.length; at++) seed = mixLow(seed, table.charCodeAt(at))
  return finish(seed)
}

/** 16 hexadecimal digits. */
export function hashText(low: number, high: number): string {
  return hexOf(high) + hexOf(low)
}

const firstColumns = new Map(
  tables.map(({ name, columns }) => [name, columns.filter(({ added }) => !added).length]),
)

const TAG_INTEGER = 0x3c6e_f372
const TAG_NULL = 0x1b87_3593
const TAG_TEXT = 0x2545_f491

function mixLow(lane: number, word: number): number {
  const mixed = Math.imul(rotate(Math.imul(word, 0xcc9e_2d51), 15), 0x1b87_3593)
  return (Math.imul(rotate(lane ^ mixed, 13), 5) + 0xe654_6b64) | 0
}

function mixHigh(lane: number, word: number): number {
  const mixed = Math.imul(rotate(Math.imul(word, 0x85eb_ca6b), 17), 0xc2b2_ae35)
  return (Math.imul(rotate(lane ^ mixed, 19), 9) + 0x38b3_4ae5) | 0
}

/** The finishing mix of MurmurHash3: every bit of the input reaches every bit of the output. */
function finish(lane: number): number {
  let mixed = lane
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function rotate(lane: number, by: number): number {
  return (lane << by) | (lane >>> (32 - by))
}
