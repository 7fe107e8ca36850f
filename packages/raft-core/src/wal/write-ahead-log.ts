import type { Callback, Disk, Done, LogStats, LogStore } from '../ports.ts'
import type { Entry, LogIndex, LogWrite, RestoredLog } from '../types.ts'
import { BatchWriter } from './batch-writer.ts'
import type { EntryIndex } from './entry-index.ts'
import { isFullDisk, LogFailedError, LogRuleError, logFailure, NoSuchEntryError } from './errors.ts'
import { OpenFiles } from './files.ts'
import { createFolder, type Folder, readFolder } from './folder.ts'
import type { LogState } from './log-state.ts'
import { DEFAULT_MAX_BATCH_BYTES, segmentSizes, type WriteAheadLogOptions } from './options.ts'
import { readRange } from './read-range.ts'
import { recoverSegments } from './recover.ts'
import { makeDurable } from './repair.ts'
import { FORMAT_VERSION } from './segment-header.ts'
import { inOrder, repeat, type Step } from './steps.ts'
import { SuperblockKeeper } from './superblock-keeper.ts'

/**
 * A log in the folder of `options.disk`. Nothing is touched before `open` is called on it, which is
 * the runtime's to do: it locks the folder, repairs or refuses what it finds, and tells what is there.
 */
export function openWriteAheadLog(options: WriteAheadLogOptions): WriteAheadLog {
  return new WriteAheadLog(options)
}

interface Waiting {
  readonly write: LogWrite
  readonly done: Done
}

/** What there is once the log is open. */
interface Opened {
  readonly state: LogState
  /** Entries whose write has completed. */
  readonly index: EntryIndex
  readonly batches: BatchWriter
}

/**
 * The durable log: one ordered stream of records in segment files, one sync per batch of writes.
 * The format and what it survives are described in docs/internals/wal-format.md.
 */
export class WriteAheadLog implements LogStore {
  readonly #options: WriteAheadLogOptions
  readonly #disk: Disk
  readonly #files: OpenFiles
  #opened: Opened | undefined
  #failure: Error | undefined = new LogFailedError(new Error('it is not open'))
  #waiting: Waiting[] = []
  /** Reads that are under way. */
  readonly #reads = new Set<{ readonly from: LogIndex }>()
  #busy = false
  #whenIdle: (() => void) | undefined
  /** Who waits for the log to be closed. */
  #closing: Done[] = []

  constructor(options: WriteAheadLogOptions) {
    this.#options = options
    this.#disk = options.disk
    this.#files = new OpenFiles(options.disk)
  }

