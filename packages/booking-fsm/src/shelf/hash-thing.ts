import { hashedLength, hashRow, tableSeed } from '../hash.ts'
import type { Value } from '../rows.ts'
import type { Hashed } from '../things.ts'
import type { PackedTable } from './packed-portion.ts'

/** What its row, as it is, counts in the state's hash. */
export function hashThing(table: PackedTable, thing: Hashed, values: readonly Value[]): void {
  hashRow(seeds[table], values, scratch, hashedLength(table, values))
  thing.hashLow = (scratch[0] as number) | 0
  thing.hashHigh = (scratch[1] as number) | 0
}

const scratch = new Uint32Array(2)
const seeds = { bookings: tableSeed('bookings'), payments: tableSeed('payments') }
