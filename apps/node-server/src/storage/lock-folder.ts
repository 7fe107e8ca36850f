import type { Disk } from '@quorail/raft-core'
import { FolderLockedError, nodeDisk } from '@quorail/raft-core/wal'
import { StartRefusedError } from './start-refused.ts'

export interface LockedFolder {
  /** For the log, which finds its lock taken already and leaves it so when it closes. */
  readonly disk: Disk
  /** Gives the folder free. To be called last. */
  close(): Promise<void>
}

/**
 * Takes the lock of the log for the whole node: before anything of the folder is read or moved, and until
 * the database is closed as well.
 */
export async function lockFolder(logFolder: string): Promise<LockedFolder> {
  const disk = nodeDisk(logFolder)
  await new Promise<void>((resolve, reject) => {
    disk.lock((error) => {
      if (error === undefined) resolve()
      else if (error instanceof FolderLockedError) reject(new StartRefusedError(error.message))
      else reject(error)
    })
  })
  return {
    disk: {
      list: (done) => disk.list(done),
      open: (name, mode, done) => disk.open(name, mode, done),
      rename: (from, to, done) => disk.rename(from, to, done),
      remove: (name, done) => disk.remove(name, done),
      syncDirectory: (done) => disk.syncDirectory(done),
      lock: (done) => done(undefined),
      unlock: (done) => done(undefined),
    },
    close: () =>
      new Promise((resolve, reject) => {
        disk.unlock((error) => (error === undefined ? resolve() : reject(error)))
      }),
  }
}
