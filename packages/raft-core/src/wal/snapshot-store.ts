import { encodeSnapshotMark } from '../codec.ts'
import type {
  Callback,
  Disk,
  DiskFile,
  Done,
  SnapshotInfo,
  SnapshotStore,
  SnapshotWriter,
  StoredSnapshot,
} from '../ports.ts'
import type { SnapshotMark } from '../types.ts'
import { SnapshotBlocks } from './snapshot-blocks.ts'
import { NoSnapshotError, SnapshotBusyError, SnapshotDamagedError } from './snapshot-errors.ts'
import {
  findSnapshots,
  newestFirst,
  readSnapshotHeader,
  removeFiles,
  uselessDrafts,
} from './snapshot-folder.ts'
import { encodeSnapshotHeader, type SnapshotHeader } from './snapshot-header.ts'
import { capturedName, completeName, fetchedName, snapshotFiles } from './snapshot-names.ts'
import { FileSnapshot } from './snapshot-reader.ts'
import { DraftWriter, type SnapshotDraft } from './snapshot-writer.ts'
import { inOrder } from './steps.ts'

const DEFAULT_BLOCK_BYTES = 64 * 1024

export interface SnapshotStoreOptions {
  /** The folder of the snapshots: the log's own `Disk`, or one of their own. */
  readonly disk: Disk
  /**
   * Whether the store takes the folder's lock. Default `false`: it shares the folder of a log, whose
   * lock keeps other processes out of both. `true` for a folder of its own.
   */
  readonly lock?: boolean | undefined
  /** Bytes under one checksum, of snapshots written from now on. Default 64 KiB. */
  readonly blockBytes?: number | undefined
}

/**
 * Snapshots in the folder of `options.disk`, one file each. Nothing is touched before `open` is
 * called on it, which is the runtime's to do, after it has opened the log.
 */
export function openSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  return new FileSnapshotStore(options)
}

/** A complete snapshot, or one whose file is damaged. */
interface Stored {
  readonly name: string
  readonly header: SnapshotHeader | string
  readers: number
  /** Called when the last reader has closed it: it is to be removed. */
  whenUnread: (() => void) | undefined
}

/** The format, and what it survives, are described in docs/internals/wal-format.md. */
class FileSnapshotStore implements SnapshotStore {
  readonly #disk: Disk
  readonly #locks: boolean
  readonly #blockBytes: number
  /** By id. */
  readonly #stored = new Map<string, Stored>()
  /** Ids of those that are being written, and the files of theirs that are open. */
  readonly #writing = new Set<string>()
  #isOpen = false

  constructor({ disk, lock, blockBytes }: SnapshotStoreOptions) {
    this.#disk = disk
    this.#locks = lock ?? false
    this.#blockBytes = blockBytes ?? DEFAULT_BLOCK_BYTES
  }

