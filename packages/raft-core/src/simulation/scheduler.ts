import type { Timer } from '../ports.ts'
import { Digest } from './digest.ts'

class Event implements Timer {
  readonly at: number
  readonly order: number
  readonly label: number
  run: (() => void) | undefined

  constructor(at: number, order: number, label: number, run: () => void) {
    this.at = at
    this.order = order
    this.label = label
    this.run = run
  }

  cancel(): void {
    this.run = undefined
  }
}

/**
 * Virtual time. Events run one after the other, by time and then in the order they were made; what
 * ran goes into a digest, so that two runs can be shown to be the same.
 */
export class Scheduler {
  readonly digest = new Digest()
  /** What is due later: a binary heap. */
  readonly #heap: Event[] = []
  /** What is due at once, in order; read from `#nextSoon` on. Half of all events go this way. */
  #soon: Event[] = []
  #nextSoon = 0
  #now = 0
  #order = 0
  #executed = 0

  /** Virtual milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  /** Events that ran so far. */
  get executed(): number {
    return this.#executed
  }

  /** Runs `run` after a delay. `label` is the `textHash` of the kind of event, for the digest. */
  after(delayMs: number, label: number, run: () => void): Timer {
    const isSoon = delayMs <= 0
    const event = new Event(isSoon ? this.#now : this.#now + delayMs, this.#order++, label, run)
    if (isSoon) this.#soon.push(event)
    else this.#push(event)
    return event
  }

  /** Runs the next event; false when there is none. */
  step(): boolean {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      if (event.run === undefined) continue
      this.#now = event.at
      this.#executed++
      this.digest.number(event.label)
      this.digest.number(Math.round(event.at * 1000))
      event.run()
      return true
    }
    return false
  }

  #next(): Event | undefined {
    const soon = this.#soon[this.#nextSoon]
    if (soon === undefined) return this.#pop()
    // What is in the heap for this very moment was made before.
    const first = this.#heap[0]
    if (first !== undefined && isBefore(first, soon)) return this.#pop()
    this.#nextSoon++
    if (this.#nextSoon === this.#soon.length) {
      this.#soon = []
      this.#nextSoon = 0
    }
    return soon
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (isBefore(heap[parent] as Event, event)) break
      heap[at] = heap[parent] as Event
      at = parent
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Event)) child++
      if (isBefore(last, heap[child] as Event)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
