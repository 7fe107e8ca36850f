import type { LogStore } from '../ports.ts'
import type {
  Entry,
  Genesis,
  HardState,
  KnownPeer,
  LogBase,
  LogIndex,
  LogWrite,
  Membership,
  RestoredLog,
  SnapshotMark,
  Term,
} from '../types.ts'
import { crc32c } from '../wal/crc32c.ts'

/** What a log says, so that two can be compared. */
export interface LogPicture {
  readonly genesis: string
  readonly base: string
  readonly hardState: HardState
  /** `data`: its length and checksum. */
  readonly entries: readonly { index: LogIndex; term: Term; kind: string; data: string }[]
  readonly termRuns: readonly { term: Term; firstIndex: LogIndex }[]
  readonly configEntries: readonly LogIndex[]
  readonly peers: readonly string[]
}

/** A write of these parts and nothing else. */
export function logWrite(parts: Partial<LogWrite>): LogWrite {
  return {
    id: 1,
    truncateFrom: undefined,
    entries: [],
    hardState: undefined,
    base: undefined,
    genesis: undefined,
    peers: [],
    ...parts,
  }
}

/** A mark with these voters. */
export function markOf(
  index: LogIndex,
  term: Term,
  voters: readonly string[] = ['n1', 'n2', 'n3'],
  configIndex: LogIndex = 0,
): SnapshotMark {
  const membership: Membership = {
    voters,
    votersOutgoing: [],
    learners: ['n9'],
    learnersNext: [],
    autoLeave: false,
    promote: [],
  }
  return { index, term, membership, configIndex }
}

const OTHER_GENESIS: Genesis = { clusterId: '00112233445566778899aabbccddeeff', members: ['m1'] }

/** Small histories of a founder's log that together use everything a log write can hold. */
export const HISTORIES: Readonly<Record<string, readonly LogWrite[]>> = {
  appends: [
    write(1, { entries: [entry(1, 1, 20)], hardState: state(1, 'n1', 0) }),
    write(2, { entries: [entry(2, 1, 700)] }),
    write(3, { entries: [entry(3, 1, 0), entry(4, 1, 90)], hardState: state(1, 'n1', 2) }),
    write(4, { entries: [entry(5, 1, 1500)] }),
    write(5, { entries: [entry(6, 1, 5)], hardState: state(1, 'n1', 5) }),
  ],
  votes: [
    write(1, { hardState: state(1, 'n2', 0) }),
    write(2, { hardState: state(2, undefined, 0) }),
    write(3, { hardState: state(2, 'n3', 0), peers: [peer('n3', 7)] }),
    write(4, { entries: [entry(1, 3, 8)], hardState: state(3, undefined, 0) }),
    write(5, { peers: [peer('n2', 5), peer('n3', 8)] }),
  ],
  truncations: [
    write(1, {
      entries: [entry(1, 1, 30), entry(2, 1, 600), entry(3, 1, 30)],
      hardState: state(1, 'n1', 1),
    }),
    write(2, { truncateFrom: 3, entries: [entry(3, 2, 40)], hardState: state(2, undefined, 1) }),
    write(3, { entries: [entry(4, 2, 600)] }),
    write(4, {
      truncateFrom: 2,
      entries: [entry(2, 4, 10), entry(3, 4, 10)],
      hardState: state(4, 'n2', 1),
    }),
    write(5, { truncateFrom: 3 }),
    write(6, { entries: [entry(3, 4, 900)], hardState: state(4, 'n2', 3) }),
  ],
  memberships: [
    write(1, { entries: [entry(1, 1, 0), config(2, 1)], hardState: state(1, 'n1', 0) }),
    write(2, { entries: [entry(3, 1, 500), config(4, 1)] }),
    write(3, { truncateFrom: 4, entries: [config(4, 2)], hardState: state(2, undefined, 3) }),
    write(4, { base: { mark: markOf(2, 1, ['n1', 'n2'], 2), reset: false } }),
    write(5, { entries: [config(5, 2)], hardState: state(2, undefined, 4) }),
  ],
  compactions: [
    write(1, {
      entries: [entry(1, 1, 30), entry(2, 1, 700), entry(3, 1, 30)],
      hardState: state(1, 'n1', 1),
      peers: [peer('n2', 1)],
    }),
    write(2, { entries: [entry(4, 2, 600), entry(5, 2, 10)], hardState: state(2, 'n1', 3) }),
    write(3, { base: { mark: markOf(2, 1), reset: false } }),
    write(4, { entries: [entry(6, 2, 500)], base: { mark: markOf(3, 1), reset: false } }),
    write(5, { truncateFrom: 5, entries: [entry(5, 3, 20)], hardState: state(3, undefined, 4) }),
    write(6, { entries: [entry(6, 3, 600)], hardState: state(3, undefined, 5) }),
    write(7, { base: { mark: markOf(6, 3), reset: false } }),
    write(8, { entries: [entry(7, 3, 40)], hardState: state(3, 'n2', 7) }),
  ],
  installs: [
    write(1, {
      entries: [entry(1, 1, 300), entry(2, 1, 500), config(3, 1)],
      hardState: state(1, 'n1', 1),
    }),
    write(2, {
      base: { mark: markOf(9, 4, ['n1', 'n4'], 5), reset: true },
      hardState: state(5, undefined, 9),
    }),
    write(3, { entries: [entry(10, 5, 700), entry(11, 5, 30)], hardState: state(5, 'n4', 10) }),
    write(4, {
      base: { mark: markOf(20, 6, ['n4'], 20), reset: true },
      entries: [entry(21, 6, 40)],
      hardState: state(6, undefined, 20),
    }),
    write(5, { base: { mark: markOf(20, 6, ['n4'], 20), reset: false }, entries: [config(22, 6)] }),
  ],
}

