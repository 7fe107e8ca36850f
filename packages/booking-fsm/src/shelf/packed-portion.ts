/**
 * Rows of bookings or payments on their way from a thread that reads and packs them to the one that keeps them: their bytes as the
 * shelf keeps them, and beside them what is to be known of each without unpacking it. Everything in it can be handed over without a copy.
 */

export type PackedTable = 'bookings' | 'payments'

export interface PackedPortion {
  readonly table: PackedTable
  /** By which the hashes of request keys were made. */
  readonly salt: readonly number[]
  readonly firstId: number
  readonly lastId: number
  /** A chunk of the shelf. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Per row `bookingFields` or `paymentFields`, of a booking followed by its seats. */
  readonly fields: Int32Array<ArrayBuffer>
  /** The class codes that fields name by their place here. */
  readonly words: readonly string[]
}

/** What both have first. */
export const rowFields = {
  id: 0,
  /** In the chunk, in words of four bytes. */
  place: 1,
  /** Of `flags`. */
  flags: 2,
  hashLow: 3,
  hashHigh: 4,
  keyHash: 5,
} as const

export const flags = {
  /** The row is to be unpacked and loaded like any other: it is not settled, or not what is expected. */
  plain: 1,
  hasKey: 2,
  /** A booking that has its seats. */
  sold: 4,
} as const

export const bookingFields = {
  ...rowFields,
  accountId: 6,
  runId: 7,
  fromStop: 8,
  toStop: 9,
  word: 10,
  seatCount: 11,
  length: 12,
} as const

export const paymentFields = { ...rowFields, bookingId: 6, length: 7 } as const
