import type {
  Callback,
  Done,
  SnapshotInfo,
  SnapshotStore,
  SnapshotWriter,
  StoredSnapshot,
} from '../ports.ts'
import type { SnapshotMark } from '../types.ts'
import { crc32c } from '../wal/crc32c.ts'
import {
  NoSnapshotError,
  SnapshotBusyError,
  SnapshotMismatchError,
} from '../wal/snapshot-errors.ts'
import { newestFirst } from '../wal/snapshot-folder.ts'

interface Kept {
  readonly info: SnapshotInfo
  readonly bytes: Uint8Array
  readers: number
  whenUnread: (() => void) | undefined
}

/**
 * Snapshots that are kept as long as the object is: for tests of what is above them. It can be
 * closed and opened again, as by a process that was killed.
 */
export class MemorySnapshotStore implements SnapshotStore {
  readonly #complete = new Map<string, Kept>()
  /** Beginnings of fetched ones. */
  readonly #begun = new Map<string, { readonly info: SnapshotInfo; bytes: Uint8Array }>()
  readonly #writing = new Set<string>()
  #isOpen = false

  open(done: Callback<readonly SnapshotInfo[]>): void {
    this.#isOpen = true
    this.#writing.clear()
    done(undefined, newestFirst([...this.#complete.values()].map(({ info }) => info)))
  }

  create(id: string, mark: SnapshotMark, done: Callback<SnapshotWriter>): void {
    const info = { id, mark, sizeBytes: 0, checksum: 0 }
    this.#begin(info, new Uint8Array(0), false, done)
  }

  resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    const begun = this.#begun.get(info.id)
    const same = begun !== undefined && JSON.stringify(begun.info) === JSON.stringify(info)
    this.#begin(info, same ? begun.bytes : new Uint8Array(0), true, done)
  }

  read(id: string, done: Callback<StoredSnapshot>): void {
    const kept = this.#isOpen ? this.#complete.get(id) : undefined
    if (kept === undefined || kept.whenUnread !== undefined) {
      done(new NoSnapshotError(id), undefined as never)
      return
    }
    kept.readers++
    const { info, bytes } = kept
    done(undefined, {
      info,
      sizeBytes: info.sizeBytes,
      read: (offset, length, read) => read(undefined, bytes.slice(offset, offset + length)),
      close: (closed) => {
        kept.readers--
        if (kept.readers === 0) kept.whenUnread?.()
        closed(undefined)
      },
    })
  }

  remove(id: string, done: Done): void {
    if (this.#writing.has(id)) {
      done(new SnapshotBusyError(`the snapshot ${id} is being written`))
      return
    }
    this.#begun.delete(id)
    const kept = this.#complete.get(id)
    const gone = (): void => {
      this.#complete.delete(id)
      done(undefined)
    }
    if (kept === undefined || kept.readers === 0) gone()
    else kept.whenUnread = gone
  }

  close(done: Done): void {
    this.#isOpen = false
    done(undefined)
  }

  #begin(
    info: SnapshotInfo,
    bytes: Uint8Array,
    isFetched: boolean,
    done: Callback<SnapshotWriter>,
  ): void {
    const { id } = info
    const refused = !this.#isOpen
      ? 'the snapshot store is not open'
      : this.#writing.has(id)
        ? `the snapshot ${id} is being written`
        : this.#complete.has(id)
          ? `the snapshot ${id} is complete already`
          : undefined
    if (refused !== undefined) {
      done(new SnapshotBusyError(refused), undefined as never)
      return
    }
    this.#writing.add(id)
    const end = (finished: Uint8Array | undefined, kept: Uint8Array | undefined): SnapshotInfo => {
      this.#writing.delete(id)
      this.#begun.delete(id)
      if (kept !== undefined) this.#begun.set(id, { info, bytes: kept })
      const content = finished ?? new Uint8Array(0)
      const complete = { ...info, sizeBytes: content.length, checksum: crc32c(content) }
      if (finished !== undefined) {
        this.#complete.set(id, {
          info: complete,
          bytes: content,
          readers: 0,
          whenUnread: undefined,
        })
      }
      return complete
    }
    done(undefined, new MemorySnapshotWriter(info, bytes, isFetched, end))
  }
}

class MemorySnapshotWriter implements SnapshotWriter {
  readonly #info: SnapshotInfo
  readonly #isFetched: boolean
  /** Ends the writing: with a complete content, with a beginning that is kept, or with nothing. */
  readonly #end: (finished: Uint8Array | undefined, kept: Uint8Array | undefined) => SnapshotInfo
  #bytes: Uint8Array
  #isEnded = false

  constructor(
    info: SnapshotInfo,
    bytes: Uint8Array,
    isFetched: boolean,
    end: (finished: Uint8Array | undefined, kept: Uint8Array | undefined) => SnapshotInfo,
  ) {
    this.#info = info
    this.#bytes = bytes
    this.#isFetched = isFetched
    this.#end = end
  }

  get sizeBytes(): number {
    return this.#bytes.length
  }

  write(bytes: Uint8Array, done: Done): void {
    if (this.#isEnded) {
      done(new SnapshotBusyError('nothing can be written to this snapshot any more'))
      return
    }
    const longer = new Uint8Array(this.#bytes.length + bytes.length)
    longer.set(this.#bytes)
    longer.set(bytes, this.#bytes.length)
    this.#bytes = longer
    done(undefined)
  }

  finish(done: Callback<SnapshotInfo>): void {
    const { id, sizeBytes, checksum } = this.#info
    const isWrong =
      this.#isFetched && (this.sizeBytes !== sizeBytes || crc32c(this.#bytes) !== checksum)
    if (isWrong || this.#isEnded) {
      if (!this.#isEnded) this.#end(undefined, undefined)
      this.#isEnded = true
      done(new SnapshotMismatchError(id, 'its size or checksum is wrong'), undefined as never)
      return
    }
    this.#isEnded = true
    done(undefined, this.#end(this.#bytes, undefined))
  }

  abort(done: Done): void {
    if (!this.#isEnded) this.#end(undefined, this.#isFetched ? this.#bytes : undefined)
    this.#isEnded = true
    done(undefined)
  }
}
