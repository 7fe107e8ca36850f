/** Everything that happened to the money of one booking, or its trip, in order. */
import type { Sqlite } from '../storage/database.ts'
import type { Cell } from './report-queries.ts'
import { withArchive } from './with-archive.ts'

export const timelineColumns = ['at_ms', 'event', 'amount_minor', 'payment_id', 'reference']

interface Event {
  readonly atMs: number
  /** Breaks ties: the log entry that it happened with. */
  readonly order: number
  readonly cells: readonly Cell[]
}

export function readTimeline(
  sqlite: Sqlite,
  bookingId: number,
): { columns: readonly string[]; rows: readonly (readonly Cell[])[] } {
  const payments = sqlite
    .prepare<
      [number, number, number],
      { paymentId: number; amountMinor: number; startedAtMs: number }
    >(
      `${withArchive('payments')} select payment_id as paymentId, amount_minor as amountMinor, started_at_ms as startedAtMs
       from payments where booking_id = coalesce((select trip_id from (
         select * from trips union all select trip_id, last_booking_id from archived_trips)
         where trip_id <= ? and last_booking_id >= ?), ?) order by payment_id`,
    )
    .all(bookingId, bookingId, bookingId)
  const events = payments.flatMap(({ paymentId, amountMinor, startedAtMs }) => [
    event(startedAtMs, 0, 'paymentStarted', amountMinor, paymentId, ''),
    ...outcomes(sqlite, paymentId),
    ...owed(sqlite, paymentId),
    ...waiting(sqlite, paymentId),
  ])
  events.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
  return { columns: timelineColumns, rows: events.map(({ cells }) => cells) }
}

/** What the provider has done, or refused: `authorised`, `captureRefused` and so on. */
function outcomes(sqlite: Sqlite, paymentId: number): Event[] {
  return sqlite
    .prepare<
      [number],
      {
        id: number
        atMs: number
        kind: string
        outcome: string
        amountMinor: number
        detail: string
      }
    >(
      `select log_index as id, at_ms as atMs, kind, outcome, amount_minor as amountMinor, detail
       from effect_outcomes where payment_id = ? order by outbox_id`,
    )
    .all(paymentId)
    .map(({ id, atMs, kind, outcome, amountMinor, detail }) => {
      const name = outcome === 'done' ? (done[kind] ?? kind) : `${kind}${capital(outcome)}`
      return event(atMs, id, name, amountMinor, paymentId, detail)
    })
}

/** When seats were given back, what is owed for them. */
function owed(sqlite: Sqlite, paymentId: number): Event[] {
  return sqlite
    .prepare<[number], { id: number; atMs: number; amountMinor: number }>(
      `select log_index as id, at_ms as atMs, -sum(amount_minor) as amountMinor from ledger_lines
       where payment_id = ? and account = 'refundsPayable' and amount_minor < 0
       group by log_index order by log_index`,
    )
    .all(paymentId)
    .map(({ id, atMs, amountMinor }) => event(atMs, id, 'refundAgreed', amountMinor, paymentId, ''))
}

/** What is on its way now: behind everything that has happened. */
function waiting(sqlite: Sqlite, paymentId: number): Event[] {
  return sqlite
    .prepare<[number], { id: number; kind: string; amountMinor: number; key: string }>(
      `select outbox_id as id, kind, amount_minor as amountMinor, effect_key as key from outbox
       where payment_id = ? order by outbox_id`,
    )
    .all(paymentId)
    .map(({ id, kind, amountMinor, key }) => ({
      atMs: Number.MAX_SAFE_INTEGER,
      order: id,
      cells: [0, `${kind}Queued`, amountMinor, paymentId, key],
    }))
}

const done: Readonly<Record<string, string>> = {
  authorise: 'authorised',
  capture: 'captured',
  void: 'voided',
  refund: 'refunded',
}

function event(
  atMs: number,
  order: number,
  name: string,
  amountMinor: number,
  paymentId: number,
  reference: string,
): Event {
  return { atMs, order, cells: [atMs, name, amountMinor, paymentId, reference] }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
