/** Snapshots that are durable as long as the object is, with faults on request. */
import type {
  Callback,
  Done,
  SnapshotInfo,
  SnapshotStore,
  SnapshotWriter,
  StoredSnapshot,
} from '../src/ports.ts'
import type { SnapshotMark } from '../src/types.ts'
import { crc32c } from '../src/wal/crc32c.ts'

interface Kept {
  info: SnapshotInfo
  data: Uint8Array
}

export class MemorySnapshots implements SnapshotStore {
  readonly complete = new Map<string, Kept>()
  /** Beginnings of fetched ones, which survive a restart. */
  readonly partial = new Map<string, Uint8Array[]>()
  /** Of captured ones, which do not. */
  readonly created = new Set<string>()
  readonly removed: string[] = []
  openReaders = 0
  closed = 0
  /** Writes fail with this. */
  failure: Error | undefined
  /** Where completions of writes wait, when they are to be held. */
  held: (() => void)[] | undefined

  open(done: Callback<readonly SnapshotInfo[]>): void {
    this.created.clear()
    const infos = [...this.complete.values()].map(({ info }) => info)
    done(
      undefined,
      infos.sort((a, b) => b.mark.index - a.mark.index),
    )
  }

  create(id: string, mark: SnapshotMark, done: Callback<SnapshotWriter>): void {
    this.created.add(id)
    done(undefined, new Writer(this, id, mark, undefined))
  }

  resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    if (!this.partial.has(info.id)) this.partial.set(info.id, [])
    done(undefined, new Writer(this, info.id, info.mark, info))
  }

  read(id: string, done: Callback<StoredSnapshot>): void {
    const kept = this.complete.get(id)
    if (kept === undefined) {
      done(new Error(`no snapshot ${id}`), undefined as never)
      return
    }
    this.openReaders++
    const { info, data } = kept
    done(undefined, {
      info,
      sizeBytes: data.length,
      read: (offset, length, read) => read(undefined, data.slice(offset, offset + length)),
      close: (closed) => {
        this.openReaders--
        closed(undefined)
      },
    })
  }

  remove(id: string, done: Done): void {
    this.removed.push(id)
    this.complete.delete(id)
    this.partial.delete(id)
    done(undefined)
  }

  close(done: Done): void {
    this.closed++
    done(undefined)
  }

  /** Calls back, at once or when it is released. */
  end(run: () => void): void {
    if (this.held === undefined) run()
    else this.held.push(run)
  }

  release(): void {
    const held = this.held ?? []
    this.held = undefined
    for (const run of held) run()
  }
}

class Writer implements SnapshotWriter {
  readonly #store: MemorySnapshots
  readonly #id: string
  readonly #mark: SnapshotMark
  readonly #expected: SnapshotInfo | undefined
  readonly #pieces: Uint8Array[]

  constructor(
    store: MemorySnapshots,
    id: string,
    mark: SnapshotMark,
    expected: SnapshotInfo | undefined,
  ) {
    this.#store = store
    this.#id = id
    this.#mark = mark
    this.#expected = expected
    this.#pieces = expected === undefined ? [] : (store.partial.get(id) ?? [])
  }

  get sizeBytes(): number {
    return this.#pieces.reduce((size, piece) => size + piece.length, 0)
  }

  write(bytes: Uint8Array, done: Done): void {
    this.#store.end(() => {
      if (this.#store.failure === undefined) this.#pieces.push(bytes.slice())
      done(this.#store.failure)
    })
  }

  finish(done: Callback<SnapshotInfo>): void {
    const data = new Uint8Array(this.sizeBytes)
    let at = 0
    for (const piece of this.#pieces) {
      data.set(piece, at)
      at += piece.length
    }
    const info: SnapshotInfo = {
      id: this.#id,
      mark: this.#mark,
      sizeBytes: data.length,
      checksum: crc32c(data),
    }
    const expected = this.#expected
    this.#store.partial.delete(this.#id)
    this.#store.created.delete(this.#id)
    if (expected !== undefined && expected.checksum !== info.checksum) {
      done(new Error('the checksum of the snapshot is wrong'), info)
      return
    }
    this.#store.end(() => {
      this.#store.complete.set(this.#id, { info, data })
      done(undefined, info)
    })
  }

  abort(done: Done): void {
    this.#store.created.delete(this.#id)
    done(undefined)
  }
}
