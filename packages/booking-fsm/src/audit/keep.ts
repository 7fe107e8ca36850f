/** Writing the chain: one record for each entry that changes something other than holds and sessions. */
import { isId } from '../checks.ts'
import type { Command } from '../commands.ts'
import { hashText } from '../hash.ts'
import type { Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRecord, writeRow } from '../store.ts'
import { type AuditHead, type AuditRecord, linkOf } from './chain.ts'

/** Before it, chains did not exist: what was decided then stays without. */
const SINCE_LEVEL = 2
/** Since then money is never moved without a record. */
const FULL_LEVEL = 3
/** What moved money without a command's doing: a hold's end, a promotion, a voucher that expired. */
const BY_TIME = 'time'

/**
 * Those that come in masses, and of which a booking's own row says when and by whom. That they happened
 * shows in the hashes between two records; where money moves, there is a record all the same.
 */
export const UNRECORDED: ReadonlySet<string> = new Set([
  'holdSeats',
  'holdTrip',
  'releaseHold',
  'tick',
  'openSession',
  'closeSession',
])
/** Below level 3 neither were these. */
export const UNRECORDED_BELOW_3: ReadonlySet<string> = new Set([
  'openSecuredSession',
  'openGuestLink',
  'inspectTicket',
])

/** How far money had moved at some time: ids of lines of the ledger and of effects are given in order. */
export interface MoneyMark {
  readonly lineId: number
  readonly outboxId: number
}

export function markMoney({ meta }: BookingState): MoneyMark {
  return { lineId: meta.nextLedgerLineId, outboxId: meta.nextOutboxId }
}

/** The command was done just now, and is worth a record. */
export function isRecorded({ meta }: BookingState, command: Command, reply: Reply): boolean {
  const { type } = reply
  if (type === 'refused' || type === 'resolved' || UNRECORDED.has(command.type)) return false
  if (meta.featureLevel < FULL_LEVEL && UNRECORDED_BELOW_3.has(command.type)) return false
  return meta.featureLevel >= SINCE_LEVEL
}

/** The last thing that an entry does. `low` and `high`: the state's hash before it. */
export function writeAudit(
  work: Work,
  command: Command,
  reply: Reply,
  low: number,
  high: number,
): void {
  writeLink(work, low, high, {
    actor: work.actor,
    action: command.type,
    subject: work.subject || subjectOf(command) || subjectOf(reply),
    reason: work.reason || reasonOf(command),
  })
}

/** Instead of it, where the command leaves no record and money has moved since the mark. */
export function writeTimeAudit(work: Work, since: MoneyMark, low: number, high: number): void {
  const { meta } = work.state
  if (meta.featureLevel < FULL_LEVEL) return
  const hasMoved = meta.nextLedgerLineId > since.lineId || meta.nextOutboxId > since.outboxId
  if (!hasMoved) return
  // Of which bookings: the ledger's lines of this entry say it.
  writeLink(work, low, high, { actor: 0, action: BY_TIME, subject: '', reason: '' })
}

type Deed = Pick<AuditRecord, 'actor' | 'action' | 'subject' | 'reason'>

function writeLink(work: Work, low: number, high: number, deed: Deed): void {
  const { state } = work
  const { audit, meta } = state
  const record = {
    sequence: audit.count + 1,
    index: work.index,
    atMs: meta.nowMs,
    ...deed,
    before: hashText(low, high),
    after: hashText(state.hashLow, state.hashHigh),
  }
  audit.link = linkOf(audit.link, record)
  audit.count = record.sequence
  writeRecord(work, 'audit', [
    record.sequence,
    record.index,
    record.atMs,
    record.actor,
    record.action,
    record.subject,
    record.reason,
    record.before,
    record.after,
    audit.link,
  ])
  writeRow(work, 'audit_head', audit)
}

/** What the chain must end with. */
export function auditHead({ audit }: BookingState): AuditHead {
  return { count: audit.count, link: audit.link }
}

/** The first of them that is there. */
const SUBJECTS: readonly (readonly [field: string, word: string])[] = [
  ['bookingId', 'booking'],
  ['tripId', 'booking'],
  ['runId', 'run'],
  ['trainId', 'train'],
  ['accountId', 'account'],
  ['importId', 'import'],
  ['outboxId', 'effect'],
]

function subjectOf(named: Command | Reply): string {
  const fields = named as unknown as Readonly<Record<string, unknown>>
  for (const [field, word] of SUBJECTS) {
    const id = fields[field]
    if (isId(id)) return `${word}:${id}`
  }
  return ''
}

/** An override's reason is a word of a list, never free text. */
function reasonOf(command: Command): string {
  const { reason } = command as { readonly reason?: unknown }
  return typeof reason === 'string' ? reason : ''
}
