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
  readonly #state: LogState
  /** Those behind the base. */
  readonly #entries: Entry[] = []
  readonly #defer: (run: () => void) => void
  #firstIndex: LogIndex = 1
  #isOpen = false
  #bytes = 0
  #writes = 0

  /** `defer` decides when a write is durable; without it, before `write` returns. */
  constructor(founding: LogFounding, defer: (run: () => void) => void = (run) => run()) {
    this.#founding = founding
    this.#state = new LogState(founding.genesis)
    this.#defer = defer
  }

  open(done: Callback<RestoredLog>): void {
    this.#isOpen = true
    done(undefined, this.#state.restored(this.#founding.incarnation))
  }

  write(write: LogWrite, done: Done): void {
    const broken = this.#isOpen ? this.#state.apply(write) : 'the log is not open'
    if (broken !== undefined) {
      this.#isOpen = false
      done(new LogRuleError(broken))
      return
    }
    this.#defer(() => {
      this.#enter(write)
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
    const { firstIndex, lastIndex } = this.stats()
    if (from < firstIndex || to > lastIndex || from > to) {
      done(new NoSuchEntryError(from, to, firstIndex, lastIndex), [])
      return
    }
    const found: Entry[] = []
    let bytes = 0
    for (const entry of this.#entries.slice(from - firstIndex, to - firstIndex + 1)) {
      bytes += entry.data.length
      if (found.length > 0 && bytes > maxBytes) break
      found.push(entry)
    }
    done(undefined, found)
  }

  stats(): LogStats {
    return {
      firstIndex: this.#firstIndex,
      lastIndex: this.#firstIndex + this.#entries.length - 1,
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

  #enter(write: LogWrite): void {
    if (write.base !== undefined) {
      const { mark, reset } = write.base
      this.#drop(0, reset ? this.#entries.length : mark.index + 1 - this.#firstIndex)
      this.#firstIndex = mark.index + 1
    }
    if (write.truncateFrom !== undefined) {
      this.#drop(write.truncateFrom - this.#firstIndex, this.#entries.length)
    }
    for (const entry of write.entries) {
      this.#entries.push(entry)
      this.#bytes += entry.data.length
    }
  }

  #drop(from: number, count: number): void {
    for (const entry of this.#entries.splice(from, count)) this.#bytes -= entry.data.length
  }
}
