/**
 * What a leader knows of one follower, and what it may send next. All transitions are here.
 *
 * - `probe`: it is not known where the logs agree. One append is under way at a time; a heartbeat's
 *   answer lets the next one go.
 * - `replicate`: the logs agree up to `match`. Appends are sent without waiting, `next` runs ahead,
 *   up to a window of messages and bytes.
 * - `snapshot`: it needs entries that are gone. Nothing is appended until it has the snapshot.
 *
 * Nothing here can be stuck: heartbeats go out whatever the state, and the answer to one lets an
 * append out even when the window is full. An empty one then: its answer either confirms everything
 * before it (lost acknowledgements) or is a refusal that leads back to `probe` (lost appends).
 */
import type { LogIndex, NodeId } from '../types.ts'
import { broken } from './invariant.ts'

export type ProgressState = 'probe' | 'replicate' | 'snapshot'

interface Inflight {
  readonly lastIndex: LogIndex
  readonly bytes: number
}

export interface WindowLimits {
  readonly maxInflightMessages: number
  readonly maxInflightBytes: number
}

export class Progress {
  readonly id: NodeId
  isLearner: boolean
  state: ProgressState = 'probe'
  /** Last entry known to be durable there. Invariant: 0 <= match < next. */
  match: LogIndex = 0
  /** The next entry to send. In `snapshot`: `pendingSnapshot + 1`. */
  next: LogIndex
  /** In `snapshot`: the entry that the offered snapshot stands for. Otherwise 0. */
  pendingSnapshot: LogIndex = 0
  /**
   * In `snapshot`: what the first of its offers stands for. It may be fetching that one still while
   * newer ones are offered, and has to find the log behind it when it is done.
   */
  logKeptFrom: LogIndex = 0
  /**
   * It has been given a snapshot by this leader. What it is to read next is kept from then on: with a log that is cut as
   * fast as it grows it would need one snapshot after the other, and never come to the end.
   */
  hadSnapshot = false
  /** In `snapshot`: tick of the last offer. */
  offeredAt = 0
  /** No append goes out until something is heard: a probe is under way, or the window is full. */
  appendPaused = false
  /** The commit index it will know if nothing is lost. */
  sentCommit: LogIndex = 0
  /** Tick of the last message from it in this term. */
  lastHeard: number
  /** Highest read round it has answered. */
  readAcknowledged = 0
  /** Highest read round sent. */
  readSent = 0
  /** To be done at the end of the turn: a heartbeat, an append even if it is empty, one with entries. */
  heartbeatDue = false
  appendDue = false
  entriesDue = false
  /**
   * The read of older entries under way for it, if any. Whatever happens meanwhile, there is no other
   * before it has ended: a disk that hangs is not asked again and again.
   */
  readId: number | undefined = undefined
  readonly #limits: WindowLimits
  readonly #window: Inflight[] = []
  #windowBytes = 0

  constructor(
    id: NodeId,
    next: LogIndex,
    isLearner: boolean,
    lastHeard: number,
    limits: WindowLimits,
  ) {
    this.id = id
    this.next = next
    this.isLearner = isLearner
    this.lastHeard = lastHeard
    this.#limits = limits
  }

  get inflightMessages(): number {
    return this.#window.length
  }

  get inflightBytes(): number {
    return this.#windowBytes
  }

  get windowIsFull(): boolean {
    return (
      this.#window.length >= this.#limits.maxInflightMessages ||
      this.#windowBytes >= this.#limits.maxInflightBytes
    )
  }

  /** Of one that had a snapshot: the last entry that need not be kept for it. */
  get readUpTo(): LogIndex | undefined {
    if (!this.hadSnapshot) return undefined
    return this.state === 'replicate' ? this.match : this.next - 1
  }

  /** May no append be sent at all, not even an empty one? */
  get isPaused(): boolean {
    return this.state === 'snapshot' || this.appendPaused
  }

  /** May entries be sent, or an empty append at most? */
  get takesEntries(): boolean {
    return this.state === 'probe' || !this.windowIsFull
  }

