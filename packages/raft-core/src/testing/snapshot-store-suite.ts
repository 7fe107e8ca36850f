import type { Disk, SnapshotStore } from '../ports.ts'
import { check } from './log-history.ts'
import { diskStorage, type MortalStorage, type SuiteCase } from './log-store-suite.ts'
import { mustFail } from './log-store-suite-parts.ts'
import { MemoryDisk } from './memory-disk.ts'
import {
  aborted,
  checkBytes,
  closed,
  finished,
  SnapshotSession,
  sameInfo,
  testSnapshot,
  writeFrom,
  written,
} from './snapshot-store-session.ts'
import { snapshotPowerCases } from './snapshot-store-suite-power.ts'

/** A snapshot store under test, and what its storage can be made to suffer. */
export interface SnapshotStoreSubject {
  /** A new store over the same storage; over nothing the first time. */
  create(): SnapshotStore
  /** Where given, the cases about power cuts run as well. */
  readonly storage?: MortalStorage
}

/** A subject for a store that keeps its snapshots on a `Disk`. */
export function snapshotDiskSubject(
  create: (disk: Disk) => SnapshotStore,
): () => SnapshotStoreSubject {
  return () => {
    const disk = new MemoryDisk()
    return { create: () => create(disk.mount()), storage: diskStorage(disk) }
  }
}

const OLD = testSnapshot(1, 10, 2500)
const NEW = testSnapshot(2, 20, 4321)
const EMPTY = testSnapshot(3, 30, 0)

