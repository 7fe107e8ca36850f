/** The snapshot store's port as promises, and what the cases of its suite write and expect. */
import type { SnapshotInfo, SnapshotStore, SnapshotWriter, StoredSnapshot } from '../ports.ts'
import type { SnapshotMark } from '../types.ts'
import { crc32c } from '../wal/crc32c.ts'
import { check, markOf } from './log-history.ts'

/** A snapshot to be stored: what it says of itself, and its bytes. */
export interface TestSnapshot {
  readonly info: SnapshotInfo
  readonly bytes: Uint8Array
}

export function testSnapshot(nth: number, index: number, sizeBytes: number): TestSnapshot {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 7 + (i >> 8) + nth) & 255)
  const id = String(nth).padStart(32, 'a0')
  const mark: SnapshotMark = markOf(index, 3, ['n1', 'n2'], 1)
  return { info: { id, mark, sizeBytes, checksum: crc32c(bytes) }, bytes }
}

/** An open store. */
export class SnapshotSession {
  readonly store: SnapshotStore
  /** What it listed when it was opened. */
  readonly listed: readonly SnapshotInfo[]

  constructor(store: SnapshotStore, listed: readonly SnapshotInfo[]) {
    this.store = store
    this.listed = listed
  }

  static async open(store: SnapshotStore): Promise<SnapshotSession> {
    return new SnapshotSession(store, await asked((done) => store.open(done)))
  }

  create({ info }: TestSnapshot): Promise<SnapshotWriter> {
    return asked((done) => this.store.create(info.id, info.mark, done))
  }

  resume({ info }: TestSnapshot): Promise<SnapshotWriter> {
    return asked((done) => this.store.resume(info, done))
  }

  read({ info }: TestSnapshot): Promise<StoredSnapshot> {
    return asked((done) => this.store.read(info.id, done))
  }

  remove({ info }: TestSnapshot): Promise<void> {
    return asked<void>((done) => this.store.remove(info.id, (error) => done(error, undefined)))
  }

  close(): Promise<void> {
    return asked<void>((done) => this.store.close((error) => done(error, undefined)))
  }

  /** Stores it as one that is captured here. */
  async capture(snapshot: TestSnapshot): Promise<void> {
    const writer = await this.create(snapshot)
    await writeFrom(writer, snapshot.bytes)
    sameInfo(await finished(writer), snapshot.info)
  }

  /** Stores it as one that is fetched, from where it stands. */
  async fetch(snapshot: TestSnapshot): Promise<void> {
    const writer = await this.resume(snapshot)
    await writeFrom(writer, snapshot.bytes.subarray(writer.sizeBytes))
    sameInfo(await finished(writer), snapshot.info)
  }

  /** Reads it in pieces and checks every byte. */
  async checkContent(snapshot: TestSnapshot, when: string): Promise<void> {
    const stored = await this.read(snapshot)
    sameInfo(stored.info, snapshot.info)
    await checkBytes(stored, snapshot.bytes, when)
    await closed(stored)
  }
}

export async function checkBytes(
  stored: StoredSnapshot,
  bytes: Uint8Array,
  when: string,
): Promise<void> {
  check(stored.sizeBytes === bytes.length, `${when}: it says it has ${stored.sizeBytes} bytes`)
  for (let at = 0; at <= bytes.length; at += 700) {
    const piece = await asked<Uint8Array>((done) => stored.read(at, 900, done))
    const expected = bytes.subarray(at, at + 900)
    const isSame =
      piece.length === expected.length && piece.every((byte, i) => byte === expected[i])
    check(isSame, `${when}: its bytes from ${at} on are not what was written`)
  }
}

/** Writes in pieces that fit no block. */
export async function writeFrom(writer: SnapshotWriter, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 333) {
    await written(writer, bytes.subarray(at, at + 333))
  }
}

export function written(writer: SnapshotWriter, bytes: Uint8Array): Promise<void> {
  return asked<void>((done) => writer.write(bytes, (error) => done(error, undefined)))
}

export function finished(writer: SnapshotWriter): Promise<SnapshotInfo> {
  return asked((done) => writer.finish(done))
}

export function aborted(writer: SnapshotWriter): Promise<void> {
  return asked<void>((done) => writer.abort((error) => done(error, undefined)))
}

export function closed(stored: StoredSnapshot): Promise<void> {
  return asked<void>((done) => stored.close((error) => done(error, undefined)))
}

export function sameInfo(found: SnapshotInfo | undefined, expected: SnapshotInfo): void {
  const [a, b] = [found, expected].map((info) =>
    info === undefined
      ? 'nothing'
      : `${info.id} at ${info.mark.index} of ${info.mark.term}, ${info.sizeBytes} bytes, ${info.checksum}, ${info.mark.membership.voters.join()}`,
  )
  check(a === b, `it says ${a}, expected ${b}`)
}

function asked<T>(ask: (done: (error: Error | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error === undefined ? resolve(value) : reject(error)))
  })
}
