import { decodeUtf8, encodeUtf8 } from '../src/codec/utf8.ts'
import type {
  Callback,
  Disk,
  DiskFile,
  Done,
  LogFounding,
  LogStats,
  LogStore,
} from '../src/ports.ts'
import { FOUNDING } from '../src/testing/log-store-suite.ts'
import type { Entry, LogBase, LogIndex, LogWrite, RestoredLog } from '../src/types.ts'
import { crc32c } from '../src/wal/crc32c.ts'
import { LogState } from '../src/wal/log-state.ts'
import { inOrder } from '../src/wal/steps.ts'

const NAME = 'naive'

/**
 * The simplest durable log: one file of lines, each a write with its checksum, one sync each. Slow,
 * and correct; tests break it in one way at a time to see that the suite notices.
 */
export class NaiveLog implements LogStore {
  protected readonly disk: Disk
  protected state: LogState
  /** Those behind the base. */
  protected entries: Entry[] = []
  protected base = 0
  readonly #founding: LogFounding
  #file: DiskFile | undefined
  #end = 0
  #queue: { line: Uint8Array; write: LogWrite; done: Done }[] = []
  #failed: Error | undefined

  constructor(disk: Disk, founding: LogFounding = FOUNDING) {
    this.disk = disk
    this.#founding = founding
    this.state = new LogState(founding.genesis)
  }

  open(done: Callback<RestoredLog>): void {
    this.disk.list((listError, names) => {
      const mode = names?.includes(NAME) ? 'existing' : 'create'
      if (listError !== undefined) return done(listError, undefined as never)
      this.disk.open(NAME, mode, (openError, file) => {
        if (openError !== undefined) return done(openError, undefined as never)
        file.read(0, 1 << 20, (readError, bytes) => {
          if (readError !== undefined) return done(readError, undefined as never)
          this.#file = file
          this.#end = this.#replay(bytes)
          const steps = [
            (next: Done) => file.truncate(this.#end, next),
            (next: Done) => file.write(0, bytes.subarray(0, this.#end), next),
            (next: Done) => this.sync(file, next),
            (next: Done) => this.syncName(next),
          ]
          inOrder(steps, (error) => {
            done(error, this.state.restored(this.#founding.incarnation))
          })
        })
      })
    })
  }

  write(write: LogWrite, done: Done): void {
    const broken = this.#failed?.message ?? this.state.apply(write)
    if (broken !== undefined) {
      this.#failed ??= new Error(broken)
      done(this.#failed)
      return
    }
    this.#queue.push({ line: this.lineOf(write), write, done })
    if (this.#queue.length === 1) this.#writeNext()
  }

  readEntries(
    from: LogIndex,
    to: LogIndex,
    maxBytes: number,
    done: Callback<readonly Entry[]>,
  ): void {
    if (from <= this.base) {
      done(new Error(`entry ${from} is gone`), [])
      return
    }
    const found: Entry[] = []
    let bytes = 0
    for (const entry of this.entries.slice(from - 1 - this.base, to - this.base)) {
      bytes += entry.data.length
      if (found.length > 0 && bytes > maxBytes) break
      found.push(entry)
    }
    done(undefined, found)
  }

  stats(): LogStats {
    const lastIndex = this.base + this.entries.length
    return {
      firstIndex: this.base + 1,
      lastIndex,
      sizeBytes: this.#end,
      segments: 1,
      syncs: 0,
      formatVersion: 0,
    }
  }

  close(done: Done): void {
    done(undefined)
  }

  protected sync(file: DiskFile, done: Done): void {
    file.sync(done)
  }

  protected syncName(done: Done): void {
    this.disk.syncDirectory(done)
  }

  /** The bytes that make a write durable. */
  protected lineOf(write: LogWrite): Uint8Array {
    return line(write)
  }

  protected enter(write: LogWrite): void {
    if (write.base !== undefined) this.rebase(write.base)
    if (write.truncateFrom !== undefined) this.entries.length = write.truncateFrom - 1 - this.base
    this.entries.push(...write.entries)
  }

  protected rebase({ mark, reset }: LogBase): void {
    this.entries = reset ? [] : this.entries.slice(mark.index - this.base)
    this.base = mark.index
  }

  /** Takes over the good lines, and tells where they end. */
  #replay(bytes: Uint8Array): number {
    let end = 0
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, end)) {
      const text = decodeUtf8(bytes, end, at) ?? ''
      if (
        crc32c(encodeUtf8(text.slice(9)))
          .toString(16)
          .padStart(8, '0') !== text.slice(0, 8)
      )
        break
      const write = JSON.parse(text.slice(9), (key, value) =>
        key === 'data' ? Uint8Array.from(value) : value,
      ) as LogWrite
      this.replayed(write)
      end = at + 1
    }
    return end
  }

  protected replayed(write: LogWrite): void {
    const broken = this.state.apply(write)
    if (broken !== undefined) throw new Error(broken)
    this.enter(write)
  }

  #writeNext(): void {
    const next = this.#queue[0]
    if (next === undefined) return
    const file = this.#file as DiskFile
    file.write(this.#end, next.line, (writeError) => {
      this.sync(file, (syncError) => {
        this.#failed ??= writeError ?? syncError
        this.#end += next.line.length
        if (this.#failed === undefined) this.enter(next.write)
        next.done(this.#failed)
        this.#queue.shift()
        this.#writeNext()
      })
    })
  }
}

export function line(write: LogWrite): Uint8Array {
  const hard = write.hardState
  const text = JSON.stringify({
    ...write,
    hardState: hard && { term: hard.term, votedFor: hard.votedFor, commitIndex: hard.commitIndex },
    entries: write.entries.map((entry) => ({ ...entry, data: [...entry.data] })),
  })
  const bytes = encodeUtf8(text)
  return encodeUtf8(`${crc32c(bytes).toString(16).padStart(8, '0')} ${text}\n`)
}
