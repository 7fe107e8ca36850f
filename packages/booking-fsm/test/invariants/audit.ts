import { linkOf } from '../../src/audit/chain.ts'
import { auditHead } from '../../src/audit/keep.ts'
import { hashText, rowHash } from '../../src/hash.ts'
import type { RowChange, Value } from '../../src/rows.ts'
import type { Check, Seen, Step } from './check.ts'
import { isExpiry } from './log.ts'

export const auditChecks: Readonly<Record<string, Check>> = {
  I31: (step, seen) => {
    const records = step.changes.filter(({ table }) => table === 'audit')
    const wrong = chained(records, seen, step) ?? complete(records.length, step)
    seen.audit = auditHead(step.state)
    seen.hash = step.hash
    return wrong
  },
}

/** At most one record, of this entry, linked to the one before it. */
function chained(records: readonly RowChange[], seen: Seen, step: Step): string | undefined {
  const { state, entry } = step
  const head = auditHead(state)
  const [record, another] = records
  if (record === undefined) {
    return head.link === seen.audit.link ? undefined : 'the chain moved without a record'
  }
  if (another !== undefined || record.type !== 'upsert') return 'two records of one entry'
  const [sequence, index, atMs, actor, action, subject, reason, before, after, link] =
    record.values as readonly Value[] as [number, number, number, number, ...string[]]
  if (sequence !== seen.audit.count + 1) return `record ${sequence} after ${seen.audit.count}`
  const ofTime = state.meta.featureLevel >= 3 && actor === 0 && action === 'time'
  const ofCommand = actor === entry.actor && action === entry.command.type
  if (index !== entry.index || !(ofCommand || ofTime)) {
    return `record ${sequence} is of another entry`
  }
  if (before !== seen.hash) return `record ${sequence}: the state before it was another`
  if (after !== withoutHead(step, seen)) return `record ${sequence}: the state after it is another`
  const fields = { sequence, index, atMs, actor, action, subject, reason, before, after }
  const right = linkOf(seen.audit.link, fields as Parameters<typeof linkOf>[1])
  return link === right && head.link === link ? undefined : `record ${sequence} is not linked`
}

/** The state's hash with the head's row as it was before. */
function withoutHead({ state }: Step, { audit }: Seen): string {
  const now = headHash(auditHead(state))
  const then = headHash(audit)
  const low = (state.hashLow - now.low + then.low) >>> 0
  return hashText(low, (state.hashHigh - now.high + then.high) >>> 0)
}

export const quiet = [
  ...['holdSeats', 'holdTrip', 'releaseHold', 'tick', 'openSession', 'closeSession'],
]
/** Up to level 2. */
export const quietBefore3 = ['openSecuredSession', 'openGuestLink', 'inspectTicket']
/** Up to level 2 time might move money without a record. */
const money = ['ledger_lines', 'outbox']
/** Rows that only commands write. */
const telling = ['accounts', 'payments', 'outbox', 'ledger_lines', 'runs', 'trains', 'fare_rules']

function complete(records: number, { state, entry, reply, changes }: Step): string | undefined {
  if (records > 0) {
    const byTime = changes.some(
      (it) => it.table === 'audit' && it.type === 'upsert' && it.values[4] === 'time',
    )
    if (byTime) return changes.some(movesMoney) ? undefined : 'time is recorded, and no money moved'
    return reply.type === 'refused' ? 'a refused command is recorded' : undefined
  }
  if (state.meta.featureLevel >= 3 && changes.some(movesMoney))
    return 'money moved without a record'
  if (state.meta.featureLevel < 2 || quiet.includes(entry.command?.type)) return undefined
  if (state.meta.featureLevel < 3 && quietBefore3.includes(entry.command?.type)) return undefined
  // Time promotes who waits, and gives back what was reserved, in whatever entry comes first.
  const byTime = changes.some((it) => it.type === 'delete' && it.table === 'waiting')
  // And forgets guests.
  const forgets = changes.some((it) => it.type === 'delete' && it.table === 'guests')
  const promoted = byTime ? ['payments', 'outbox'] : []
  const others = [...promoted, ...(forgets ? ['accounts'] : [])]
  const tables = telling.filter((it) => !others.includes(it))
  const written = changes.find(
    (it) => it.type === 'upsert' && tables.includes(it.table) && !isExpiry(it),
  )
  return written === undefined ? undefined : `${written.table} changed without a record`
}

function movesMoney({ type, table }: RowChange): boolean {
  return type === 'upsert' && money.includes(table)
}

function headHash({ count, link }: ReturnType<typeof auditHead>): { low: number; high: number } {
  return count === 0 ? { low: 0, high: 0 } : rowHash('audit_head', [1, count, link])
}
