import type { Timer } from '../ports.ts'
import { Digest } from './digest.ts'

interface Event {
  readonly at: number
  readonly order: number
  readonly label: string
  run: (() => void) | undefined
}

/**
 * Virtual time. Events run one after the other, by time and then in the order they were made; what
 * ran goes into a digest, so that two runs can be shown to be the same.
 */
export class Scheduler {
  readonly digest = new Digest()
  readonly #heap: Event[] = []
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

  /** Runs `run` after a delay. `label` names the kind of event in the digest. */
  after(delayMs: number, label: string, run: () => void): Timer {
    const event: Event = { at: this.#now + Math.max(0, delayMs), order: this.#order++, label, run }
    this.#push(event)
    return {
      cancel: () => {
        event.run = undefined
      },
    }
  }

  /** Runs the next event; false when there is none. */
  step(): boolean {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.run === undefined) continue
      this.#now = event.at
      this.#executed++
      this.digest.text(event.label)
      this.digest.number(Math.round(event.at * 1000))
      event.run()
      return true
    }
    return false
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
