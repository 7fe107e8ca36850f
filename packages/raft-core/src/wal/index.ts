/**
 * `@quorail/raft-core/wal`: the durable log. `nodeDisk(folder)` is its `node:fs` adapter; any other
 * `Disk` does as well.
 *
 *     const log = openWriteAheadLog({ disk: nodeDisk('/var/lib/quorail/log'), founding })
 *     log.open((error, restored) => { ... })   // the runtime does this
 */
export { KEEP_THIS_FOLDER, CorruptLogError, DiskFullError, LogFailedError, LogRuleError, NoLogError, NoSuchEntryError } from './errors.ts'
export { nodeDisk } from './node-fs.ts'
export type { WriteAheadLogOptions } from './options.ts'
export { openWriteAheadLog, type WriteAheadLog } from './write-ahead-log.ts'
