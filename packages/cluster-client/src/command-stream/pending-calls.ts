import type { DescMessage, DescMethodUnary, Message } from '@bufbuild/protobuf'
import type { ConnectError } from '@connectrpc/connect'
import type { Failure } from '../failure.ts'
import type { Repeatability } from '../repeatable.ts'

/** A call that has no answer yet. Its bytes are the same however often they are sent. */
export interface PendingCall {
  readonly number: number
  readonly method: DescMethodUnary<DescMessage, DescMessage>
  readonly name: string
  readonly bytes: Uint8Array
  readonly sessionToken: string
  readonly done: (error: ConnectError | undefined, response?: Message) => void
  readonly repeatability: Repeatability
  readonly startedAt: number
  readonly endsAt: number
  /** Some attempt may have had its effect. */
  perhapsDone: boolean
  /** Why the last attempt came to nothing. */
  last: Failure | undefined
  attempts: number
  sentAt: number
}

/** Calls in the order in which they were made: those that wait for a connection, and those under way on one. */
export class PendingCalls {
  #waiting: PendingCall[] = []
  #next = 0
  readonly sent = new Map<number, PendingCall>()
  #sentBytes = 0
  /** Asked again after a pause. */
  readonly resting = new Set<PendingCall>()

  get count(): number {
    return this.waiting + this.sent.size + this.resting.size
  }

  get waiting(): number {
    return this.#waiting.length - this.#next
  }

  get sentBytes(): number {
    return this.#sentBytes
  }

  add(call: PendingCall): void {
    this.#waiting.push(call)
  }

  /** What goes into the next frame: calls of one session, no more than fit. */
  takeFrame(mostCalls: number, mostBytes: number, now: number): PendingCall[] {
    const frame: PendingCall[] = []
    let bytes = 0
    while (this.#next < this.#waiting.length && frame.length < mostCalls) {
      const call = this.#waiting[this.#next] as PendingCall
      const fits = frame.length === 0 || bytes + call.bytes.length <= mostBytes
      if (!fits || (frame[0] ?? call).sessionToken !== call.sessionToken) break
      this.#next += 1
      bytes += call.bytes.length
      call.sentAt = now
      this.sent.set(call.number, call)
      frame.push(call)
    }
    this.#sentBytes += bytes
    if (this.#next === this.#waiting.length || this.#next > 1_024) {
      this.#waiting = this.#waiting.slice(this.#next)
      this.#next = 0
    }
    return frame
  }

  /** The call that this is the answer to, unless it was given up meanwhile. */
  answered(number: number): PendingCall | undefined {
    const call = this.sent.get(number)
    if (call === undefined) return undefined
    this.sent.delete(number)
    this.#sentBytes -= call.bytes.length
    return call
  }

  /** The connection is gone: everything that was under way on it goes first on the next one. */
  connectionLost(failure: Failure): void {
    const again = [...this.sent.values()]
    for (const call of again) {
      call.perhapsDone = call.repeatability !== 'read'
      call.last = failure
    }
    this.#waiting = [...again, ...this.#waiting.slice(this.#next)]
    this.#next = 0
    this.sent.clear()
    this.#sentBytes = 0
  }

  /** Takes out what `isOver` says. */
  remove(isOver: (call: PendingCall) => boolean): PendingCall[] {
    const over: PendingCall[] = []
    const keep = (call: PendingCall): boolean => {
      if (!isOver(call)) return true
      over.push(call)
      return false
    }
    this.#waiting = this.#waiting.slice(this.#next).filter(keep)
    this.#next = 0
    for (const call of this.sent.values()) {
      if (keep(call)) continue
      call.perhapsDone = call.repeatability !== 'read'
      this.answered(call.number)
    }
    for (const call of this.resting) if (!keep(call)) this.resting.delete(call)
    return over
  }

  /** When the call that has waited longest for its answer was sent. */
  oldestSentAt(): number | undefined {
    return this.sent.values().next().value?.sentAt
  }
}
