/** The report of delays. */
import type { Sqlite } from '../storage/database.ts'
import type { Cell, ReportQuery } from './report-queries.ts'
import { withArchive } from './with-archive.ts'

/**
 * The records of the period in their order, and what was paid so far to those who got off there: a journey
 * with changes counts where it ended.
 */
export function readDelays(sqlite: Sqlite, { fromMs, toMs }: ReportQuery) {
  const columns = ['service_date', 'train', 'stop', 'late_minutes', 'final', 'reason', 'paid_minor']
  const rows = sqlite
    .prepare<[number, number], Cell[]>(
      `${withArchive('bookings', 'runs', 'delays', 'delay_compensations')} select r.service_date, t.number, d.stop, d.late_minutes, d.final, d.reason,
         coalesce((select sum(c.amount_minor) from delay_compensations c
           join bookings b using (booking_id) where b.run_id = d.run_id and b.to_stop = d.stop), 0)
       from delays d join runs r using (run_id) join trains t using (train_id)
       where d.at_ms >= ? and d.at_ms < ? order by d.record_id limit 10000`,
    )
    .raw()
    .all(fromMs, toMs)
  return { columns, rows: rows as unknown as Cell[][] }
}