  /** A complete one whose header is damaged is not listed; reading it tells what is wrong with it. */
  open(done: Callback<readonly SnapshotInfo[]>): void {
    const lock = (next: Done): void => (this.#locks ? this.#disk.lock(next) : next(undefined))
    lock((lockError) => {
      if (lockError !== undefined) return done(lockError, [])
      this.#load((error, infos) => {
        if (error === undefined) return done(undefined, infos)
        this.#unlock(() => done(error, []))
      })
    })
  }

  create(id: string, mark: SnapshotMark, done: Callback<SnapshotWriter>): void {
    const busy = this.#whyBusy(id)
    if (busy !== undefined || this.#stored.has(id)) {
      done(busy ?? new SnapshotBusyError(`there is a snapshot ${id} already`), undefined as never)
      return
    }
    const info: SnapshotInfo = { id, mark, sizeBytes: 0, checksum: 0 }
    this.#begin(capturedName(id), info, false, done)
  }

  /** One that is complete already is of no use to be fetched: that is refused. */
  resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    const busy = this.#whyBusy(info.id)
    const stored = this.#stored.get(info.id)
    if (busy !== undefined || (stored !== undefined && typeof stored.header !== 'string')) {
      const there = new SnapshotBusyError(`the snapshot ${info.id} is complete already`)
      done(busy ?? there, undefined as never)
      return
    }
    this.#writing.add(info.id)
    this.#goOn(info, (error, writer) => {
      if (error !== undefined) this.#writing.delete(info.id)
      done(error, writer)
    })
  }

  read(id: string, done: Callback<StoredSnapshot>): void {
    const fail = (error: Error): void => done(error, undefined as never)
    const stored = this.#isOpen ? this.#stored.get(id) : undefined
    if (stored === undefined || stored.whenUnread !== undefined) {
      fail(new NoSnapshotError(id))
      return
    }
    const { name, header } = stored
    if (typeof header === 'string') {
      fail(new SnapshotDamagedError(name, 0, header))
      return
    }
    stored.readers++
    this.#disk.open(name, 'existing', (openError, file) => {
      if (openError !== undefined) {
        this.#unread(stored)
        return fail(openError)
      }
      const onClose = (closed: Done): void => {
        file.close((error) => {
          this.#unread(stored)
          closed(error)
        })
      }
      done(undefined, new FileSnapshot(header.info, name, file, blocksOf(header), onClose))
    })
  }

  /** Done when the file is gone durably, which waits for its readers. Done at once if there is none. */
  remove(id: string, done: Done): void {
    const busy = this.#whyBusy(id)
    if (busy !== undefined) {
      done(busy)
      return
    }
    const stored = this.#stored.get(id)
    const fail = (error: Error): void => {
      // It is there still, as far as anybody knows: it can be removed again.
      if (stored !== undefined) stored.whenUnread = undefined
      done(error)
    }
    const removeAll = (): void => {
      this.#disk.list((error, names) => {
        if (error !== undefined) return fail(error)
        const own = [fetchedName(id), ...(stored === undefined ? [] : [stored.name])]
        const there = own.filter((name) => names.includes(name))
        inOrder(
          [
            (next) => removeFiles(this.#disk, there, next),
            // An earlier attempt may have taken the name away, and not durably.
            (next) => (stored === undefined ? next(undefined) : this.#disk.syncDirectory(next)),
          ],
          (removeError) => {
            if (removeError !== undefined) return fail(removeError)
            this.#stored.delete(id)
            done(undefined)
          },
        )
      })
    }
    if (stored === undefined || stored.readers === 0) removeAll()
    else stored.whenUnread = removeAll
  }

  close(done: Done): void {
    if (!this.#isOpen) {
      done(undefined)
      return
    }
    this.#isOpen = false
    this.#unlock(done)
  }

  #load(done: Callback<readonly SnapshotInfo[]>): void {
    findSnapshots(this.#disk, (findError, found) => {
      if (findError !== undefined) return done(findError, [])
      inOrder(
        [
          (next) => removeFiles(this.#disk, uselessDrafts(found), next),
          // A name that is only seen may be gone after a power cut; what is listed here is not.
          (next) => this.#disk.syncDirectory(next),
        ],
        (error) => {
          if (error !== undefined) return done(error, [])
          this.#stored.clear()
          for (const { kind, id, name, header } of found) {
            if (kind === 'complete') this.#keep(id, name, header)
          }
          this.#isOpen = true
          const good = found.filter(({ kind }) => kind === 'complete').map(({ header }) => header)
          const infos = good.filter((header) => typeof header !== 'string').map(({ info }) => info)
          done(undefined, newestFirst(infos))
        },
      )
    })
  }

  #keep(id: string, name: string, header: SnapshotHeader | string): void {
    this.#stored.set(id, { name, header, readers: 0, whenUnread: undefined })
  }

  #whyBusy(id: string): Error | undefined {
    if (!this.#isOpen) return new SnapshotBusyError('the snapshot store is not open')
    if (this.#writing.has(id)) return new SnapshotBusyError(`the snapshot ${id} is being written`)
    if (this.#stored.get(id)?.whenUnread !== undefined) {
      return new SnapshotBusyError(`the snapshot ${id} is being removed`)
    }
    return undefined
  }

  /** A new draft, in place of one that may be there. Its header counts only once it is complete. */
  #begin(
    name: string,
    info: SnapshotInfo,
    isFetched: boolean,
    done: Callback<SnapshotWriter>,
  ): void {
    const { id } = info
    const header = { info, blockBytes: this.#blockBytes }
    let bytes: Uint8Array
    try {
      bytes = encodeSnapshotHeader(header)
    } catch (error) {
      done(error as Error, undefined as never)
      return
    }
    this.#writing.add(id)
    const giveUp = (error: Error): void =>
      this.#disk.remove(name, () => {
        this.#writing.delete(id)
        done(error, undefined as never)
      })
    this.#disk.open(name, 'create', (openError, file) => {
      if (openError !== undefined) return giveUp(openError)
      file.write(0, bytes, (error) => {
        if (error === undefined) {
          const blocks = new SnapshotBlocks(id, bytes.length, this.#blockBytes)
          const draft = { name, file, blocks, info, isFetched, goodBlocks: 0, checksum: 0 }
          return done(undefined, this.#writerOf(draft))
        }
        file.close(() => giveUp(error))
      })
    })
  }

  /** Goes on with the draft of an earlier fetch if it is of the same snapshot; else from nothing. */
  #goOn(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    const name = fetchedName(info.id)
    const begin = (): void => this.#begin(name, info, true, done)
    this.#disk.list((listError, names) => {
      if (listError !== undefined) return done(listError, undefined as never)
      if (!names.includes(name)) {
        removeFiles(this.#disk, this.#givenUp(names), (error) => {
          if (error === undefined) begin()
          else done(error, undefined as never)
        })
        return
      }
      this.#disk.open(name, 'existing', (openError, file) => {
        if (openError !== undefined) return done(openError, undefined as never)
        this.#reopen(file, info, (error, draft) => {
          if (draft !== undefined) return done(undefined, this.#writerOf(draft))
          file.close(() => {
            if (error !== undefined) return done(error, undefined as never)
            removeFiles(this.#disk, [name], (removeError) => {
              if (removeError === undefined) begin()
              else done(removeError, undefined as never)
            })
          })
        })
      })
    })
  }

  /** Fetches that nobody goes on with. They may be as large as the state, each of them. */
  #givenUp(names: readonly string[]): readonly string[] {
    return snapshotFiles(names)
      .filter(({ kind, id }) => kind === 'fetched' && !this.#writing.has(id))
      .map(({ name }) => name)
  }

  #reopen(file: DiskFile, info: SnapshotInfo, done: Callback<SnapshotDraft | undefined>): void {
    readSnapshotHeader(file, (readError, header) => {
      if (readError !== undefined) return done(readError, undefined)
      if (typeof header === 'string' || !isSameInfo(header.info, info))
        return done(undefined, undefined)
      file.size((sizeError, sizeBytes) => {
        if (sizeError !== undefined) return done(sizeError, undefined)
        const blocks = blocksOf(header)
        const perBlock = blocks.offsetOf(1) - blocks.headerBytes
        const onDisk = Math.max(0, Math.floor((sizeBytes - blocks.headerBytes) / perBlock))
        const whole = Math.min(onDisk, Math.floor(info.sizeBytes / header.blockBytes))
        blocks.renewGood(file, whole, (error, goodBlocks, checksum) => {
          const name = fetchedName(info.id)
          const draft = { name, file, blocks, info, isFetched: true, goodBlocks, checksum }
          done(error, error === undefined ? draft : undefined)
        })
      })
    })
  }

  #writerOf(draft: SnapshotDraft): SnapshotWriter {
    const { id } = draft.info
    return new DraftWriter(this.#disk, draft, (finished) => {
      this.#writing.delete(id)
      if (finished === undefined) return
      const { blockBytes } = draft.blocks
      this.#keep(id, completeName(finished), { info: finished, blockBytes })
    })
  }

  #unread(stored: Stored): void {
    stored.readers--
    if (stored.readers === 0) stored.whenUnread?.()
  }

  #unlock(done: Done): void {
    if (this.#locks) this.#disk.unlock(done)
    else done(undefined)
  }
}

function blocksOf(header: SnapshotHeader): SnapshotBlocks {
  const headerBytes = encodeSnapshotHeader(header).length
  return new SnapshotBlocks(header.info.id, headerBytes, header.blockBytes)
}

function isSameInfo(a: SnapshotInfo, b: SnapshotInfo): boolean {
  if (a.id !== b.id || a.sizeBytes !== b.sizeBytes || a.checksum !== b.checksum) return false
  const [one, other] = [encodeSnapshotMark(a.mark), encodeSnapshotMark(b.mark)]
  return one.length === other.length && one.every((byte, i) => byte === other[i])
}
