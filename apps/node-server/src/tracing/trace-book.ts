import { type EntryTimes, EntryTimesBook } from './entry-times.ts'
import type { SlowCall } from './trace-interceptors.ts'

export interface RememberedCall extends SlowCall {
  /** By this machine's clock. */
  readonly endedAtMs: number
}

const callsAtMost = 256

/** What a node remembers for who asks where the time went: its slow calls, and when log entries came by. */
export class TraceBook {
  readonly entries: EntryTimesBook
  readonly #calls: RememberedCall[] = []
  readonly #wallMs: () => number

  constructor(slowMs: number, wallMs: () => number = Date.now) {
    this.entries = new EntryTimesBook(slowMs)
    this.#wallMs = wallMs
  }

  slow(call: SlowCall): void {
    this.#calls.push({ ...call, endedAtMs: this.#wallMs() })
    if (this.#calls.length > callsAtMost) this.#calls.shift()
  }

  calls(traceId: string): readonly RememberedCall[] {
    return this.#calls.filter(({ trace }) => trace === traceId)
  }

  /** The entry's times; `writtenAtMs` by this machine's clock. */
  entry(index: number): (EntryTimes & { readonly writtenAtMs: number }) | undefined {
    const times = this.entries.of(index)
    if (times === undefined) return undefined
    return { ...times, writtenAtMs: this.#wallMs() - (performance.now() - times.writtenMs) }
  }
}
