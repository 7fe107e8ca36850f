/** The `node:fs` adapter of the log's disk port: the only file of raft-core that needs Node for it. */
import fs from 'node:fs'
import path from 'node:path'
import type { Callback, Disk, DiskFile, Done } from '../ports.ts'
import { acquireFolderLock, releaseFolderLock } from './node-fs-lock.ts'

/**
 * A folder of the local file system as a `Disk`. It is created, with its parents, if it is not
 * there. `sync` is `fdatasync`; `syncDirectory` is `fsync` of the folder. Works on Linux and macOS
 * (where `fdatasync` does not reach past the drive's cache).
 */
export function nodeDisk(folder: string): Disk {
  return new NodeDisk(path.resolve(folder))
}

class NodeDisk implements Disk {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  list(done: Callback<readonly string[]>): void {
    fs.readdir(this.#folder, (error, names) => done(orUndefined(error), names ?? []))
  }

  open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void {
    const file = this.#path(name)
    fs.open(file, mode === 'create' ? 'wx+' : 'r+', 0o600, (error, fd) => {
      done(orUndefined(error), error === null ? new NodeFile(fd, file) : (undefined as never))
    })
  }

  rename(from: string, to: string, done: Done): void {
    fs.rename(this.#path(from), this.#path(to), (error) => done(orUndefined(error)))
  }

  remove(name: string, done: Done): void {
    fs.unlink(this.#path(name), (error) => done(orUndefined(error)))
  }

  syncDirectory(done: Done): void {
    syncFolder(this.#folder, done)
  }

  /** Creates the folder if needed, and takes its lock. Fails naming the process that holds it. */
  lock(done: Done): void {
    createFolder(this.#folder, (error) => {
      if (error !== undefined) done(error)
      else acquireFolderLock(this.#folder, done)
    })
  }

  unlock(done: Done): void {
    releaseFolderLock(this.#folder, done)
  }

  #path(name: string): string {
    return path.join(this.#folder, name)
  }
}

class NodeFile implements DiskFile {
  readonly #fd: number
  readonly #path: string
  /** The same file opened so that a write is a sync as well; opened when it is first wanted. */
  #durableFd: number | 'none' | undefined

  constructor(fd: number, path: string) {
    this.#fd = fd
    this.#path = path
  }

  size(done: Callback<number>): void {
    fs.fstat(this.#fd, (error, stat) => done(orUndefined(error), error === null ? stat.size : 0))
  }

  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    const buffer = new Uint8Array(length)
    const readFrom = (filled: number): void => {
      fs.read(this.#fd, buffer, filled, length - filled, offset + filled, (error, count) => {
        if (error !== null) done(error, buffer.subarray(0, 0))
        else if (count === 0 || filled + count === length) {
          done(undefined, buffer.subarray(0, filled + count))
        } else readFrom(filled + count)
      })
    }
    if (length === 0) done(undefined, buffer)
    else readFrom(0)
  }

  write(offset: number, bytes: Uint8Array, done: Done): void {
    writeAll(this.#fd, offset, bytes, done)
  }

  /** By `O_DSYNC`: one way to the thread pool and back instead of two. */
  writeDurably(offset: number, bytes: Uint8Array, done: Done): void {
    const fd = this.#durableFd
    if (typeof fd === 'number') writeAll(fd, offset, bytes, done)
    else if (fd === undefined) this.#openDurable(() => this.writeDurably(offset, bytes, done))
    else {
      this.write(offset, bytes, (error) => {
        if (error === undefined) this.sync(done)
        else done(error)
      })
    }
  }

  truncate(sizeBytes: number, done: Done): void {
    fs.ftruncate(this.#fd, sizeBytes, (error) => done(orUndefined(error)))
  }

  sync(done: Done): void {
    fs.fdatasync(this.#fd, (error) => done(orUndefined(error)))
  }

  close(done: Done): void {
    const close = (): void => fs.close(this.#fd, (error) => done(orUndefined(error)))
    // What was written by it is durable: there is nothing left that closing it could tell of.
    if (typeof this.#durableFd === 'number') fs.close(this.#durableFd, close)
    else close()
  }

  /** Elsewhere than on Linux, or if the name stands for another file by now, there is none. */
  #openDurable(done: () => void): void {
    const settle = (fd: number | 'none'): void => {
      this.#durableFd = fd
      done()
    }
    if (process.platform !== 'linux') {
      settle('none')
      return
    }
    fs.open(this.#path, fs.constants.O_WRONLY | fs.constants.O_DSYNC, (error, fd) => {
      if (error !== null) settle('none')
      else {
        areSame(fd, this.#fd, (same) => {
          if (same) settle(fd)
          else fs.close(fd, () => settle('none'))
        })
      }
    })
  }
}

function writeAll(fd: number, offset: number, bytes: Uint8Array, done: Done): void {
  const writeFrom = (written: number): void => {
    const left = bytes.length - written
    fs.write(fd, bytes, written, left, offset + written, (error, count) => {
      if (error !== null) done(error)
      else if (count === left) done(undefined)
      else if (count === 0) done(new Error('the disk took none of the bytes written to it'))
      else writeFrom(written + count)
    })
  }
  if (bytes.length === 0) done(undefined)
  else writeFrom(0)
}

function areSame(one: number, other: number, done: (same: boolean) => void): void {
  fs.fstat(one, { bigint: true }, (error, a) => {
    fs.fstat(other, { bigint: true }, (otherError, b) => {
      done(error === null && otherError === null && a.ino === b.ino && a.dev === b.dev)
    })
  })
}

/** `mkdir -p`, then `fsync` of each folder above, so that a power cut does not take the folder away. */
function createFolder(folder: string, done: Done): void {
  fs.mkdir(folder, { recursive: true, mode: 0o700 }, (error, firstCreated) => {
    if (error !== null || firstCreated === undefined) return done(orUndefined(error))
    syncUpward(folder, path.dirname(firstCreated), done)
  })
}

function syncUpward(folder: string, top: string, done: Done): void {
  syncFolder(folder, (error) => {
    if (error !== undefined || folder === top || folder === path.dirname(folder)) done(error)
    else syncUpward(path.dirname(folder), top, done)
  })
}

function syncFolder(folder: string, done: Done): void {
  fs.open(folder, 'r', (openError, fd) => {
    if (openError !== null) return done(openError)
    fs.fsync(fd, (syncError) => {
      fs.close(fd, (closeError) => done(orUndefined(syncError ?? closeError)))
    })
  })
}

function orUndefined(error: Error | null | undefined): Error | undefined {
  return error ?? undefined
}