/** Histories of the log of a node that waits to be added: it was founded without a genesis. */
export const JOINING_HISTORIES: Readonly<Record<string, readonly LogWrite[]>> = {
  'joins by entries': [
    write(1, { hardState: state(3, undefined, 0), peers: [peer('m1', 2)] }),
    write(2, {
      genesis: OTHER_GENESIS,
      entries: [entry(1, 1, 30), config(2, 1)],
      hardState: state(3, undefined, 1),
    }),
    write(3, { entries: [entry(3, 3, 600)] }),
    write(4, { genesis: OTHER_GENESIS, entries: [entry(4, 3, 10)] }),
  ],
  'joins by a snapshot': [
    write(1, { hardState: state(3, undefined, 0) }),
    write(2, {
      genesis: OTHER_GENESIS,
      base: { mark: markOf(7, 2, ['m1']), reset: true },
      entries: [entry(8, 2, 600)],
    }),
    write(3, { entries: [config(9, 3)], hardState: state(3, undefined, 9) }),
  ],
}

function entry(index: LogIndex, term: Term, bytes: number): Entry {
  return { index, term, kind: bytes === 0 ? 'noop' : 'command', data: dataOf(index, term, bytes) }
}

function config(index: LogIndex, term: Term): Entry {
  return { index, term, kind: 'config', data: dataOf(index, term, 12) }
}

function dataOf(index: LogIndex, term: Term, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (index * 31 + term * 7 + i) & 255)
}

function state(term: Term, votedFor: string | undefined, commitIndex: LogIndex): HardState {
  return { term, votedFor, commitIndex }
}

function peer(id: string, life: number): KnownPeer {
  return { id, incarnation: String(life).repeat(32) }
}

function write(id: number, parts: Partial<LogWrite>): LogWrite {
  return logWrite({ id, ...parts })
}

/** What a log says besides its entries. Kept apart from the code under test, and simpler. */
interface Said {
  readonly genesis: Genesis | undefined
  readonly base: SnapshotMark
  readonly hardState: HardState
  readonly peers: readonly KnownPeer[]
}

/** What a log must say after none, one, two, … writes of a history. */
export function picturesOf(
  history: readonly LogWrite[],
  genesis: Genesis | undefined,
): readonly LogPicture[] {
  let said: Said = {
    genesis,
    base: beginning(genesis),
    hardState: state(0, undefined, 0),
    peers: [],
  }
  let entries: readonly Entry[] = []
  const pictures = [picture(said, entries)]
  for (const next of history) {
    said = saidAfter(said, next)
    entries = entriesAfter(entries, next)
    pictures.push(picture(said, entries))
  }
  return pictures
}

function beginning(genesis: Genesis | undefined): SnapshotMark {
  const { membership, ...mark } = markOf(0, 0, genesis?.members ?? [])
  return { ...mark, membership: { ...membership, learners: [] } }
}

