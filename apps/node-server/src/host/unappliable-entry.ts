import type { Entry, LogIndex, Term } from '@quorail/raft-core'

/**
 * Entries that an operator has said are to be passed over, by index and term: together they name one entry, on all nodes
 * the same. Every node that comes to it must be told, and it changes nothing on any of them.
 */
export type SkippedEntries = ReadonlyMap<LogIndex, Term>

export const isSkipped = (skipped: SkippedEntries | undefined, entry: Entry): boolean =>
  skipped?.get(entry.index) === entry.term

/** A committed entry that this version can not read, or on which the rules fail: every node of this version ends at it. */
export class UnappliableEntryError extends Error {
  override readonly name = 'UnappliableEntryError'
  readonly index: LogIndex
  readonly term: Term

  constructor({ index, term }: Entry, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`entry ${index} of term ${term} can not be applied: ${why}`, { cause })
    this.index = index
    this.term = term
  }
}