/** What every snapshot store must do. Each case makes its own subject. */
export function snapshotStoreSuite(makeSubject: () => SnapshotStoreSubject): readonly SuiteCase[] {
  const cases: SuiteCase[] = []
  const add = (name: string, run: (subject: SnapshotStoreSubject) => Promise<void>): void => {
    cases.push({ name, run: () => run(makeSubject()) })
  }
  const reopened = async (
    subject: SnapshotStoreSubject,
    before: SnapshotSession,
  ): Promise<SnapshotSession> => {
    await before.close()
    return SnapshotSession.open(subject.create())
  }

  add('a new store holds nothing', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    check(session.listed.length === 0, 'it lists something')
    await mustFail(session.read(NEW), 'reading what is not there')
    await session.remove(NEW)
  })
  for (const how of ['capture', 'fetch'] as const) {
    add(`${how}: it reads back what was written, now and after reopening`, async (subject) => {
      const session = await SnapshotSession.open(subject.create())
      for (const snapshot of [OLD, EMPTY, NEW]) await session[how](snapshot)
      for (const snapshot of [OLD, EMPTY, NEW]) await session.checkContent(snapshot, 'at once')
      const again = await reopened(subject, session)
      const listed = again.listed.map(({ id }) => id)
      const expected = [EMPTY, NEW, OLD].map(({ info }) => info.id)
      check(listed.join() === expected.join(), `it lists ${listed}, not the newest first`)
      sameInfo(again.listed[1], NEW.info)
      for (const snapshot of [OLD, EMPTY, NEW]) await again.checkContent(snapshot, 'reopened')
    })
  }
  add('what is not finished is not there', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    await writeFrom(await session.create(OLD), OLD.bytes)
    await writeFrom(await session.resume(NEW), NEW.bytes)
    for (const snapshot of [OLD, NEW]) await mustFail(session.read(snapshot), 'reading it')
    const again = await reopened(subject, session)
    check(again.listed.length === 0, 'it lists what was not finished')
  })
  add('what was captured and aborted is gone, and can be captured again', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const writer = await session.create(OLD)
    await writeFrom(writer, OLD.bytes)
    await aborted(writer)
    await mustFail(written(writer, OLD.bytes), 'writing after an abort')
    await mustFail(session.read(OLD), 'reading what was aborted')
    await session.capture(OLD)
    await (await reopened(subject, session)).checkContent(OLD, 'reopened')
  })
  add('a fetch that was aborted goes on with what is there', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const writer = await session.resume(NEW)
    await writeFrom(writer, NEW.bytes.subarray(0, 3000))
    check(writer.sizeBytes === 3000, `it counts ${writer.sizeBytes} bytes, not 3000`)
    await aborted(writer)
    const again = await reopened(subject, session)
    check(again.listed.length === 0, 'it lists what is not complete')
    const second = await again.resume(NEW)
    check(second.sizeBytes <= 3000, `it has ${second.sizeBytes} bytes of 3000`)
    await writeFrom(second, NEW.bytes.subarray(second.sizeBytes))
    sameInfo(await finished(second), NEW.info)
    await again.checkContent(NEW, 'fetched in two parts')
  })
  add('a fetch of another snapshot under the same id begins anew', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const writer = await session.resume(NEW)
    await writeFrom(writer, NEW.bytes.subarray(0, 3000))
    await aborted(writer)
    const other = { ...OLD, info: { ...OLD.info, id: NEW.info.id } }
    await session.fetch(other)
    await session.checkContent(other, 'the other one')
  })
  add('what was fetched and is not what was announced is refused and removed', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const damaged = NEW.bytes.slice()
    damaged[1234] = (damaged[1234] as number) ^ 1
    const long = Uint8Array.from([...NEW.bytes, 1])
    for (const bytes of [damaged, NEW.bytes.subarray(0, 4000), long]) {
      const writer = await session.resume(NEW)
      check(writer.sizeBytes === 0, 'it kept what was refused')
      const fetching = writeFrom(writer, bytes).then(() => finished(writer))
      await mustFail(fetching, `finishing ${bytes.length} bytes that are not the snapshot`)
      await aborted(writer)
      await mustFail(session.read(NEW), 'reading what was refused')
    }
    const again = await reopened(subject, session)
    check(again.listed.length === 0, 'it lists what was refused')
    await again.fetch(NEW)
    await again.checkContent(NEW, 'fetched again')
  })
  add('a snapshot is written once only, and by one writer', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const writer = await session.create(OLD)
    await mustFail(session.create(OLD), 'a second writer')
    await mustFail(session.remove(OLD), 'removing what is being written')
    await writeFrom(writer, OLD.bytes)
    await finished(writer)
    await mustFail(session.create(OLD), 'capturing it again')
    await mustFail(session.resume(OLD), 'fetching it again')
  })
  add('two snapshots may be written and read at the same time', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    await session.capture(EMPTY)
    const [one, other] = [await session.create(OLD), await session.resume(NEW)]
    for (let at = 0; at < 4400; at += 400) {
      for (const [writer, { bytes }] of [
        [one, OLD],
        [other, NEW],
      ] as const) {
        const piece = bytes.subarray(at, at + 400)
        if (piece.length > 0) await written(writer, piece)
      }
    }
    await finished(other)
    const reading = await session.read(NEW)
    await finished(one)
    await checkBytes(reading, NEW.bytes, 'while another one is finished')
    await closed(reading)
    await session.checkContent(OLD, 'written at the same time')
  })
  add('a snapshot that is removed is gone, and only that one', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    await session.capture(OLD)
    await session.capture(NEW)
    await session.remove(OLD)
    await mustFail(session.read(OLD), 'reading what was removed')
    const again = await reopened(subject, session)
    check(again.listed.length === 1, `it lists ${again.listed.length} snapshots, not one`)
    await again.checkContent(NEW, 'the other one')
    await again.capture(OLD)
    await again.checkContent(OLD, 'captured again')
  })
  add('the beginning of a fetch that is removed is gone', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    const writer = await session.resume(NEW)
    await writeFrom(writer, NEW.bytes.subarray(0, 3000))
    await aborted(writer)
    await session.remove(NEW)
    check((await session.resume(NEW)).sizeBytes === 0, 'it kept what was removed')
  })
  add('a snapshot that is removed while it is read can be read to its end', async (subject) => {
    const session = await SnapshotSession.open(subject.create())
    await session.capture(NEW)
    const [one, other] = [await session.read(NEW), await session.read(NEW)]
    const removed = session.remove(NEW)
    await mustFail(session.read(NEW), 'reading what is being removed')
    await checkBytes(one, NEW.bytes, 'removed meanwhile')
    await closed(one)
    await checkBytes(other, NEW.bytes, 'removed meanwhile, second reader')
    await closed(other)
    await removed
    const again = await reopened(subject, session)
    check(again.listed.length === 0, 'it lists what was removed')
  })
  if (makeSubject().storage !== undefined) cases.push(...snapshotPowerCases(makeSubject))
  return cases
}
