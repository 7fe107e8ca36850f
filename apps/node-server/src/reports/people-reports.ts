/** Who did not come, and what became of those who waited. */
import type { Sqlite } from '../storage/database.ts'
import type { ReportQuery, ReportRows } from './report-queries.ts'
import { days, Totals } from './report-totals.ts'
import { withArchive } from './with-archive.ts'

type Rows = Omit<ReportRows, 'index'>

/**
 * By service day, train and class: who had a seat on a train that has left, and whom nobody has seen. Where the train had
 * no scan at all it says nothing of anybody. The period is that of the service days.
 */
export function readNoShows(sqlite: Sqlite, { fromMs, toMs }: ReportQuery): Rows {
  const sold = sqlite.prepare<
    [number, number],
    {
      serviceDate: number
      number: string
      classCode: string
      passengers: number
      seen: number
      scans: number
    }
  >(
    `${withArchive('bookings', 'runs', 'tickets', 'cancelled_passengers')}
     select r.service_date as serviceDate, t.number, b.class_code as classCode,
       json_array_length(b.names) - (select count(*) from cancelled_passengers c
         where c.booking_id = b.booking_id) as passengers,
       (select count(*) from tickets k where k.booking_id = b.booking_id
         and k.scan_at_ms is not null) as seen,
       (select count(*) from ticket_inspections i where i.run_id = r.run_id) as scans
     from runs r join trains t using (train_id) join bookings b using (run_id)
     where r.base_ms >= ? and r.base_ms < ? and b.status = 'confirmed'
       and r.base_ms < (select now_ms from meta)`,
  )
  const totals = new Totals(3, 4)
  for (const it of sold.iterate(fromMs, toMs)) {
    const seen = Math.min(it.seen, it.passengers)
    const missed = it.scans === 0 ? 0 : it.passengers - seen
    const unknown = it.scans === 0 ? it.passengers : 0
    const day = String(it.serviceDate).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
    totals.add([day, it.number, it.classCode], [it.passengers, seen, missed, unknown])
  }
  const columns = ['date', 'train', 'class', 'passengers', 'seen', 'not_seen', 'not_inspected']
  return { columns, rows: totals.rows() }
}

/** By the day on which they joined, train and class: what became of who waited. */
export function readWaitingLists(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery): Rows {
  const dayOf = days(timeZone)
  const joined = sqlite.prepare<
    [number, number],
    { atMs: number; number: string; classCode: string; passengers: number; status: string }
  >(
    `${withArchive('bookings', 'runs')} select a.at_ms as atMs, t.number, b.class_code as classCode,
       json_array_length(b.names) as passengers, b.status
     from audit a join bookings b on b.booking_id = cast(substr(a.subject, 9) as integer)
       join runs r using (run_id) join trains t using (train_id)
     where a.action = 'joinWaitingList' and a.at_ms >= ? and a.at_ms < ?`,
  )
  const totals = new Totals(3, 6)
  for (const { atMs, number, classCode, passengers, status } of joined.iterate(fromMs, toMs)) {
    const became = outcomes.get(status) ?? 'seated'
    const figures = ['waiting', 'lapsed', 'left', 'seated'].map((it) => (it === became ? 1 : 0))
    totals.add([dayOf(atMs), number, classCode], [1, passengers, ...figures])
  }
  const columns = [
    ...['day', 'train', 'class', 'joined', 'passengers', 'waiting', 'lapsed', 'left', 'seated'],
  ]
  return { columns, rows: totals.rows() }
}

/** Any other status comes after seats were found. */
const outcomes: ReadonlyMap<string, string> = new Map([
  ['waiting', 'waiting'],
  ['lapsed', 'lapsed'],
  ['released', 'left'],
])
