/** What was, whether it is in memory still or in the archive. */
import { archivedName, tables } from '@quorail/booking-fsm'

/** To stand before a query: in it, these names mean the rows of both tables. */
export function withArchive(...names: readonly string[]): string {
  return `with ${names.map(both).join(', ')}`
}

function both(name: string): string {
  const columns = tables.find((table) => table.name === name)?.columns ?? []
  const listed = columns.map((column) => `"${column.name}"`)
  const archived = listed.map((column) =>
    name === 'payments' && column === REFUNDED ? NOW : column,
  )
  const from = archivedName(name)
  return `${name} as (select ${listed.join(', ')} from main.${name}
    union all select ${archived.join(', ')} from main.${from})`
}

/** What has gone back since it was archived stands with the payment's stub. */
const REFUNDED = '"refunded_minor"'
const NOW = `coalesce((select s.amount_minor - s.left_minor from payment_stubs s
  where s.payment_id = archived_payments.payment_id), refunded_minor)`
