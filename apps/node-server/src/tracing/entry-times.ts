import type { LogStore } from '@quorail/raft-core'
import { IndexTimes } from './index-times.ts'

/** One log entry's way through this node, in milliseconds of the monotonic clock. */
export interface EntryTimes {
  readonly writtenMs: number
  readonly durableMs: number | undefined
  readonly appliedMs: number | undefined
}

/** So many batches of each kind: a minute at full load, and longer otherwise. */
const latest = 65_536
/** Of batches that were slow here, so many more. */
const slowAtMost = 1_024

/**
 * When log entries came, became durable and were applied on this node. Commands are opaque to Raft and carry no trace; but
 * their index is the same on every node, and that is what a call on the leader has in common with its followers.
 */
export class EntryTimesBook {
  readonly #written = new IndexTimes(latest)
  readonly #durable = new IndexTimes(latest)
  readonly #applied = new IndexTimes(latest)
  readonly #slow: { readonly first: number; readonly last: number; readonly times: EntryTimes }[] =
    []
  readonly #slowMs: number
  readonly #now: () => number

  /** @param slowMs batches that take longer until they are applied are remembered longer; 0: none */
  constructor(slowMs: number, now: () => number = () => performance.now()) {
    this.#slowMs = slowMs
    this.#now = now
  }

  /** The same log, watched. */
  watching(log: LogStore): LogStore {
    return {
      open: (done) => log.open(done),
      write: (write, done) => {
        const first = write.entries[0]?.index
        const last = write.entries.at(-1)?.index
        if (first === undefined || last === undefined) {
          log.write(write, done)
          return
        }
        this.#written.note(first, last, this.#now())
        log.write(write, (error) => {
          if (error === undefined) this.#durable.note(first, last, this.#now())
          done(error)
        })
      },
      readEntries: (from, to, maxBytes, done) => log.readEntries(from, to, maxBytes, done),
      stats: () => log.stats(),
      close: (done) => log.close(done),
    }
  }

  /** All entries up to here are in the state. */
  applied(index: number): void {
    const now = this.#now()
    const { last } = this.#applied
    if (index <= last) return
    const first = last === 0 ? index : last + 1
    this.#applied.note(first, index, now)
    const writtenMs = this.#written.at(index)
    if (this.#slowMs === 0 || writtenMs === undefined || now - writtenMs < this.#slowMs) return
    const times = { writtenMs, durableMs: this.#durable.at(index), appliedMs: now }
    this.#slow.push({ first, last: index, times })
    if (this.#slow.length > slowAtMost) this.#slow.shift()
  }

  /** Undefined: none of the latest, and it was not slow here. */
  of(index: number): EntryTimes | undefined {
    const writtenMs = this.#written.at(index)
    if (writtenMs !== undefined)
      return { writtenMs, durableMs: this.#durable.at(index), appliedMs: this.#applied.at(index) }
    return this.#slow.findLast(({ first, last }) => index >= first && index <= last)?.times
  }
}