  /**
   * Fails with a `CorruptLogError` (nothing is changed then), a `NoLogError`, a lock held by another
   * process, or what the disk answered. After a failure the folder is unlocked.
   */
  open(done: Callback<RestoredLog>): void {
    if (this.#opened !== undefined) {
      done(new Error('the log is open'), undefined as never)
      return
    }
    this.#disk.lock((lockError) => {
      if (lockError !== undefined) return done(lockError, undefined as never)
      this.#openFolder((error, restored) => {
        if (error === undefined) return done(undefined, restored)
        const told = isFullDisk(error) ? logFailure(error) : error
        this.#files.closeAll(() => this.#disk.unlock(() => done(told, undefined as never)))
      })
    })
  }

  /**
   * See `LogStore`. Fails with a `LogRuleError`, `DiskFullError` or `LogFailedError`; after the first
   * failure every later write fails, too, until the log is opened again.
   */
  write(write: LogWrite, done: Done): void {
    const opened = this.#opened
    if (opened === undefined || this.#failure !== undefined) {
      done(this.#failure)
      return
    }
    const broken = opened.state.apply(write)
    if (broken !== undefined) {
      this.#failure = new LogRuleError(broken)
      done(this.#failure)
      return
    }
    this.#waiting.push({ write, done })
    if (!this.#busy) this.#drain(opened)
  }

  /** See `LogStore`. An entry that is not what was written is a `CorruptLogError`. */
  readEntries(
    from: LogIndex,
    to: LogIndex,
    maxBytes: number,
    done: Callback<readonly Entry[]>,
  ): void {
    const opened = this.#opened
    if (opened === undefined) {
      done(new Error('the log is not open'), [])
      return
    }
    const { index } = opened
    if (from < index.firstIndex || to > index.lastIndex || from > to) {
      done(new NoSuchEntryError(from, to, index.firstIndex, index.lastIndex), [])
      return
    }
    const read = { from }
    this.#reads.add(read)
    readRange(this.#files, index, from, to, maxBytes, (error, entries) => {
      this.#reads.delete(read)
      const isIdle = !this.#busy && this.#failure === undefined
      if (isIdle && this.#maySweep(opened)) this.#drain(opened)
      done(error, entries)
    })
  }

  stats(): LogStats {
    const opened = this.#opened
    return {
      firstIndex: opened?.index.firstIndex ?? 1,
      lastIndex: opened?.index.lastIndex ?? 0,
      sizeBytes: opened?.batches.sizeBytes ?? 0,
      segments: opened?.batches.segments ?? 0,
      syncs: opened?.batches.syncs ?? 0,
      formatVersion: FORMAT_VERSION,
    }
  }

  /** Finishes the writes it was given, notes that all is durable, and unlocks the folder. */
  close(done: Done): void {
    const opened = this.#opened
    const isClosing = this.#closing.length > 0
    if (opened !== undefined || isClosing) this.#closing.push(done)
    else done(undefined)
    if (opened === undefined || isClosing) return
    const failedBefore = this.#failure !== undefined
    this.#failure ??= new LogFailedError(new Error('it is closed'))
    const release = (first: Error | undefined): void => {
      this.#opened = undefined
      this.#whenIdle = undefined
      this.#files.closeAll((closeError) => {
        this.#disk.unlock((unlockError) => {
          const closing = this.#closing
          this.#closing = []
          for (const closed of closing) closed(first ?? closeError ?? unlockError)
        })
      })
    }
    this.#whenIdle = () => {
      if (failedBefore || opened.batches.failed) release(undefined)
      else opened.batches.seal(release)
    }
    if (!this.#busy) this.#whenIdle()
  }

  #openFolder(done: Callback<RestoredLog>): void {
    const fail = (error: Error): void => done(error, undefined as never)
    readFolder(this.#disk, this.#files, (error, folder) => {
      if (error !== undefined) return fail(error)
      if (folder !== undefined) return this.#recover(folder, done)
      createFolder(this.#disk, this.#files, this.#options.founding, (createError) => {
        if (createError !== undefined) return fail(createError)
        readFolder(this.#disk, this.#files, (againError, made) => {
          if (againError !== undefined) return fail(againError)
          if (made === undefined) return fail(new Error('the log that was created is not there'))
          this.#recover(made, done)
        })
      })
    })
  }

  #recover(folder: Folder, done: Callback<RestoredLog>): void {
    const fail = (error: Error): void => done(error, undefined as never)
    const keeper = new SuperblockKeeper(this.#files, folder.superblock)
    const sizes = segmentSizes(this.#options)
    recoverSegments(this.#files, folder, (error, recovered) => {
      if (error !== undefined) return fail(error)
      makeDurable(this.#disk, this.#files, keeper, folder, recovered, (repairError) => {
        if (repairError !== undefined) return fail(repairError)
        const { state, index } = recovered
        const batches = new BatchWriter(this.#disk, this.#files, keeper, sizes, recovered)
        const steps: Step[] = []
        if (!recovered.isCurrent) steps.push((next) => batches.beginSegment(next))
        steps.push((next) => (batches.hasObsolete ? batches.removeObsolete(next) : next(undefined)))
        inOrder(steps, (startError) => {
          if (startError !== undefined) return fail(startError)
          this.#opened = { state, index, batches }
          this.#failure = undefined
          done(undefined, state.restored(keeper.current.incarnation))
        })
      })
    })
  }

  /** Writes batch after batch until nothing waits. What comes in meanwhile shares the next. */
  #drain(opened: Opened): void {
    this.#busy = true
    repeat((next) => {
      if (this.#maySweep(opened)) return this.#sweep(opened, next)
      if (this.#waiting.length === 0) {
        this.#busy = false
        return this.#whenIdle?.()
      }
      const batch = this.#takeBatch()
      const writes = batch.map((waiting) => waiting.write)
      opened.batches.write(writes, (error) => {
        if (error !== undefined) this.#failure = logFailure(error)
        for (const waiting of batch) waiting.done(error === undefined ? undefined : this.#failure)
        if (error !== undefined) this.#failWaiting()
        next()
      })
    })
  }

  /** Whether segments can be removed: nobody may be reading from them. */
  #maySweep({ batches, index }: Opened): boolean {
    if (batches.failed || !batches.hasObsolete) return false
    for (const { from } of this.#reads) if (from < index.firstIndex) return false
    return true
  }

  #sweep(opened: Opened, next: () => void): void {
    opened.batches.removeObsolete((error) => {
      if (error !== undefined) {
        this.#failure = logFailure(error)
        this.#failWaiting()
      }
      next()
    })
  }

  #takeBatch(): Waiting[] {
    const limit = this.#options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES
    let bytes = 0
    let count = 0
    for (const { write } of this.#waiting) {
      for (const entry of write.entries) bytes += entry.data.length + 64
      if (count > 0 && bytes > limit) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  #failWaiting(): void {
    const failed = this.#waiting
    this.#waiting = []
    for (const waiting of failed) waiting.done(this.#failure)
  }
}
