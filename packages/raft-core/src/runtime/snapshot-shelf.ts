/**
 * The complete snapshots of a node: which there are, who is reading them, and when an old one may go.
 * One that a member fetches from is kept, or a slow member would never come to its end.
 */
import type {
  Callback,
  Clock,
  Done,
  SnapshotInfo,
  SnapshotStore,
  StoredSnapshot,
} from '../ports.ts'
import type { LogIndex } from '../types.ts'
import type { Operations } from './operations.ts'

interface Opened {
  readonly stored: StoredSnapshot
  users: number
}

export class SnapshotShelf {
  readonly store: SnapshotStore
  readonly #clock: Clock
  readonly #operations: Operations
  readonly #keepMs: number
  /** Newest first. */
  #infos: readonly SnapshotInfo[]
  /** When a member last fetched of it. */
  readonly #fetchedAt = new Map<string, number>()
  readonly #opened = new Map<string, Opened>()
  #isClosing = false

  constructor(
    store: SnapshotStore,
    infos: readonly SnapshotInfo[],
    clock: Clock,
    operations: Operations,
    keepMs: number,
  ) {
    this.store = store
    this.#infos = infos
    this.#clock = clock
    this.#operations = operations
    this.#keepMs = keepMs
  }

  get newest(): SnapshotInfo | undefined {
    return this.#infos[0]
  }

  /** The newest that this node's own state has reached: one that was fetched may not be installed yet. */
  newestUpTo(index: LogIndex): SnapshotInfo | undefined {
    return this.#infos.find(({ mark }) => mark.index <= index)
  }

  find(id: string): SnapshotInfo | undefined {
    return this.#infos.find((info) => info.id === id)
  }

  at(index: LogIndex): SnapshotInfo | undefined {
    return this.#infos.find(({ mark }) => mark.index === index)
  }

  /** The oldest that a member is still fetching: what follows it in the log will be wanted. */
  get oldestFetched(): SnapshotInfo | undefined {
    const now = this.#clock.now()
    return this.#infos.findLast(({ id }) => this.#isFetched(id, now))
  }

  add(info: SnapshotInfo): void {
    const others = this.#infos.filter(({ id }) => id !== info.id)
    this.#infos = [...others, info].sort((a, b) => b.mark.index - a.mark.index)
  }

  /** It can not be read: it stands for nothing any more. Its file stays until the node is opened again. */
  giveUp(id: string): void {
    this.#infos = this.#infos.filter((info) => info.id !== id)
    this.#fetchedAt.delete(id)
    this.#closeUnused(id)
  }

  /** Notes that a member is at it. */
  fetched(id: string): void {
    this.#fetchedAt.set(id, this.#clock.now())
  }

  /**
   * Removes those that are older than the newest that the state has reached, save what is being fetched
   * or read.
   */
  tidy(appliedIndex: LogIndex): void {
    const now = this.#clock.now()
    const kept = this.newestUpTo(appliedIndex)
    for (const { id } of this.#infos) {
      if (!this.#isFetched(id, now)) this.#closeUnused(id)
    }
    for (const { id, mark } of this.#infos) {
      if (kept === undefined || mark.index >= kept.mark.index) continue
      if (this.#isFetched(id, now) || this.#opened.has(id)) continue
      this.#infos = this.#infos.filter((info) => info.id !== id)
      this.#fetchedAt.delete(id)
      this.#operations.begin()
      // One that can not be removed costs room; the store tries again when it is opened.
      this.store.remove(id, () => this.#operations.end())
    }
  }

  /** Opens a snapshot, or goes on with the one that is open; `release` must follow. */
  use(id: string, done: Callback<StoredSnapshot>): void {
    const opened = this.#opened.get(id)
    if (opened !== undefined) {
      opened.users++
      done(undefined, opened.stored)
      return
    }
    this.#operations.begin()
    this.store.read(id, (error, stored) => {
      if (error !== undefined) {
        this.#operations.end()
        done(error, stored)
        return
      }
      // Two may have asked before the first was answered: one of them is not kept open.
      const other = this.#opened.get(id)
      if (other !== undefined) stored.close(() => this.#operations.end())
      else this.#opened.set(id, { stored, users: 0 })
      const kept = this.#opened.get(id) as Opened
      kept.users++
      done(undefined, kept.stored)
    })
  }

  /** Stays open for the next one until it is tidied away. */
  release(id: string): void {
    const opened = this.#opened.get(id)
    if (opened !== undefined) opened.users--
    if (this.#isClosing || this.find(id) === undefined) this.#closeUnused(id)
  }

  /** Nothing will be used any more, but what is in use now. */
  closeAll(): void {
    this.#isClosing = true
    for (const id of [...this.#opened.keys()]) this.#closeUnused(id)
  }

  close(done: Done): void {
    this.store.close(done)
  }

  #closeUnused(id: string): void {
    const opened = this.#opened.get(id)
    if (opened === undefined || opened.users > 0) return
    this.#opened.delete(id)
    opened.stored.close(() => this.#operations.end())
  }

  #isFetched(id: string, now: number): boolean {
    const at = this.#fetchedAt.get(id)
    return at !== undefined && now - at < this.#keepMs
  }
}
