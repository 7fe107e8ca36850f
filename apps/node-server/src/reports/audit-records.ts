import type { AuditRecord } from '@quorail/booking-fsm'
import type { Sqlite } from '../storage/database.ts'
import type { ReportRows } from './report-queries.ts'

/** Records of the audit: those about a subject or all, between two sequences, themselves not. */
export interface AuditQuery {
  readonly kind: 'audit'
  /** Empty: about anything. */
  readonly subjects: readonly string[]
  readonly after: number
  readonly before: number
  readonly newestFirst: boolean
  readonly limit: number
}

const columns = [
  'sequence',
  'log_index',
  'at_ms',
  'actor',
  'action',
  'subject',
  'reason',
  'hash_before',
  'hash_after',
  'link',
]

type Cells = ReportRows['rows'][number]

export function readAudit(sqlite: Sqlite, query: AuditQuery): Omit<ReportRows, 'index'> {
  const { subjects, after, before, newestFirst, limit } = query
  const about =
    subjects.length === 0 ? '' : `and subject in (${subjects.map(() => '?').join(', ')})`
  const statement = sqlite.prepare<unknown[], Cells>(
    `select ${columns.join(', ')} from audit where sequence > ? and sequence < ? ${about}
     order by sequence ${newestFirst ? 'desc' : 'asc'} limit ?`,
  )
  return { columns, rows: statement.raw().all(after, before, ...subjects, limit) }
}

export function auditRecord(cells: Cells): AuditRecord {
  const [sequence, index, atMs, actor] = cells.slice(0, 4).map(Number)
  const [action = '', subject = '', reason = '', before = '', after = '', link = ''] = cells
    .slice(4)
    .map(String)
  return {
    sequence: sequence ?? 0,
    index: index ?? 0,
    atMs: atMs ?? 0,
    actor: actor ?? 0,
    action,
    subject,
    reason,
    before,
    after,
    link,
  }
}
