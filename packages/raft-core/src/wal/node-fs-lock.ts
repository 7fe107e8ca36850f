/**
 * One process per folder, on `node:fs` alone. Node has no `flock`, so the lock is a file that names
 * its holder: process id, when that process started, and the boot of the machine. A holder that is
 * no longer running (or whose number another process has by now) is taken over.
 *
 * Two containers with separate process ids that share a folder are not told apart by this.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Done } from '../ports.ts'

/** Another process has the folder. */
export class FolderLockedError extends Error {
  readonly code = 'FOLDER_LOCKED'
  readonly pid: number

  constructor(folder: string, pid: number) {
    super(`the folder ${folder} is in use by process ${pid}; stop that process first`)
    this.name = 'FolderLockedError'
    this.pid = pid
  }
}

const LOCK_NAME = 'lock'
const MAX_ATTEMPTS = 20
/** Folders this process has: two logs of one process must not share a folder either. */
const held = new Set<string>()

/** Takes the lock, or fails with a `FolderLockedError`. */
export function acquireFolderLock(folder: string, done: Done): void {
  if (held.has(folder)) {
    done(new FolderLockedError(folder, process.pid))
    return
  }
  held.add(folder)
  const own = path.join(folder, `${LOCK_NAME}.${process.pid}`)
  const finish: Done = (error) => {
    if (error !== undefined) held.delete(folder)
    fs.unlink(own, () => done(error))
  }
  describe(process.pid, (mine) => {
    fs.writeFile(own, mine, (error) => {
      if (error === null) attempt(folder, own, 1, finish)
      else finish(error)
    })
  })
}

export function releaseFolderLock(folder: string, done: Done): void {
  if (!held.delete(folder)) {
    done(undefined)
    return
  }
  fs.unlink(path.join(folder, LOCK_NAME), (error) => {
    done(error === null || error.code === 'ENOENT' ? undefined : error)
  })
}

/** A hard link is made whole or not at all, and never over another's. */
function attempt(folder: string, own: string, nth: number, done: Done): void {
  const lock = path.join(folder, LOCK_NAME)
  fs.link(own, lock, (error) => {
    if (error === null) return done(undefined)
    if (error.code !== 'EEXIST' || nth > MAX_ATTEMPTS) return done(error)
    fs.readFile(lock, 'utf8', (readError, holder) => {
      if (readError?.code === 'ENOENT') return attempt(folder, own, nth + 1, done)
      if (readError !== null) return done(readError)
      const pid = Number.parseInt(holder, 10)
      describe(pid, (running) => {
        // Empty: a power cut kept the name and lost the content.
        if (holder !== '' && running === holder) return done(new FolderLockedError(folder, pid))
        takeAway(lock, holder, own, (awayError) => {
          if (awayError === undefined) attempt(folder, own, nth + 1, done)
          else done(awayError)
        })
      })
    })
  })
}

/** Moves a dead process's lock aside; puts it back if it was replaced since it was read. */
function takeAway(lock: string, expected: string, own: string, done: Done): void {
  const aside = `${own}.stale`
  fs.rename(lock, aside, (error) => {
    if (error !== null) return done(error.code === 'ENOENT' ? undefined : error)
    fs.readFile(aside, 'utf8', (readError, found) => {
      const remove = (): void => fs.unlink(aside, () => done(undefined))
      if (readError === null && found !== expected) fs.link(aside, lock, remove)
      else remove()
    })
  })
}

/** `pid start boot`: what names one process for good, or the pid alone where there is no `/proc`. */
function describe(pid: number, done: (text: string) => void): void {
  fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8', (bootError, boot) => {
    if (bootError !== null) return done(isRunning(pid) ? `${pid}\n` : '')
    fs.readFile(`/proc/${pid}/stat`, 'utf8', (error, stat) => {
      if (error !== null) return done('')
      // The second field is the command in parentheses and may hold anything; the start is the 22nd.
      const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
      done(`${pid} ${start} ${boot.trim()}\n`)
    })
  })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
