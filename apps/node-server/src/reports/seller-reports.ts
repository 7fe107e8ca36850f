/** Reports of those who sell to others. */
import type { Sqlite } from '../storage/database.ts'
import { type Cell, days, Totals } from './report-totals.ts'
import { withArchive } from './with-archive.ts'

interface Period {
  readonly fromMs: number
  readonly toMs: number
  readonly timeZone: string
}
interface Rows {
  readonly columns: readonly string[]
  readonly rows: Cell[][]
}
interface Sale {
  readonly atMs: number
  readonly accountId: number
  readonly token: string
  readonly reference: string
  readonly amountMinor: number
  readonly refundedMinor: number
  readonly commissionMinor: number
}

/** What sellers sold in the period, by day, account and means; what of it went back since, and their share. */
export function sellers(sqlite: Sqlite, { fromMs, toMs, timeZone }: Period): Rows {
  const dayOf = days(timeZone)
  const sales = sqlite.prepare<[number, number], Sale>(
    `${withArchive('payments', 'bookings')} select p.started_at_ms as atMs, b.account_id as accountId, p.payment_token as token,
       p.provider_reference as reference, p.amount_minor as amountMinor,
       p.refunded_minor as refundedMinor,
       coalesce(c.earned_minor - c.back_minor, 0) as commissionMinor
     from payments p join bookings b using (booking_id)
       join accounts a on a.account_id = b.account_id left join commissions c using (payment_id)
     where p.started_at_ms >= ? and p.started_at_ms < ? and p.status = 'captured'
       and a.role in ('agent', 'staff', 'operator')`,
  )
  const totals = new Totals(3, 4)
  for (const it of sales.iterate(fromMs, toMs)) {
    const means = it.token === '' ? (it.reference.split(':')[0] ?? '') : 'card'
    const figures = [1, it.amountMinor, it.refundedMinor, it.commissionMinor]
    totals.add([dayOf(it.atMs), String(it.accountId), means], figures)
  }
  const figures = ['sales', 'sold_minor', 'refunded_minor', 'commission_minor']
  return { columns: ['day', 'account_id', 'means', ...figures], rows: totals.rows() }
}

/** The tills that were counted in the period. */
export function tills(sqlite: Sqlite, { fromMs, toMs }: Period): Rows {
  const columns = [
    ...['till_id', 'account_id', 'opened_at_ms', 'counted_at_ms', 'float_minor', 'expected_minor'],
    ...['counted_minor', 'difference_minor'],
  ]
  const rows = sqlite
    .prepare<[number, number], Cell[]>(
      `select ${columns.join(', ')} from till_counts where counted_at_ms >= ? and counted_at_ms < ?
       order by till_id`,
    )
    .raw()
    .all(fromMs, toMs)
  return { columns, rows: rows as unknown as Cell[][] }
}
