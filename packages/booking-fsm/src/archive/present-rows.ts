/** Rows of the archive as the state's rows that they were: `loadState` makes of them what was there. */
import type { Row } from '../rows.ts'
import { tables } from '../tables.ts'
import { archivedName } from './names.ts'

/** The state's tables whose rows go into the archive. */
export const archivedTables: readonly string[] = tables
  .map(({ name }) => name)
  .filter((name) => tables.some((other) => other.name === archivedName(name)))
  .filter((name) => tables.find((table) => table.name === name)?.purpose === 'state')

/** `names`: what stands in `archived_names` of a booking, as far as nobody has erased it. */
export function presentRow(
  { table, values }: Row,
  names: (bookingId: number) => string | undefined,
): Row {
  const present = archivedTables.find((name) => archivedName(name) === table)
  if (present === undefined) throw new Error(`${table} is no table of the archive`)
  const own = values.slice(0, -1)
  if (present !== 'bookings') return { table: present, values: own }
  const kept = names(own[0] as number)
  return {
    table: present,
    values: own.map((value, at) => (at === NAMES && kept !== undefined ? kept : value)),
  }
}

const NAMES =
  tables
    .find(({ name }) => name === 'bookings')
    ?.columns.findIndex(({ name }) => name === 'names') ?? -1
