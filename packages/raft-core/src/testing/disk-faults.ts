/** What a disk is asked to do. `directory` is `syncDirectory`; `file` is empty for `list` and it. */
export interface DiskOperation {
  readonly type:
    | 'list'
    | 'open'
    | 'create'
    | 'rename'
    | 'remove'
    | 'syncDirectory'
    | 'size'
    | 'read'
    | 'write'
    | 'truncate'
    | 'sync'
  readonly file: string
  /** Operations on this disk before this one, over all lives. */
  readonly nth: number
}

/** How an operation goes wrong. */
export interface DiskFault {
  readonly code: 'EIO' | 'ENOSPC'
  /**
   * Of a write: the part of its bytes that is written nevertheless. Of a sync: 1, the changes are
   * durable though it failed; 0, they are dropped, and a later sync "succeeds" without them. Default 0.
   */
  readonly done?: number
}

/** Decides for each operation whether it fails. */
export type FaultPlan = (operation: DiskOperation) => DiskFault | undefined

export class DiskFaultError extends Error {
  readonly code: DiskFault['code'] | 'ENOENT' | 'EEXIST' | 'ELOCKED'

  constructor(code: DiskFaultError['code'], operation: string) {
    super(`${code}: ${operation}`)
    this.name = 'DiskFaultError'
    this.code = code
  }
}
