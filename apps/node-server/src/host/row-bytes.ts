import type { RowChange } from '@quorail/booking-fsm'

/**
 * About what rows weigh in memory while they wait for the database: what they are made of, and their texts. An estimate that
 * costs a few nanoseconds a value; nothing is encoded for it.
 */
export function bytesOf(changes: readonly RowChange[]): number {
  let bytes = 0
  for (const change of changes) {
    const values = change.type === 'upsert' ? change.values : change.key
    bytes += rowBytes + values.length * valueBytes
    // Texts are one byte a character mostly, and two at the most.
    for (const value of values) if (typeof value === 'string') bytes += value.length
  }
  return bytes
}

/** The change, its list of values and its place among those that wait. */
const rowBytes = 96
const valueBytes = 8
