import type { Entry, LogStats, LogStore, LogWrite, NodeId, RestoredLog } from '@quorail/raft-core'
import { emptyLog } from './members.ts'

/** How many entries can be read again; replication that lags behind more is not what is measured. */
const KEPT = 1 << 16

/** A log in memory that forgets: a benchmark writes more than fits. Durable before `write` returns. */
export class RecentLog implements LogStore {
  readonly #id: NodeId
  readonly #entries: (Entry | undefined)[] = new Array(KEPT)
  #lastIndex = 0
  #writes = 0

  constructor(id: NodeId) {
    this.#id = id
  }

  open(done: (error: undefined, restored: RestoredLog) => void): void {
    done(undefined, emptyLog(this.#id))
  }

  write(write: LogWrite, done: (error: undefined) => void): void {
    if (write.truncateFrom !== undefined) this.#lastIndex = write.truncateFrom - 1
    for (const entry of write.entries) {
      this.#entries[entry.index % KEPT] = entry
      this.#lastIndex = entry.index
    }
    this.#writes++
    done(undefined)
  }

  readEntries(
    from: number,
    to: number,
    maxBytes: number,
    done: (error: Error | undefined, entries: readonly Entry[]) => void,
  ): void {
    const found: Entry[] = []
    let bytes = 0
    for (let index = from; index <= to; index++) {
      const entry = this.#entries[index % KEPT]
      if (entry?.index !== index) {
        done(new Error(`entry ${index} is forgotten`), [])
        return
      }
      bytes += entry.data.length
      if (found.length > 0 && bytes > maxBytes) break
      found.push(entry)
    }
    done(undefined, found)
  }

  stats(): LogStats {
    return {
      firstIndex: 1,
      lastIndex: this.#lastIndex,
      sizeBytes: 0,
      segments: 0,
      syncs: this.#writes,
      formatVersion: 0,
    }
  }

  close(done: (error: undefined) => void): void {
    done(undefined)
  }
}
