/**
 * Accounts by what staff knows of them. A page looks at a bounded number of rows, whatever it finds among them,
 * so that no search keeps the thread: by address and by role along an index, else by id.
 */
import type { AccountRole, AccountState } from '@quorail/booking-fsm'
import type { Sqlite } from '../storage/database.ts'
import type { Cell, ReportRows } from './report-queries.ts'

export interface AccountSearch {
  readonly kind: 'accounts'
  /** Lower case; '': any. */
  readonly emailPrefix: string
  readonly namePart: string
  readonly role: AccountRole | undefined
  readonly state: AccountState | undefined
  /** What the page before ended with; '' for the first one. */
  readonly after: string
  readonly limit: number
  /** Rows that a page looks at; tests look at fewer. */
  readonly lookAt?: number
}

/** Some milliseconds' work. */
const lookAtMost = 5_000
/** Behind every address that begins with the same characters. */
const last = '\u{10ffff}'

const columns = ['account_id', 'email', 'display_name', 'role', 'registered_at_ms', 'state', 'next']

/** The last row has no account and says in `next` where the next page begins, when there is one. */
export function searchAccounts(sqlite: Sqlite, query: AccountSearch): Omit<ReportRows, 'index'> {
  const { limit, lookAt = lookAtMost } = query
  const { source, parameters, order } = windowOf(query)
  const rows = sqlite.prepare<unknown[], Found>(
    `select account_id as accountId, email, display_name as displayName, role,
       registered_at_ms as registeredAtMs,
       case when coalesce(erased_at_ms, 0) > 0 then 'erased'
         when coalesce(closed_at_ms, 0) > 0 then 'closed' else 'open' end as state
     from accounts ${source} order by ${order} limit ?`,
  )
  const found: Found[] = []
  let looked = 0
  let behind = ''
  for (const row of rows.iterate(...parameters, lookAt)) {
    looked++
    behind = order === 'email' ? row.email : String(row.accountId)
    if (fits(row, query)) found.push(row)
    if (found.length === limit) break
  }
  const isLast = found.length < limit && looked < lookAt
  return { columns, rows: [...found.map(cells), [0, '', '', '', 0, '', isLast ? '' : behind]] }
}

interface Found {
  readonly accountId: number
  readonly email: string
  readonly displayName: string
  readonly role: string
  readonly registeredAtMs: number
  readonly state: string
}

/** Which rows are looked at, along which index. */
function windowOf({ emailPrefix, role, after }: AccountSearch): {
  readonly source: string
  readonly parameters: readonly Cell[]
  readonly order: 'email' | 'account_id'
} {
  if (emailPrefix !== '') {
    const parameters = [emailPrefix, emailPrefix + last, after]
    return { source: 'where email >= ? and email < ? and email > ?', parameters, order: 'email' }
  }
  const from = Number(after) || 0
  if (role === 'staff' || role === 'operator') {
    const source = 'where role = ? and account_id > ?'
    return { source, parameters: [role, from], order: 'account_id' }
  }
  return { source: 'where account_id > ?', parameters: [from], order: 'account_id' }
}

function fits(row: Found, { namePart, role, state }: AccountSearch): boolean {
  if (role !== undefined && row.role !== role) return false
  if (state !== undefined && row.state !== state) return false
  return row.displayName.toLowerCase().includes(namePart.toLowerCase())
}

const cells = (row: Found): Cell[] => [
  row.accountId,
  row.email,
  row.displayName,
  row.role,
  row.registeredAtMs,
  row.state,
  '',
]
