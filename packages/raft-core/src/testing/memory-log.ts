import type { Callback, Done, LogFounding, LogStats, LogStore } from '../ports.ts'
import type { Entry, LogIndex, LogWrite, RestoredLog } from '../types.ts'
import { LogRuleError, NoSuchEntryError } from '../wal/errors.ts'
import { LogState } from '../wal/log-state.ts'

/**
 * A log that is durable as long as the object is: for tests and benchmarks of what is above the log.
 * It can be closed and opened again.
 */
export class MemoryLog implements LogStore {
  readonly #founding: LogFounding
  readonly #state = new LogState()
  readonly #entries: Entry[] = []
  readonly #defer: (run: () => void) => void
  #isOpen = false
  #bytes = 0
  #writes = 0

  /** `defer` decides when a write is durable; without it, before `write` returns. */
  constructor(founding: LogFounding, defer: (run: () => void) => void = (run) => run()) {
    this.#founding = founding
    this.#defer = defer
  }

  open(done: Callback<RestoredLog>): void {
    this.#isOpen = true
    const { firstIndex, lastIndex, hardState, termRuns } = this.#state
    done(undefined, { ...this.#founding, firstIndex, lastIndex, hardState, termRuns })
  }

  write(write: LogWrite, done: Done): void {
    const broken = this.#isOpen ? this.#state.apply(write) : 'the log is not open'
    if (broken !== undefined) {
      this.#isOpen = false
      done(new LogRuleError(broken))
      return
    }
    this.#defer(() => {
      if (write.truncateFrom !== undefined) this.#entries.length = write.truncateFrom - 1
      for (const entry of write.entries) {
        this.#entries.push(entry)
        this.#bytes += entry.data.length
      }
      this.#writes++
      done(undefined)
    })
  }

  readEntries(
    from: LogIndex,
    to: LogIndex,
    maxBytes: number,
    done: Callback<readonly Entry[]>,
  ): void {
    if (from < 1 || to > this.#entries.length || from > to) {
      done(new NoSuchEntryError(from, to, 1, this.#entries.length), [])
      return
    }
    const found: Entry[] = []
    let bytes = 0
    for (const entry of this.#entries.slice(from - 1, to)) {
      bytes += entry.data.length
      if (found.length > 0 && bytes > maxBytes) break
      found.push(entry)
    }
    done(undefined, found)
  }

  stats(): LogStats {
    return {
      firstIndex: 1,
      lastIndex: this.#entries.length,
      sizeBytes: this.#bytes,
      segments: 0,
      syncs: this.#writes,
      formatVersion: 0,
    }
  }

  close(done: Done): void {
    this.#isOpen = false
    done(undefined)
  }
}
