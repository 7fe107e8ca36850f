/**
 * The reports, from the rows. Each is read in one transaction together with the index that the rows are
 * of. Money is in minor units; days are those of the zone that is asked for.
 */
import type { Sqlite } from '../storage/database.ts'
import { readProgress } from '../storage/progress.ts'
import { type AccountSearch, searchAccounts } from './account-search.ts'
import { type ArchiveQuery, readArchive } from './archive-rows.ts'
import { type AuditQuery, readAudit } from './audit-records.ts'
import { readDelays } from './delays.ts'
import { readInvoice, receivables } from './invoice-reports.ts'
import { readTimeline } from './money-timeline.ts'
import { readNoShows, readWaitingLists } from './people-reports.ts'
import { type Cell, days, Totals } from './report-totals.ts'
import { sellers, tills } from './seller-reports.ts'
import { readSettlements, type SettlementQuery } from './settlements.ts'
import { withArchive } from './with-archive.ts'

export type ReportKind =
  | 'sales'
  | 'ledger'
  | 'refunds'
  | 'holds'
  | 'reconciliation'
  | 'notices'
  | 'sellers'
  | 'tills'
  | 'receivables'
  | 'delays'
  | 'noShows'
  | 'waitingLists'

export interface ReportQuery {
  readonly kind: ReportKind
  /** The period: [from, to). */
  readonly fromMs: number
  readonly toMs: number
  readonly timeZone: string
}

export interface TimelineQuery {
  readonly kind: 'timeline'
  readonly bookingId: number
}

/** The entries of a draw, by number, behind a number. */
export interface DrawQuery {
  readonly kind: 'draw'
  readonly drawId: number
  readonly afterNumber: number
}

/** An invoice's head, and behind it its lines. */
export interface InvoiceQuery {
  readonly kind: 'invoice'
  readonly invoiceId: number
}

export type AnyQuery =
  | InvoiceQuery
  | SettlementQuery
  | ReportQuery
  | TimelineQuery
  | AuditQuery
  | DrawQuery
  | ArchiveQuery
  | AccountSearch

export type { Cell } from './report-totals.ts'

