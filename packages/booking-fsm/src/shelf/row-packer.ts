/** Packs rows of bookings or payments as the shelf keeps them, on a thread that has no state. */
import { hashedLength, hashRow, tableSeed } from '../hash.ts'
import type { Value } from '../rows.ts'
import { keyHash } from './key-index.ts'
import { packedAtMost, packRowInto } from './pack.ts'
import {
  bookingFields,
  flags,
  type PackedPortion,
  type PackedTable,
  paymentFields,
  rowFields,
} from './packed-portion.ts'
import { CHUNK } from './packed-rows.ts'
import { fieldsAtMost, isFit, noteBooking, notePayment, requestKeyOf } from './row-facts.ts'

export class RowPacker {
  readonly #table: PackedTable
  readonly #salt: readonly number[]
  readonly #seed: number
  readonly #hash = new Uint32Array(2)
  /** Class codes, and their places in the portion's list of them. */
  #words = new Map<string, number>()
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #used = 0
  #fields = new Int32Array(1 << 16)
  #fieldCount = 0
  #firstId = 0
  #lastId = 0

  /** `pnrKey` is what the state's row in `meta` has as `pnr_key`. */
  constructor(table: PackedTable, pnrKey: string) {
    this.#table = table
    this.#salt = pnrKey.split(',').map(Number)
    this.#seed = tableSeed(table)
  }

  /**
   * Rows come by their ids. Gives a portion that is full, of rows before this one. Throws on a row that can not be
   * packed: who then loads all rows one by one is told what is wrong with it.
   */
  add(values: readonly Value[]): PackedPortion | undefined {
    const id = values[0]
    const atMost = packedAtMost(values) + 4
    const isInOrder = typeof id === 'number' && id > this.#lastId && id <= 0x7fff_ffff
    if (!isInOrder || atMost > CHUNK) throw new Error(`${this.#table} ${id}: can not be packed`)
    const full = this.#used + atMost > CHUNK ? this.take() : undefined
    if (this.#bytes === undefined) this.#firstId = id
    this.#bytes ??= new Uint8Array(CHUNK)
    this.#lastId = id
    this.#note(id, this.#used / 4, values)
    this.#write(this.#bytes, values)
    return full
  }

  /** What is left when all have come; undefined: nothing. */
  take(): PackedPortion | undefined {
    if (this.#bytes === undefined) return undefined
    const portion: PackedPortion = {
      table: this.#table,
      salt: this.#salt,
      firstId: this.#firstId,
      lastId: this.#lastId,
      bytes: this.#bytes,
      fields: this.#fields.slice(0, this.#fieldCount),
      words: [...this.#words.keys()],
    }
    this.#bytes = undefined
    this.#words = new Map()
    this.#used = 0
    this.#fieldCount = 0
    return portion
  }

  #write(bytes: Uint8Array<ArrayBuffer>, values: readonly Value[]): void {
    const start = this.#used
    const end = packRowInto(bytes, start + 4, values)
    const length = end - start - 4
    bytes[start] = length & 255
    bytes[start + 1] = length >>> 8
    bytes[start + 2] = length >>> 16
    this.#used = (end + 3) & ~3
  }

  #note(id: number, place: number, values: readonly Value[]): void {
    const [table, at] = [this.#table, this.#fieldCount]
    this.#reserve(at + fieldsAtMost(table, values))
    const fields = this.#fields
    hashRow(this.#seed, values, this.#hash, hashedLength(table, values))
    const key = requestKeyOf(table, values)
    fields[at + rowFields.id] = id
    fields[at + rowFields.place] = place
    fields[at + rowFields.hashLow] = this.#hash[0] as number
    fields[at + rowFields.hashHigh] = this.#hash[1] as number
    fields[at + rowFields.keyHash] = key === '' ? 0 : keyHash(key, this.#salt)
    let flag = key === '' ? 0 : flags.hasKey
    let length: number = table === 'bookings' ? bookingFields.length : paymentFields.length
    if (!isFit(table, values)) fields[at + bookingFields.seatCount] = 0
    else if (table === 'payments') flag |= notePayment(fields, at, values)
    else {
      flag |= noteBooking(fields, at, values, this.#words)
      length += fields[at + bookingFields.seatCount] as number
    }
    fields[at + rowFields.flags] = flag
    this.#fieldCount = at + length
  }

  #reserve(length: number): void {
    if (length <= this.#fields.length) return
    const larger = new Int32Array(length * 2)
    larger.set(this.#fields)
    this.#fields = larger
  }
}
