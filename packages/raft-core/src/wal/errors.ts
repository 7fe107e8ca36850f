import type { LogIndex } from '../types.ts'

/** What an operator must hear when a log can not be trusted. Part of every `CorruptLogError`. */
export const KEEP_THIS_FOLDER =
  'keep this folder; the other nodes go on selling; do not start this node empty under its old identity'

/**
 * The log on disk is damaged where it had been confirmed durable, so that repairing it here would
 * lose acknowledged writes. Nothing was changed on disk.
 */
export class CorruptLogError extends Error {
  readonly code = 'CORRUPT_LOG'
  /** The damaged file, by its name in the log's folder. */
  readonly file: string
  /** Where in the file, in bytes. */
  readonly offset: number
  readonly reason: string

  constructor(file: string, offset: number, reason: string) {
    super(`the log is corrupt in ${file} at byte ${offset}: ${reason}; ${KEEP_THIS_FOLDER}`)
    this.name = 'CorruptLogError'
    this.file = file
    this.offset = offset
    this.reason = reason
  }
}

/** The folder holds no log, and no founding was given to create one with. */
export class NoLogError extends Error {
  readonly code = 'NO_LOG'

  constructor() {
    super('the folder holds no log; give a founding (incarnation and, for a founder, the genesis)')
    this.name = 'NoLogError'
  }
}

/** Only a log that can not be opened because it is damaged may be discarded. */
export class LogNotDamagedError extends Error {
  readonly code = 'LOG_NOT_DAMAGED'

  constructor() {
    super('the log is not damaged: it can be opened, and nothing was changed')
    this.name = 'LogNotDamagedError'
  }
}

/** A damaged log was being discarded here when a crash came. */
export class DiscardUnfinishedError extends Error {
  readonly code = 'LOG_DISCARD_UNFINISHED'

  constructor() {
    super('the damaged log in this folder was not discarded to the end; discard it again to finish')
    this.name = 'DiscardUnfinishedError'
  }
}

/** The disk is full. The log takes no further write until space is made and it is opened again. */
export class DiskFullError extends Error {
  readonly code = 'DISK_FULL'

  constructor(cause: Error) {
    super(
      'the disk of the log is full; nothing acknowledged is lost; free space and restart this node',
      { cause },
    )
    this.name = 'DiskFullError'
  }
}

/**
 * A write or a sync failed, now or earlier. What the disk holds of it is unknown until the log is
 * opened again, so every later write fails with this error as well (a second sync that "succeeds"
 * proves nothing: the kernel may have dropped the dirty pages, PostgreSQL's "fsyncgate").
 */
export class LogFailedError extends Error {
  readonly code = 'LOG_FAILED'

  constructor(cause: Error) {
    super(`the log failed and takes no write until it is opened again: ${cause.message}`, { cause })
    this.name = 'LogFailedError'
  }
}

/** A write that breaks the rules of the log: a hole, a term that goes back, a second vote in a term. */
export class LogRuleError extends Error {
  readonly code = 'LOG_RULE'

  constructor(rule: string) {
    super(`refused a log write that breaks a rule: ${rule}`)
    this.name = 'LogRuleError'
  }
}

/** An entry was asked for that the log does not hold. */
export class NoSuchEntryError extends Error {
  readonly code = 'NO_SUCH_ENTRY'

  constructor(from: LogIndex, to: LogIndex, first: LogIndex, last: LogIndex) {
    super(`entries ${from} to ${to} were asked for, the log holds ${first} to ${last}`)
    this.name = 'NoSuchEntryError'
  }
}

/** Turns what a disk answered into the log's own error. */
export function logFailure(cause: Error): Error {
  return isFullDisk(cause) ? new DiskFullError(cause) : new LogFailedError(cause)
}

/** Whether a disk answered that it is full: `ENOSPC` or `EDQUOT`. */
export function isFullDisk(error: Error): boolean {
  const code = (error as { readonly code?: unknown }).code
  return code === 'ENOSPC' || code === 'EDQUOT'
}
