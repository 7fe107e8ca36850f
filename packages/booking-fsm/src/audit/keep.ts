/** Writing the chain: one record for each entry that changes something other than holds and sessions. */
import { isId } from '../checks.ts'
import type { Command } from '../commands.ts'
import { hashText } from '../hash.ts'
import type { Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRecord, writeRow } from '../store.ts'
import { type AuditHead, linkOf } from './chain.ts'

/** Before it, chains did not exist: what was decided then stays without. */
const SINCE_LEVEL = 2

/**
 * Those that come in masses, and of which a booking's own row says when and by whom. That they happened
 * shows in the hashes between two records.
 */
export const UNRECORDED: ReadonlySet<string> = new Set([
  'holdSeats',
  'holdTrip',
  'releaseHold',
  'tick',
  'openSession',
  'openSecuredSession',
  'openGuestLink',
  'closeSession',
  'inspectTicket',
])

/** The command was done just now, and is worth a record. */
export function isRecorded({ meta }: BookingState, command: Command, reply: Reply): boolean {
  const { type } = reply
  if (type === 'refused' || type === 'resolved' || UNRECORDED.has(command.type)) return false
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
  const { state } = work
  const { audit, meta } = state
  const record = {
    sequence: audit.count + 1,
    index: work.index,
    atMs: meta.nowMs,
    actor: work.actor,
    action: command.type,
    subject: work.subject || subjectOf(command) || subjectOf(reply),
    reason: work.reason || reasonOf(command),
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
