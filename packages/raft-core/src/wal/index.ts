/**
 * `@quorail/raft-core/wal`: the durable log, and stored snapshots. `nodeDisk(folder)` is their `node:fs`
 * adapter; any other `Disk` does as well. Both may share a folder.
 *
 *     const disk = nodeDisk('/var/lib/quorail/log')
 *     const log = openWriteAheadLog({ disk, founding })
 *     const snapshots = openSnapshotStore({ disk })
 *     log.open((error, restored) => { ... })   // the runtime does this
 */
export { type DiscardedLog, discardDamagedLog } from './discard.ts'
export {
  CorruptLogError,
  DiscardUnfinishedError,
  DiskFullError,
  KEEP_THIS_FOLDER,
  LogFailedError,
  LogNotDamagedError,
  LogRuleError,
  NoLogError,
  NoSuchEntryError,
} from './errors.ts'
export {
  type InspectedDamage,
  type InspectedRecord,
  type InspectedSegment,
  type Inspection,
  inspect,
} from './inspect.ts'
export { nodeDisk } from './node-fs.ts'
export { FolderLockedError } from './node-fs-lock.ts'
export type { WriteAheadLogOptions } from './options.ts'
export {
  NoSnapshotError,
  SnapshotBusyError,
  SnapshotDamagedError,
  SnapshotMismatchError,
} from './snapshot-errors.ts'
export { type FoundSnapshot, findSnapshots } from './snapshot-folder.ts'
export type { SnapshotHeader } from './snapshot-header.ts'
export { openSnapshotStore, type SnapshotStoreOptions } from './snapshot-store.ts'
export { openWriteAheadLog, WriteAheadLog } from './write-ahead-log.ts'
