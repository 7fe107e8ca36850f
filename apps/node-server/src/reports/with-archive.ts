/** What was, whether it is in memory still or in the archive. */
import { archivedName, tables } from '@quorail/booking-fsm'

/** To stand before a query: in it, these names mean the rows of both tables. */
export function withArchive(...names: readonly string[]): string {
  return `with ${names.map(both).join(', ')}`
}

function both(name: string): string {
  const columns = tables.find((table) => table.name === name)?.columns ?? []
  const list = columns.map((column) => `"${column.name}"`).join(', ')
  return `${name} as (select ${list} from main.${name} union all select ${list} from main.${archivedName(name)})`
}
