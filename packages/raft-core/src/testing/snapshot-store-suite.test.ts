import { describe, expect, it } from 'vitest'
import type {
  Callback,
  Disk,
  DiskFile,
  Done,
  SnapshotInfo,
  SnapshotStore,
  SnapshotWriter,
  StoredSnapshot,
} from '../ports.ts'
import type { SnapshotMark } from '../types.ts'
import { openSnapshotStore } from '../wal/snapshot-store.ts'
import { MemorySnapshotStore } from './memory-snapshots.ts'
import { snapshotDiskSubject, snapshotStoreSuite } from './snapshot-store-suite.ts'

describe('the suite passes what is correct', () => {
  const subject = () => {
    const store = new MemorySnapshotStore()
    return { create: () => store }
  }
  for (const { name, run } of snapshotStoreSuite(subject)) it(`the memory store: ${name}`, run)
})

/** A disk on which a store's mistakes can be made without writing another store. */
type Change = Partial<{
  sync(file: DiskFile, done: Done): void
  syncDirectory(disk: Disk, done: Done): void
  remove(disk: Disk, name: string, done: Done): void
}>

function changed(disk: Disk, change: Change): Disk {
  return {
    list: (done) => disk.list(done),
    lock: (done) => disk.lock(done),
    unlock: (done) => disk.unlock(done),
    rename: (from, to, done) => disk.rename(from, to, done),
    remove: (name, done) =>
      change.remove === undefined ? disk.remove(name, done) : change.remove(disk, name, done),
    syncDirectory: (done) =>
      change.syncDirectory === undefined
        ? disk.syncDirectory(done)
        : change.syncDirectory(disk, done),
    open: (name, mode, done) =>
      disk.open(name, mode, (error, file) => {
        if (error !== undefined) return done(error, file)
        done(undefined, {
          size: (then) => file.size(then),
          read: (...read) => file.read(...read),
          truncate: (...cut) => file.truncate(...cut),
          close: (then) => file.close(then),
          sync: (then) => (change.sync === undefined ? file.sync(then) : change.sync(file, then)),
          write: (...written) => file.write(...written),
        })
      }),
  }
}

/** Passes everything on to a store; mistakes are made by overriding. */
class Wrapped implements SnapshotStore {
  protected readonly inner: SnapshotStore

  constructor(disk: Disk) {
    this.inner = openSnapshotStore({ disk, blockBytes: 500 })
  }

  open(done: Callback<readonly SnapshotInfo[]>): void {
    this.inner.open(done)
  }

  create(id: string, mark: SnapshotMark, done: Callback<SnapshotWriter>): void {
    this.inner.create(id, mark, done)
  }

  resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    this.inner.resume(info, done)
  }

  read(id: string, done: Callback<StoredSnapshot>): void {
    this.inner.read(id, done)
  }

  remove(id: string, done: Done): void {
    this.inner.remove(id, done)
  }

  close(done: Done): void {
    this.inner.close(done)
  }
}

/** Takes whatever was fetched for what was announced. */
class TrustsWhatItFetched extends Wrapped {
  override resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    this.inner.create(info.id, info.mark, done)
  }
}

class ListsInOrderOfAge extends Wrapped {
  override open(done: Callback<readonly SnapshotInfo[]>): void {
    this.inner.open((error, infos) => done(error, [...infos].reverse()))
  }
}

class RemovesUnderReaders extends Wrapped {
  readonly #reading = new Map<string, StoredSnapshot[]>()

  override read(id: string, done: Callback<StoredSnapshot>): void {
    this.inner.read(id, (error, stored) => {
      if (error === undefined) this.#reading.set(id, [...(this.#reading.get(id) ?? []), stored])
      done(error, stored)
    })
  }

  override remove(id: string, done: Done): void {
    for (const stored of this.#reading.get(id) ?? []) stored.close(() => {})
    this.inner.remove(id, done)
  }
}

class ClaimsMoreThanItHas extends Wrapped {
  override resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void {
    this.inner.resume(info, (error, writer) => {
      if (error !== undefined) return done(error, writer)
      const claimed = writer.sizeBytes
      Object.defineProperty(writer, 'sizeBytes', { get: () => Math.max(claimed, 3500) })
      done(undefined, writer)
    })
  }
}

const over =
  (change: Change) =>
  (disk: Disk): SnapshotStore =>
    openSnapshotStore({ disk: changed(disk, change), blockBytes: 500 })

const broken: readonly [string, (disk: Disk) => SnapshotStore, RegExp][] = [
  [
    'does not sync what it has written',
    over({ sync: (_file, done) => done(undefined) }),
    /is lost|is damaged|it says|there is no|a sync that failed succeeded/,
  ],
  [
    'syncs a second time after a failure',
    over({
      sync: (file, done) => file.sync((error) => (error ? file.sync(done) : done(undefined))),
    }),
    /a sync that failed succeeded|is damaged at byte/,
  ],
  [
    'does not sync the directory',
    over({ syncDirectory: (_disk, done) => done(undefined) }),
    /is lost|what was removed is back|there is no/,
  ],
  [
    'does not remove what was aborted or refused',
    over({ remove: (_disk, _name, done) => done(undefined) }),
    /EEXIST|it kept what was|it lists|what was removed is back/,
  ],
  [
    'trusts what it fetched',
    (disk) => new TrustsWhatItFetched(disk),
    /that are not the snapshot succeeded|what is not the snapshot succeeded|2500 bytes.*, expected/,
  ],
  ['lists the oldest first', (disk) => new ListsInOrderOfAge(disk), /not the newest first/],
  ['removes under its readers', (disk) => new RemovesUnderReaders(disk), /the snapshot is closed/],
  [
    'claims more of a fetch than it has',
    (disk) => new ClaimsMoreThanItHas(disk),
    /it counts 3500|it kept what was|it has 3500 bytes/,
  ],
]

describe('the suite fails what is broken, for its reason', () => {
  it.each(broken)('a store that %s', async (_name, create, reason) => {
    const failures: string[] = []
    for (const { run } of snapshotStoreSuite(snapshotDiskSubject(create))) {
      await run().catch((error: Error) => failures.push(error.message))
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatch(reason)
  })
})
