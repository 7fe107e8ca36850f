import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  AUDIT_START,
  type AuditFault,
  type AuditHead,
  type AuditRecord,
  auditHead,
  type BookingView,
  findBooking,
  verifyAudit,
} from '@quorail/booking-fsm'
import {
  AuditProblem,
  type AuditService,
  HistoryActor,
} from '@quorail/proto/quorail/booking/v1/audit_service_pb'
import { isStaff } from '../auth/principal.ts'
import { internalError, notAllowed, unknownBooking } from '../errors/door-errors.ts'
import { type AuditQuery, auditRecord } from '../reports/audit-records.ts'
import type { ReportRows } from '../reports/report-queries.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import { findAnywhere } from './archived-bookings.ts'
import { historyOf } from './booking-history.ts'
import { callerOf, type ServiceDependencies, settleRead } from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

/** The database is about so far behind the log when nothing is wrong. */
const patienceMs = 3_000
const lookAgainMs = 50
/** Records that are read and checked at a time: a few milliseconds' work. */
const pageSize = 2_000

const problems: Readonly<Record<AuditFault['problem'], AuditProblem>> = {
  altered: AuditProblem.ALTERED,
  missing: AuditProblem.MISSING,
  misplaced: AuditProblem.MISPLACED,
}
const actors = {
  owner: HistoryActor.OWNER,
  staff: HistoryActor.STAFF,
  railway: HistoryActor.RAILWAY,
} as const

export function createAuditService(
  deps: ServiceDependencies,
  reports: ReportReader | undefined,
): ServiceImpl<typeof AuditService> {
  const { host } = deps
  const read = async (query: Omit<AuditQuery, 'kind'>): Promise<ReportRows> => {
    if (reports === undefined) throw internalError(new Error('this node has no database'))
    return reports.read({ kind: 'audit', ...query }).catch((error: unknown) => {
      throw internalError(error)
    })
  }
  /** Once the database has what the state has now. */
  const readSettled = async (query: Omit<AuditQuery, 'kind'>): Promise<ReportRows> => {
    const atLeast = Number(appliedIndex(host.state))
    const until = Date.now() + patienceMs
    let found = await read(query)
    while (found.index < atLeast && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
      found = await read(query)
    }
    return found
  }
  return {
    async listAudit({ subject, beforeSequence, limit }, context) {
      mustBeOperator(callerOf(context).account.role)
      await settleRead(host)
      const found = await readSettled({
        subjects: subject === '' ? [] : [subject],
        after: 0,
        before: Number(beforeSequence) || Number.MAX_SAFE_INTEGER,
        newestFirst: true,
        limit: limit || 100,
      })
      const records = found.rows.map((cells) => recordMessage(auditRecord(cells)))
      return { records, index: BigInt(found.index) }
    },

    async verifyAudit(_request, context) {
      mustBeOperator(callerOf(context).account.role)
      await settleRead(host)
      // What comes while it is checked is left for the next time.
      const end = auditHead(host.state)
      let head: AuditHead = AUDIT_START
      for (;;) {
        const page = { after: head.count, before: end.count + 1, newestFirst: false }
        const found = await readSettled({ subjects: [], ...page, limit: pageSize })
        const isLast = found.rows.length < pageSize
        const records = found.rows.map(auditRecord)
        const checked = verifyAudit(records, head, isLast ? end : undefined)
        head = checked.head
        if (checked.fault === undefined && !isLast) continue
        const { fault } = checked
        return {
          verifiedRecords: BigInt(head.count),
          ...(fault === undefined
            ? {}
            : { faultySequence: BigInt(fault.sequence), problem: problems[fault.problem] }),
          headLink: end.link,
          index: BigInt(found.index),
        }
      }
    },

    async getHistory(request, context) {
      const { accountId, role } = callerOf(context).account
      await settleRead(host)
      const seen = await findAnywhere(deps, Number(request.bookingId))
      const booking = seen?.booking
      if (
        seen === undefined ||
        booking === undefined ||
        (!isStaff(role) && booking.accountId !== accountId)
      ) {
        throw unknownBooking()
      }
      const found = await readSettled({
        subjects: booking.tripBookingIds.map((id) => `booking:${id}`),
        after: 0,
        before: Number.MAX_SAFE_INTEGER,
        newestFirst: false,
        limit: 1_000,
      })
      const legs = booking.tripBookingIds
        .map((id) => findBooking(seen.state, id))
        .filter((leg): leg is BookingView => leg !== undefined)
      const events = historyOf(legs, found.rows.map(auditRecord)).map((it) => ({
        at: timestampFromMs(it.atMs),
        bookingId: BigInt(it.bookingId),
        by: actors[it.by],
        action: it.action,
        meaning: it.meaning,
        reason: it.reason,
      }))
      return { events, index: BigInt(found.index) }
    },
  }
}

function mustBeOperator(role: string): void {
  if (role !== 'operator') throw notAllowed('an operator')
}

const recordMessage = (record: AuditRecord) => ({
  sequence: BigInt(record.sequence),
  logIndex: BigInt(record.index),
  at: timestampFromMs(record.atMs),
  actor: BigInt(record.actor),
  action: record.action,
  subject: record.subject,
  reason: record.reason,
  hashBefore: record.before,
  hashAfter: record.after,
  link: record.link,
})
