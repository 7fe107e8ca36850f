import type { LogStore } from '../ports.ts'
import type { Entry, HardState, LogIndex, LogWrite, RestoredLog, Term } from '../types.ts'

/** What a log says, so that two can be compared. */
export interface LogPicture {
  readonly hardState: HardState
  readonly entries: readonly { index: LogIndex; term: Term; kind: string; data: string }[]
  readonly termRuns: readonly { term: Term; firstIndex: LogIndex }[]
}

/** Small histories that together use everything a log write can hold. */
export const HISTORIES: Readonly<Record<string, readonly LogWrite[]>> = {
  appends: [
    write(1, undefined, [entry(1, 1, 20)], state(1, 'n1', 0)),
    write(2, undefined, [entry(2, 1, 700)], undefined),
    write(3, undefined, [entry(3, 1, 0), entry(4, 1, 90)], state(1, 'n1', 2)),
    write(4, undefined, [entry(5, 1, 1500)], undefined),
    write(5, undefined, [entry(6, 1, 5)], state(1, 'n1', 5)),
  ],
  votes: [
    write(1, undefined, [], state(1, 'n2', 0)),
    write(2, undefined, [], state(2, undefined, 0)),
    write(3, undefined, [], state(2, 'n3', 0)),
    write(4, undefined, [entry(1, 3, 8)], state(3, undefined, 0)),
  ],
  truncations: [
    write(1, undefined, [entry(1, 1, 30), entry(2, 1, 600), entry(3, 1, 30)], state(1, 'n1', 1)),
    write(2, 3, [entry(3, 2, 40)], state(2, undefined, 1)),
    write(3, undefined, [entry(4, 2, 600)], undefined),
    write(4, 2, [entry(2, 4, 10), entry(3, 4, 10)], state(4, 'n2', 1)),
    write(5, 3, [], undefined),
    write(6, undefined, [entry(3, 4, 900)], state(4, 'n2', 3)),
  ],
}

function entry(index: LogIndex, term: Term, bytes: number): Entry {
  const data = Uint8Array.from({ length: bytes }, (_, i) => (index * 31 + term * 7 + i) & 255)
  return { index, term, kind: bytes === 0 ? 'noop' : 'command', data }
}

function state(term: Term, votedFor: string | undefined, commitIndex: LogIndex): HardState {
  return { term, votedFor, commitIndex }
}

function write(
  id: number,
  truncateFrom: LogIndex | undefined,
  entries: readonly Entry[],
  hardState: HardState | undefined,
): LogWrite {
  return { id, truncateFrom, entries, hardState }
}

/** What a log must say after none, one, two, … writes of a history. */
export function picturesOf(history: readonly LogWrite[]): readonly LogPicture[] {
  let entries: readonly Entry[] = []
  let hardState = state(0, undefined, 0)
  const pictures = [picture(hardState, entries)]
  for (const next of history) {
    const kept = next.truncateFrom === undefined ? entries : entries.slice(0, next.truncateFrom - 1)
    entries = [...kept, ...next.entries]
    hardState = next.hardState ?? hardState
    pictures.push(picture(hardState, entries))
  }
  return pictures
}

function picture(hardState: HardState, entries: readonly Entry[]): LogPicture {
  const { term, votedFor, commitIndex } = hardState
  return {
    hardState: { term, votedFor, commitIndex },
    entries: entries.map((e) => ({
      index: e.index,
      term: e.term,
      kind: e.kind,
      data: e.data.join(),
    })),
    termRuns: entries
      .filter((e, i) => entries[i - 1]?.term !== e.term)
      .map((e) => ({ term: e.term, firstIndex: e.index })),
  }
}

/** An open log, and what it should hold by what it was given. */
export class LogSession {
  readonly restored: RestoredLog
  readonly #store: LogStore
  #hardState: HardState
  #lastIndex: LogIndex
  #isFresh = true

  constructor(store: LogStore, restored: RestoredLog) {
    this.#store = store
    this.restored = restored
    this.#hardState = restored.hardState
    this.#lastIndex = restored.lastIndex
  }

  static open(store: LogStore): Promise<LogSession> {
    return new Promise((resolve, reject) => {
      store.open((error, restored) => {
        if (error === undefined) resolve(new LogSession(store, restored))
        else reject(error)
      })
    })
  }

  write(next: LogWrite): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.write(next, (error) => {
        if (error !== undefined) return reject(error)
        this.#isFresh = false
        this.#hardState = next.hardState ?? this.#hardState
        this.#lastIndex = (next.truncateFrom ?? this.#lastIndex + 1) - 1 + next.entries.length
        resolve()
      })
    })
  }

  async writeAll(history: readonly LogWrite[]): Promise<void> {
    for (const next of history) await this.write(next)
  }

  read(from: LogIndex, to: LogIndex, maxBytes: number): Promise<readonly Entry[]> {
    return new Promise((resolve, reject) => {
      this.#store.readEntries(from, to, maxBytes, (error, entries) => {
        if (error === undefined) resolve(entries)
        else reject(error)
      })
    })
  }

  /** Entries as read back; hard state as restored or written since. */
  async picture(): Promise<LogPicture> {
    const entries: Entry[] = []
    while (entries.length < this.#lastIndex) {
      const from = entries.length + 1
      const some = await this.read(from, this.#lastIndex, 1000)
      check(some[0]?.index === from, `reading from entry ${from} did not give it`)
      entries.push(...some)
    }
    const said = this.#store.stats().lastIndex
    check(said === this.#lastIndex, `it says its last entry is ${said}, not ${this.#lastIndex}`)
    const found = picture(this.#hardState, entries)
    if (!this.#isFresh) return found
    const termRuns = this.restored.termRuns.map(({ term, firstIndex }) => ({ term, firstIndex }))
    return { ...found, termRuns }
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.close((error) => (error === undefined ? resolve() : reject(error)))
    })
  }
}

/** Throws what is wrong, unless `condition` holds. */
export function check(condition: boolean, wrong: string): asserts condition {
  if (!condition) throw new Error(wrong)
}
