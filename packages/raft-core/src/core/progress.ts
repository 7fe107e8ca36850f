/**
 * What a leader knows of one follower, and what it may send next.
 *
 * - `probe`: it is not known where the logs agree. One append is under way at a time, and its `next`
 *   stays until it is answered; every heartbeat asks again.
 * - `replicate`: the logs agree up to `match`. Appends are sent without waiting, `next` runs ahead,
 *   up to a window of messages and bytes.
 *
 * Nothing here can be stuck: a heartbeat goes out whatever the window says, it names the entry
 * before `next`, and its answer either confirms everything before it (lost acknowledgements) or is
 * a refusal that leads back to `probe` (lost appends).
 */
import type { LogIndex, NodeId } from '../types.ts'
import { broken } from './invariant.ts'

interface Inflight {
  readonly lastIndex: LogIndex
  readonly bytes: number
}

export class Progress {
  readonly id: NodeId
  state: 'probe' | 'replicate' = 'probe'
  /** Last entry known to be durable there. Invariant: 0 <= match < next. */
  match: LogIndex = 0
  /** The next entry to send. */
  next: LogIndex
  /** In `probe`: an append is under way and unanswered. */
  probing = false
  /** Tick of the last message from it in this term. */
  lastHeard: number
  /** Highest read round it has answered. */
  readAcknowledged = 0
  /** Highest read round sent. */
  readSent = 0
  /** The commit index it will know if nothing is lost. */
  commitSent: LogIndex = 0
  heartbeatDue = true
  /** The read of older entries under way for it, if any. */
  readId: number | undefined = undefined
  readonly #window: Inflight[] = []
  #windowBytes = 0

  constructor(id: NodeId, next: LogIndex, now: number) {
    this.id = id
    this.next = next
    this.lastHeard = now
  }

  get inflightMessages(): number {
    return this.#window.length
  }

  get inflightBytes(): number {
    return this.#windowBytes
  }

  /** May an append with entries be sent now? */
  maySend(maxMessages: number, maxBytes: number): boolean {
    if (this.readId !== undefined) return false
    if (this.state === 'probe') return !this.probing
    return this.#window.length < maxMessages && this.#windowBytes < maxBytes
  }

  /** Entries up to `lastIndex`, `bytes` in all, have been sent. */
  sent(lastIndex: LogIndex, bytes: number): void {
    if (lastIndex < this.next) broken(`sent up to ${lastIndex}, but next is ${this.next}`)
    if (this.state === 'probe') {
      this.probing = true
      return
    }
    this.next = lastIndex + 1
    this.#window.push({ lastIndex, bytes })
    this.#windowBytes += bytes
  }

  /** It has everything up to `index`, durably. Returns whether that was news. */
  acknowledged(index: LogIndex): boolean {
    const news = index > this.match
    if (news) this.match = index
    if (this.state === 'probe') {
      // `next` alone was asked about: an answer at or above `next - 1` tells where the logs agree.
      if (index >= this.next - 1) this.#become('replicate', this.match + 1)
    } else {
      this.next = Math.max(this.next, this.match + 1)
      while (this.#window.length > 0 && (this.#window[0] as Inflight).lastIndex <= index) {
        this.#windowBytes -= (this.#window.shift() as Inflight).bytes
      }
    }
    this.#check()
    return news
  }

  /**
   * It refused an append behind `refused`; `agree` is where the logs may agree at best. Returns
   * whether that is to be acted upon: a refusal that came late or twice is not.
   */
  refused(refused: LogIndex, agree: LogIndex): boolean {
    if (refused <= this.match) return false
    if (this.state === 'probe' && this.next - 1 !== refused) return false
    this.#become('probe', Math.max(Math.min(refused, agree + 1), this.match + 1))
    return true
  }

  /** A message may have been lost: find out again where the logs agree. */
  suspect(): void {
    this.#become('probe', this.match + 1)
  }

  #become(state: 'probe' | 'replicate', next: LogIndex): void {
    this.state = state
    this.next = next
    this.probing = false
    this.readId = undefined
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
