/**
 * The audit chain: each record names the one before it by its link, so that none can be altered, removed
 * or moved without all that follow, and the head that is part of the state, telling of it.
 */
import { sha256Text } from '../sha256.ts'

/** One change of the state, as the `audit` table has it. */
export interface AuditRecord {
  /** From 1, without gaps. */
  readonly sequence: number
  readonly index: number
  readonly atMs: number
  /** An account's id; 0 is the cluster itself, or a client without an account. */
  readonly actor: number
  /** The command's type. */
  readonly action: string
  /** What it was about, e.g. `booking:12`; '' when the action says it all. */
  readonly subject: string
  /** The code of an override's reason; '' when none was asked for. */
  readonly reason: string
  /** The state's hash before the entry, and after it but for the chain's own head. */
  readonly before: string
  readonly after: string
  /** SHA-256 of the previous record's link and of all of the above. */
  readonly link: string
}

/** How far the chain goes. */
export interface AuditHead {
  readonly count: number
  /** Of the last record. */
  readonly link: string
}

/** Of an empty chain. */
export const AUDIT_START: AuditHead = { count: 0, link: '0'.repeat(64) }

export interface AuditFault {
  /** The first record that is not as it was written, or is not there. */
  readonly sequence: number
  readonly problem: 'altered' | 'missing' | 'misplaced'
}
export interface AuditVerdict {
  /** Up to where the chain holds: from there the next records can be checked. */
  readonly head: AuditHead
  readonly fault: AuditFault | undefined
}

/**
 * Records in the order of their sequence, from the one after `from` on. With `end`, the state's head,
 * they must also be all there are: who rewrites the whole chain is found by it.
 */
export function verifyAudit(
  records: Iterable<AuditRecord>,
  from: AuditHead = AUDIT_START,
  end?: AuditHead,
): AuditVerdict {
  let head = from
  for (const record of records) {
    const sequence = head.count + 1
    if (record.sequence > sequence) return { head, fault: { sequence, problem: 'missing' } }
    if (record.sequence < sequence) {
      return { head, fault: { sequence: record.sequence, problem: 'misplaced' } }
    }
    if (linkOf(head.link, record) !== record.link) {
      return { head, fault: { sequence, problem: 'altered' } }
    }
    head = { count: sequence, link: record.link }
  }
  return { head, fault: end === undefined ? undefined : faultAtEnd(head, end) }
}

/** What no field contains stands between them: two different records have different texts. */
export function linkOf(previous: string, record: Omit<AuditRecord, 'link'>): string {
  const { sequence, index, atMs, actor, action, subject, reason, before, after } = record
  const numbers = `${sequence}\n${index}\n${atMs}\n${actor}`
  return sha256Text(
    `${previous}\n${numbers}\n${action}\n${subject}\n${reason}\n${before}\n${after}`,
  )
}

function faultAtEnd(head: AuditHead, end: AuditHead): AuditFault | undefined {
  if (head.count < end.count) return { sequence: head.count + 1, problem: 'missing' }
  if (head.count > end.count) return { sequence: end.count + 1, problem: 'misplaced' }
  return head.link === end.link ? undefined : { sequence: end.count, problem: 'altered' }
}
