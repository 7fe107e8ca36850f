/**
 * The end of the log that a node does not yet know to be on its disk, by etcd's book-keeping: it is
 * needed to print the work for the append thread and its answers, which our core does not have. The
 * core itself keeps its own account, by write.
 */
import type { Entry, LogIndex, LogWrite, SnapshotMark, Term } from '../raft-core.ts'

export class Unstable {
  #entries: Entry[] = []
  #offset: LogIndex
  /** First entry that was not given to the disk yet. */
  #next: LogIndex
  #snapshot: SnapshotMark | undefined = undefined
  #snapshotGiven = false

  constructor(offset: LogIndex) {
    this.#offset = offset
    this.#next = offset
  }

  /** Everything before is known to be on the disk. */
  get offset(): LogIndex {
    return this.#offset
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  get hasSnapshot(): boolean {
    return this.#snapshot !== undefined
  }

  get nextSnapshot(): SnapshotMark | undefined {
    return this.#snapshotGiven ? undefined : this.#snapshot
  }

  get nextEntries(): readonly Entry[] {
    return this.#entries.slice(this.#next - this.#offset)
  }

  at(index: LogIndex): Entry | undefined {
    return this.#entries[index - this.#offset]
  }

  take({ base, truncateFrom, entries }: LogWrite): void {
    if (base?.reset === true) {
      this.#entries = []
      this.#offset = base.mark.index + 1
      this.#next = this.#offset
      this.#snapshot = base.mark
      this.#snapshotGiven = false
    }
    const from = truncateFrom ?? entries[0]?.index
    if (from === undefined) return
    if (from <= this.#offset) {
      this.#offset = from
      this.#entries = [...entries]
    } else this.#entries = [...this.#entries.slice(0, from - this.#offset), ...entries]
    this.#next = Math.min(this.#next, from)
  }

  /** What there is was given to the disk. */
  give(): void {
    this.#next = this.#offset + this.#entries.length
    this.#snapshotGiven = this.#snapshot !== undefined
  }

  /** The disk has the log up to this entry, unless it has been overwritten meanwhile. */
  stableTo(index: LogIndex, term: Term): void {
    if (index < this.#offset || this.at(index)?.term !== term) return
    this.#entries = this.#entries.slice(index + 1 - this.#offset)
    this.#offset = index + 1
    this.#next = Math.max(this.#next, this.#offset)
  }

  snapshotStable(mark: SnapshotMark): void {
    if (this.#snapshot?.index === mark.index) this.#snapshot = undefined
  }
}
