/** Events in the order of their time; of equal times, in the order they were given. */
export class VirtualTime {
  /** A binary heap. */
  readonly #events: Event[] = []
  #given = 0
  now = 0

  /** `at`: in milliseconds, not before now. */
  at(at: number, run: () => void): void {
    const event = { at, order: this.#given++, run }
    const events = this.#events
    let place = events.length
    for (; place > 0; ) {
      const above = (place - 1) >> 1
      if (!isBefore(event, events[above] as Event)) break
      events[place] = events[above] as Event
      place = above
    }
    events[place] = event
  }

  runUntil(end: number): void {
    for (;;) {
      const first = this.#events[0]
      if (first === undefined || first.at > end) break
      this.#removeFirst()
      this.now = first.at
      first.run()
    }
    this.now = end
  }

  #removeFirst(): void {
    const events = this.#events
    const last = events.pop() as Event
    const length = events.length
    if (length === 0) return
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= length) break
      if (below + 1 < length && isBefore(events[below + 1] as Event, events[below] as Event))
        below++
      if (!isBefore(events[below] as Event, last)) break
      events[place] = events[below] as Event
      place = below
    }
    events[place] = last
  }
}

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

const isBefore = (a: Event, b: Event): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)
