/** A stored snapshot is damaged: it can not be used, and was left where it is. */
export class SnapshotDamagedError extends Error {
  readonly code = 'SNAPSHOT_DAMAGED'
  readonly file: string
  readonly offset: number
  readonly reason: string

  constructor(file: string, offset: number, reason: string) {
    super(
      `the snapshot ${file} is damaged at byte ${offset}: ${reason}; it is kept and not used; another one can be fetched from the other nodes`,
    )
    this.name = 'SnapshotDamagedError'
    this.file = file
    this.offset = offset
    this.reason = reason
  }
}

/** What was fetched is not what was announced: it was removed, to be fetched again. */
export class SnapshotMismatchError extends Error {
  readonly code = 'SNAPSHOT_MISMATCH'

  constructor(id: string, reason: string) {
    super(
      `the snapshot ${id} that was fetched is not what was announced: ${reason}; it was removed`,
    )
    this.name = 'SnapshotMismatchError'
  }
}

/** There is no complete snapshot of this id. */
export class NoSnapshotError extends Error {
  readonly code = 'NO_SNAPSHOT'

  constructor(id: string) {
    super(`there is no complete snapshot ${id}`)
    this.name = 'NoSnapshotError'
  }
}

/** Something that the store does not allow at this time, e.g. a second writer of one snapshot. */
export class SnapshotBusyError extends Error {
  readonly code = 'SNAPSHOT_BUSY'

  constructor(what: string) {
    super(what)
    this.name = 'SnapshotBusyError'
  }
}
