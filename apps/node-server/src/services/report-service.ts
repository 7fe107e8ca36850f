import { create } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  findArchived,
  findBooking,
  getStation,
  info,
  listRuns,
  occupancy,
} from '@quorail/booking-fsm'
import {
  type GetReportRequest,
  MoneyEventSchema,
  ReportKind,
  ReportRowSchema,
  type ReportService,
  ReportTableSchema,
} from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { isStaff } from '../auth/principal.ts'
import { internalError, invalidField, unknownBooking } from '../errors/door-errors.ts'
import { money } from '../mapping/views.ts'
import type {
  Cell,
  ReportQuery,
  ReportRows,
  ReportKind as Word,
} from '../reports/report-queries.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import { readSettlementList } from '../reports/settlement-list.ts'
import { isTimeZone } from '../timetable/service-days.ts'
import { callerOf, type ServiceDependencies, settleRead } from './dependencies.ts'
import { appliedIndex, dateNumber } from './timetable-answers.ts'

const runsAtMost = 500
/** The database is about so far behind the log when nothing is wrong. */
const patienceMs = 3_000
const lookAgainMs = 50

export function createReportService(
  { host }: ServiceDependencies,
  reports: ReportReader | undefined,
): ServiceImpl<typeof ReportService> {
  const read = async (query: Parameters<ReportReader['read']>[0]): Promise<ReportRows> => {
    if (reports === undefined) throw internalError(new Error('this node has no database'))
    return reports.read(query).catch((error: unknown) => {
      throw internalError(error)
    })
  }
  return {
    async getReport(request) {
      await settleRead(host)
      const query = queryOf(request)
      return { table: table(await read(query), info(host.state).currency) }
    },

    async reconcileSettlements(request) {
      await settleRead(host)
      const lines = readSettlementList(request.csv)
      if (typeof lines === 'number') {
        const text = `Line ${lines} of the list is not key,kind,amount_minor, or its key was there before.`
        throw invalidField('csv', text)
      }
      const period = periodOf(request)
      const found = await read({ kind: 'settlements', ...period, lines })
      return { table: table(found, info(host.state).currency) }
    },

    async getOccupancyReport(request) {
      await settleRead(host)
      const { state } = host
      const runs = listRuns(state, {
        ...(request.trainId > 0n ? { trainId: Number(request.trainId) } : {}),
        fromDate: dateNumber(request.fromDate, 'from_date'),
        toDate: dateNumber(request.toDate, 'to_date'),
        limit: runsAtMost,
      })
      const rows = runs.flatMap((run) => {
        const found = occupancy(state, run.runId)
        return (found?.segments ?? []).map(({ sold, held }, i) => [
          run.runId,
          run.serviceDate,
          run.trainNumber,
          getStation(state, run.stops[i]?.stationId ?? 0)?.code ?? '',
          getStation(state, run.stops[i + 1]?.stationId ?? 0)?.code ?? '',
          sold,
          held,
          found?.capacity ?? 0,
        ])
      })
      const columns = ['run_id', 'date', 'train', 'from', 'to', 'sold', 'held', 'capacity']
      const index = Number(appliedIndex(state))
      return { table: table({ columns, rows, index }, info(state).currency) }
    },

    async getMoneyTimeline(request, context) {
      const { accountId, role } = callerOf(context).account
      await settleRead(host)
      const bookingId = Number(request.bookingId)
      const booking = findBooking(host.state, bookingId) ?? findArchived(host.state, bookingId)
      if (booking === undefined || (!isStaff(role) && booking.accountId !== accountId)) {
        throw unknownBooking()
      }
      // One's own money is not shown as it was before what one has just done.
      const atLeast = Number(appliedIndex(host.state))
      const until = Date.now() + patienceMs
      let found = await read({ kind: 'timeline', bookingId })
      while (found.index < atLeast && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
        found = await read({ kind: 'timeline', bookingId })
      }
      return {
        events: found.rows.map((cells) => moneyEvent(cells, info(host.state).currency)),
        index: BigInt(found.index),
      }
    },
  }
}

function queryOf(request: GetReportRequest): ReportQuery {
  const kind = words.get(request.kind)
  if (kind === undefined) throw invalidField('kind', 'There is no such report.')
  const timeZone = request.timeZone || 'UTC'
  if (!isTimeZone(timeZone)) {
    throw invalidField('time_zone', `There is no time zone “${timeZone}”.`)
  }
  return { kind, ...periodOf(request), timeZone }
}

function periodOf({ from, to }: Pick<GetReportRequest, 'from' | 'to'>) {
  const fromMs = from === undefined ? 0 : timestampMs(from)
  const toMs = to === undefined ? 0 : timestampMs(to)
  if (toMs < fromMs) throw invalidField('to', 'The period ends before it begins.')
  return { fromMs, toMs }
}

function table({ columns, rows, index }: ReportRows, currency: string) {
  return create(ReportTableSchema, {
    columns: [...columns],
    rows: rows.map((cells) => create(ReportRowSchema, { cells: cells.map(String) })),
    currency,
    index: BigInt(index),
  })
}

function moneyEvent(cells: readonly Cell[], currency: string) {
  const [atMs, event, amountMinor, paymentId, reference] = cells
  return create(MoneyEventSchema, {
    ...(Number(atMs) > 0 ? { at: timestampFromMs(Number(atMs)) } : {}),
    event: String(event),
    amount: money(Number(amountMinor), currency),
    paymentId: BigInt(paymentId ?? 0),
    reference: String(reference),
  })
}

const words: ReadonlyMap<ReportKind, Word> = new Map([
  [ReportKind.SALES, 'sales'],
  [ReportKind.LEDGER, 'ledger'],
  [ReportKind.REFUNDS, 'refunds'],
  [ReportKind.HOLDS, 'holds'],
  [ReportKind.RECONCILIATION, 'reconciliation'],
  [ReportKind.NOTICES, 'notices'],
  [ReportKind.SELLERS, 'sellers'],
  [ReportKind.TILLS, 'tills'],
  [ReportKind.RECEIVABLES, 'receivables'],
  [ReportKind.DELAYS, 'delays'],
  [ReportKind.NO_SHOWS, 'noShows'],
  [ReportKind.WAITING_LISTS, 'waitingLists'],
])