  /** Would a message with this commit index be news that it can make use of? */
  canBumpCommit(commitIndex: LogIndex): boolean {
    return commitIndex > this.sentCommit && this.sentCommit < this.next - 1
  }

  /** `count` entries up to `lastIndex`, `bytes` in all, have been sent; perhaps none. */
  sentEntries(count: number, lastIndex: LogIndex, bytes: number): void {
    if (this.state === 'replicate') {
      if (count > 0) {
        this.next = lastIndex + 1
        this.#window.push({ lastIndex, bytes })
        this.#windowBytes += bytes
      }
      // With a full window this message is a probe: wait for an answer to anything.
      this.appendPaused = this.windowIsFull
    } else if (this.state === 'probe') {
      if (count > 0) this.appendPaused = true
    } else broken(`nothing is appended at ${this.id} while it needs a snapshot`)
  }

  /** It answered a heartbeat: it is there, so whatever was held back may be tried again. */
  resume(): void {
    this.appendPaused = false
  }

  /**
   * It has everything up to `index`, durably. `firstIndex` is the first entry that could be sent.
   * Returns whether that was news.
   */
  acknowledged(index: LogIndex, firstIndex: LogIndex): boolean {
    const isNews = index > this.match
    if (isNews) {
      this.match = index
      this.next = Math.max(this.next, index + 1)
      this.appendPaused = false
    }
    if (this.state === 'replicate') {
      if (isNews) this.#free(index)
    } else if (this.state === 'probe') {
      // The append asked about `next - 1`, or a late answer told of more than was known.
      if (isNews || index >= this.next - 1) this.#become('replicate', this.match + 1)
    } else if (isNews && this.match + 1 >= firstIndex) {
      // Any snapshot that reaches the log will do, not only the one that was offered.
      this.#become('replicate', this.match + 1)
    }
    this.#check()
    return isNews
  }

  /**
   * It refused an append behind `refused`; `agree` is where the logs may agree at best. Returns
   * whether that is to be acted upon: a refusal that came late or twice is not.
   */
  refused(refused: LogIndex, agree: LogIndex): boolean {
    if (this.state === 'replicate') {
      if (refused <= this.match) return false
      this.becomeProbe()
      return true
    }
    if (this.state === 'snapshot' || this.next - 1 !== refused) return false
    this.next = Math.max(Math.min(refused, agree + 1), this.match + 1)
    this.sentCommit = Math.min(this.sentCommit, this.next - 1)
    this.appendPaused = false
    this.#check()
    return true
  }

  /** Find out (again) where the logs agree; behind an offered snapshot, which may have arrived. */
  becomeProbe(): void {
    this.#become('probe', Math.max(this.match, this.pendingSnapshot) + 1)
  }

  /** A snapshot of everything up to `index` is offered. */
  becomeSnapshot(index: LogIndex, now: number): void {
    const isRepeated = this.state === 'snapshot'
    this.#become('snapshot', index + 1)
    if (!isRepeated) this.logKeptFrom = index
    this.pendingSnapshot = index
    this.offeredAt = now
    this.sentCommit = index
  }

  /** The snapshot did not arrive. */
  snapshotFailed(): void {
    this.pendingSnapshot = 0
    this.becomeProbe()
  }

  #free(index: LogIndex): void {
    const window = this.#window
    let count = 0
    while (count < window.length && (window[count] as Inflight).lastIndex <= index) {
      this.#windowBytes -= (window[count] as Inflight).bytes
      count++
    }
    if (count > 0) window.splice(0, count)
  }

  #become(state: ProgressState, next: LogIndex): void {
    if (this.state === 'snapshot') this.hadSnapshot = true
    this.state = state
    this.next = next
    this.appendPaused = false
    this.pendingSnapshot = 0
    this.sentCommit = Math.min(this.sentCommit, next - 1)
    this.#window.length = 0
    this.#windowBytes = 0
    this.#check()
  }

  #check(): void {
    if (this.match < 0 || this.match >= this.next) {
      broken(`match ${this.match} must be below next ${this.next} (${this.id})`)
    }
  }
}