function saidAfter(before: Said, { genesis, base, hardState, peers }: LogWrite): Said {
  const lives = new Map([...before.peers, ...peers].map((known) => [known.id, known]))
  const learned = before.genesis === undefined && genesis !== undefined
  return {
    genesis: before.genesis ?? genesis,
    base: base?.mark ?? (learned && before.base.index === 0 ? beginning(genesis) : before.base),
    hardState: hardState ?? before.hardState,
    peers: [...lives.values()],
  }
}

function entriesAfter(
  before: readonly Entry[],
  { base, truncateFrom, entries }: LogWrite,
): Entry[] {
  const behindBase = base === undefined ? before : behind(before, base)
  const end = truncateFrom ?? Number.POSITIVE_INFINITY
  return [...behindBase.filter((old) => old.index < end), ...entries]
}

function behind(entries: readonly Entry[], { mark, reset }: LogBase): readonly Entry[] {
  return reset ? [] : entries.filter((old) => old.index > mark.index)
}

function picture(said: Said, entries: readonly Entry[]): LogPicture {
  const { term, votedFor, commitIndex } = said.hardState
  return {
    genesis: `${said.genesis?.clusterId} ${said.genesis?.members.join()}`,
    base: showMark(said.base),
    hardState: { term, votedFor, commitIndex },
    entries: entries.map((e) => ({
      index: e.index,
      term: e.term,
      kind: e.kind,
      data: `${e.data.length} ${crc32c(e.data).toString(16)}`,
    })),
    termRuns: entries
      .filter((e, i) => entries[i - 1]?.term !== e.term)
      .map((e) => ({ term: e.term, firstIndex: e.index })),
    configEntries: entries.filter((e) => e.kind === 'config').map((e) => e.index),
    peers: said.peers.map(({ id, incarnation }) => `${id} ${incarnation}`).sort(),
  }
}

function showMark({ index, term, membership, configIndex }: SnapshotMark): string {
  const { voters, votersOutgoing, learners, learnersNext, autoLeave, promote } = membership
  const names = [voters, votersOutgoing, learners, learnersNext, promote].map((list) => list.join())
  return `${index} of ${term}, config ${configIndex}: ${names.join(' / ')} ${autoLeave}`
}

/** An open log, and what it should hold by what it was given. */
export class LogSession {
  readonly restored: RestoredLog
  readonly #store: LogStore
  #said: Said
  #lastIndex: LogIndex
  #isFresh = true

  constructor(store: LogStore, restored: RestoredLog) {
    this.#store = store
    this.restored = restored
    this.#said = restored
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
        this.#said = saidAfter(this.#said, next)
        const kept = next.base?.reset === true ? next.base.mark.index : this.#lastIndex
        this.#lastIndex = (next.truncateFrom ?? kept + 1) - 1 + next.entries.length
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

  /** Entries as read back; everything else as restored, or as written since. */
  async picture(): Promise<LogPicture> {
    const entries = await this.#readAll()
    const found = picture(this.#said, entries)
    if (!this.#isFresh) return found
    const { base, firstIndex, termRuns, configEntries } = this.restored
    check(firstIndex === base.index + 1, 'its first entry is not the one behind its base')
    for (const { index, data } of configEntries) {
      const same = entries[index - firstIndex]?.data.join() === data.join()
      check(same, `the config entry ${index} that it restored is not the one it holds`)
    }
    return {
      ...found,
      termRuns: termRuns.map((run) => ({ term: run.term, firstIndex: run.firstIndex })),
      configEntries: configEntries.map(({ index }) => index),
    }
  }

  async #readAll(): Promise<readonly Entry[]> {
    const first = this.#said.base.index + 1
    const last = this.#lastIndex
    const entries: Entry[] = []
    while (first + entries.length <= last) {
      const from = first + entries.length
      const some = await this.read(from, last, 1000)
      check(some[0]?.index === from, `reading from entry ${from} did not give it`)
      entries.push(...some)
    }
    const { firstIndex, lastIndex } = this.#store.stats()
    check(lastIndex === last, `it says its last entry is ${lastIndex}, not ${last}`)
    check(firstIndex === first, `it says its first entry is ${firstIndex}, not ${first}`)
    return entries
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