export interface ReportRows {
  /** The rows are those after this entry. */
  readonly index: number
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** More rows than this are cut off; a shorter period shows them. */
export const ROWS_AT_MOST = 10_000

export function readReport(sqlite: Sqlite, query: AnyQuery): ReportRows {
  const read = sqlite.transaction(() => {
    const index = readProgress(sqlite)?.appliedIndex ?? 0
    const { columns, rows } = readRows(sqlite, query)
    return { index, columns, rows: rows.slice(0, ROWS_AT_MOST) }
  })
  return read()
}

function readRows(sqlite: Sqlite, query: AnyQuery): Omit<ReportRows, 'index'> {
  if (query.kind === 'invoice') return readInvoice(sqlite, query.invoiceId)
  if (query.kind === 'audit') return readAudit(sqlite, query)
  if (query.kind === 'settlements') return readSettlements(sqlite, query)
  if (query.kind === 'timeline') return readTimeline(sqlite, query.bookingId)
  if (query.kind === 'accounts') return searchAccounts(sqlite, query)
  if (query.kind === 'archive') return readArchive(sqlite, query)
  if (query.kind === 'draw') return drawEntries(sqlite, query)
  return readers[query.kind](sqlite, query)
}

type Read = (sqlite: Sqlite, query: ReportQuery) => Omit<ReportRows, 'index'>

const readers: Readonly<Record<ReportKind, Read>> = {
  sales,
  ledger,
  refunds,
  holds,
  reconciliation,
  notices,
  sellers,
  tills,
  receivables,
  delays: readDelays,
  noShows: readNoShows,
  waitingLists: readWaitingLists,
}

/** The booking that a booking's payments are for: the first leg of its trip, or itself. */
const payer = `coalesce(${tripOf('trips')}, ${tripOf('archived_trips')}, b.booking_id)`

function tripOf(table: string): string {
  return `(select t.trip_id from ${table} t
    where t.trip_id = (select max(trip_id) from ${table} where trip_id <= b.booking_id)
      and t.last_booking_id >= b.booking_id)`
}

interface Sold {
  readonly confirmedAtMs: number
  readonly number: string
  readonly classCode: string
  readonly names: string
  readonly priceEachMinor: number
  readonly refundMinor: number
}

/** What was sold in the period, by day, train and class, and what of it was given back since. */
function sales(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery) {
  const dayOf = days(timeZone)
  const sold = sqlite.prepare<[number, number], Sold>(
    `${withArchive('bookings', 'runs', 'payments')} select b.confirmed_at_ms as confirmedAtMs, t.number, b.class_code as classCode, b.names,
       b.price_each_minor as priceEachMinor, b.refund_minor as refundMinor
     from bookings b join runs r using (run_id) join trains t using (train_id)
     where b.confirmed_at_ms >= ? and b.confirmed_at_ms < ? and exists (
       select 1 from payments p where p.booking_id = ${payer} and p.status in ('authorised', 'captured'))`,
  )
  const totals = new Totals(3, 4)
  for (const it of sold.iterate(fromMs, toMs)) {
    const { passengers, priceMinor } = partyOf(it)
    const figures = [1, passengers, priceMinor, it.refundMinor]
    totals.add([dayOf(it.confirmedAtMs), it.number, it.classCode], figures)
  }
  const columns = ['day', 'train', 'class', 'bookings', 'passengers', 'sold_minor', 'refund_minor']
  return { columns, rows: totals.rows() }
}

/** What was booked on each account, by day and reason: debits above 0, credits below; the sum is 0. */
function ledger(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery) {
  const dayOf = days(timeZone)
  const lines = sqlite.prepare<
    [number, number],
    { atMs: number; account: string; reason: string; amountMinor: number }
  >(
    `select at_ms as atMs, account, reason, amount_minor as amountMinor from ledger_lines
     where at_ms >= ? and at_ms < ?`,
  )
  const totals = new Totals(3, 2)
  for (const { atMs, account, reason, amountMinor } of lines.iterate(fromMs, toMs)) {
    totals.add([dayOf(atMs), account, reason], [1, amountMinor])
  }
  return { columns: ['day', 'account', 'reason', 'lines', 'amount_minor'], rows: totals.rows() }
}

/** Refunds that the provider has answered in the period, and those that wait now. */
function refunds(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery) {
  const dayOf = days(timeZone)
  const answered = sqlite.prepare<
    [number, number],
    { atMs: number; outcome: string; amountMinor: number }
  >(
    `select at_ms as atMs, outcome, amount_minor as amountMinor from effect_outcomes
     where kind = 'refund' and at_ms >= ? and at_ms < ?`,
  )
  const totals = new Totals(2, 2)
  for (const { atMs, outcome, amountMinor } of answered.iterate(fromMs, toMs)) {
    totals.add([dayOf(atMs), outcome], [1, amountMinor])
  }
  const waiting = sqlite
    .prepare<[], { count: number; amountMinor: number }>(
      `select count(*) as count, coalesce(sum(amount_minor), 0) as amountMinor from outbox
       where kind = 'refund'`,
    )
    .get() ?? { count: 0, amountMinor: 0 }
  const rows: Cell[][] = [
    ...totals.rows(),
    ['now', 'on its way', waiting.count, waiting.amountMinor],
  ]
  return { columns: ['day', 'outcome', 'refunds', 'amount_minor'], rows }
}

/** What became of the holds of the period, by day, train and class. */
function holds(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery) {
  const dayOf = days(timeZone)
  const held = sqlite.prepare<[number, number], Sold & { heldAtMs: number; status: string }>(
    `${withArchive('bookings', 'runs')} select b.held_at_ms as heldAtMs, b.status, b.confirmed_at_ms as confirmedAtMs, t.number,
       b.class_code as classCode, b.names, b.price_each_minor as priceEachMinor,
       b.refund_minor as refundMinor
     from bookings b join runs r using (run_id) join trains t using (train_id)
     where b.held_at_ms >= ? and b.held_at_ms < ?`,
  )
  const totals = new Totals(3, 5)
  for (const it of held.iterate(fromMs, toMs)) {
    const lost = it.status === 'expired' || it.status === 'released'
    const { priceMinor } = partyOf(it)
    const figures = [
      1,
      it.confirmedAtMs > 0 ? 1 : 0,
      it.status === 'expired' ? 1 : 0,
      it.status === 'released' ? 1 : 0,
      lost ? priceMinor : 0,
    ]
    totals.add([dayOf(it.heldAtMs), it.number, it.classCode], figures)
  }
  const columns = [
    ...['day', 'train', 'class', 'holds', 'sold', 'expired', 'released', 'lost_minor'],
  ]
  return { columns, rows: totals.rows() }
}

/** Payments whose money and ledger disagree. There is nothing in it. The period does not count. */
function reconciliation(sqlite: Sqlite) {
  const found = sqlite
    .prepare<[], Record<string, Cell>>(
      `${withArchive('payments')} select * from (
         select p.payment_id, p.booking_id, p.status,
           case p.status when 'captured' then p.amount_minor - p.refunded_minor else 0 end as provider_minor,
           coalesce((select sum(l.amount_minor) from ledger_lines l
             where l.payment_id = p.payment_id and l.account in
               ('providerClearing', 'cashInTills', 'terminalClearing', 'receivables')), 0) as ledger_minor,
           (select coalesce(sum(l.amount_minor), 0) from ledger_lines l
             where l.payment_id = p.payment_id) as unbalanced_minor
         from payments p)
       where provider_minor <> ledger_minor or unbalanced_minor <> 0
       order by payment_id limit ${ROWS_AT_MOST}`,
    )
    .all()
  const columns = [
    ...['payment_id', 'booking_id', 'status', 'provider_minor', 'ledger_minor', 'unbalanced_minor'],
  ]
  return { columns, rows: found.map((row) => columns.map((name) => row[name] ?? '')) }
}

/** What became of the mails of the period, by day and kind. */
function notices(sqlite: Sqlite, { fromMs, toMs, timeZone }: ReportQuery) {
  const dayOf = days(timeZone)
  const settled = sqlite.prepare<[number, number], { atMs: number; kind: string; outcome: string }>(
    `select at_ms as atMs, kind, outcome from notice_outcomes where at_ms >= ? and at_ms < ?`,
  )
  const totals = new Totals(3, 1)
  for (const { atMs, kind, outcome } of settled.iterate(fromMs, toMs)) {
    totals.add([dayOf(atMs), kind, outcome], [1])
  }
  return { columns: ['day', 'kind', 'outcome', 'notices'], rows: totals.rows() }
}

/** Those who have had their turn and those who have not; whose they are is not in it. */
function drawEntries(sqlite: Sqlite, { drawId, afterNumber }: DrawQuery) {
  const columns = ['number', 'salt', 'order_key', 'rank', 'booking_id']
  const rows = sqlite
    .prepare<[number, number, number, number], Cell[]>(
      `select number, salt, order_key, rank, booking_id from draw_results
         where draw_id = ? and number > ?
       union all select number, salt, '', 0, 0 from draw_entries where draw_id = ? and number > ?
       order by number limit ${ROWS_AT_MOST}`,
    )
    .raw()
    .all(drawId, afterNumber, drawId, afterNumber)
  return { columns, rows: rows as unknown as Cell[][] }
}

/** A booking's passengers and price, from its row. */
function partyOf({ names, priceEachMinor }: Sold): { passengers: number; priceMinor: number } {
  const party = JSON.parse(names) as (string | [string, string, [string, number, number][]])[]
  let priceMinor = priceEachMinor * party.length
  for (const one of party) {
    if (typeof one === 'string') continue
    for (const [, net, tax] of one[2]) priceMinor += net + tax
  }
  return { passengers: party.length, priceMinor }
}
