import type { SnapshotInfo } from '../ports.ts'
import { check } from './log-history.ts'
import type { MortalStorage, SuiteCase } from './log-store-suite.ts'
import { mustFail } from './log-store-suite-parts.ts'
import type { PowerLoss } from './memory-disk.ts'
import { FILE_LOSSES } from './memory-file.ts'
import { NAME_LOSSES } from './memory-names.ts'
import {
  aborted,
  finished,
  SnapshotSession,
  sameInfo,
  type TestSnapshot,
  testSnapshot,
  writeFrom,
} from './snapshot-store-session.ts'
import type { SnapshotStoreSubject } from './snapshot-store-suite.ts'

const OLD = testSnapshot(1, 10, 2500)
const NEW = testSnapshot(2, 20, 4321)

/** What a case does until the power is cut, telling what it was promised. */
type Course = (session: SnapshotSession, promised: Set<string>) => Promise<void>

const COURSES: Readonly<Record<string, Course>> = {
  capture: async (session, promised) => {
    await session.capture(NEW)
    promised.add('new is there')
  },
  fetch: async (session, promised) => {
    const writer = await session.resume(NEW)
    await writeFrom(writer, NEW.bytes.subarray(0, 3100))
    await aborted(writer)
    await session.fetch(NEW)
    promised.add('new is there')
  },
  'a fetch that is refused': async (session) => {
    const writer = await session.resume(NEW)
    await writeFrom(writer, OLD.bytes)
    await mustFail(finished(writer), 'finishing what is not the snapshot')
  },
  replacement: async (session, promised) => {
    await session.capture(NEW)
    promised.add('new is there')
    await session.remove(OLD)
    promised.add('old is gone')
  },
}

/** The cases about power cuts and failed syncs, for a subject with `storage`. */
export function snapshotPowerCases(makeSubject: () => SnapshotStoreSubject): readonly SuiteCase[] {
  const cases: SuiteCase[] = []
  for (const how of ['create', 'resume'] as const) {
    const name = `${how}: after a failed sync it is not there, and can be written again`
    cases.push({ name, run: () => failedSync(makeSubject(), how) })
  }
  cases.push({
    name: 'what an opening lists is durable, wherever the process before was killed',
    run: () => killedEverywhere(makeSubject),
  })
  cases.push({
    name: 'what a failed sync has left is not trusted by the next process, well as it reads',
    run: () => killedAfterFailedSync(makeSubject),
  })
  for (const [name, course] of Object.entries(COURSES)) {
    for (const files of FILE_LOSSES) {
      for (const names of NAME_LOSSES) {
        cases.push({
          name: `${name}: power cut at every operation, files ${files}, names ${names}`,
          run: () => cutEverywhere(makeSubject, course, { files, names }),
        })
      }
    }
  }
  return cases
}

async function failedSync(subject: SnapshotStoreSubject, how: 'create' | 'resume'): Promise<void> {
  const session = await SnapshotSession.open(subject.create())
  const writer = await session[how](NEW)
  await writeFrom(writer, NEW.bytes)
  subject.storage?.failNextSync()
  await mustFail(finished(writer), 'finishing with a sync that failed')
  await aborted(writer)
  await mustFail(session.read(NEW), 'reading what a failed sync has left')
  await session.close()
  const again = await SnapshotSession.open(subject.create())
  check(again.listed.length === 0, 'it lists what a failed sync has left')
  await again.fetch(NEW)
  subject.storage?.losePower({ files: 'lost', names: 'reverted' }, 1)
  const last = await SnapshotSession.open(subject.create())
  await last.checkContent(NEW, 'written again after a failed sync, and a power cut')
}

const ALL_LOST: PowerLoss = { files: 'lost', names: 'reverted' }

async function killedEverywhere(makeSubject: () => SnapshotStoreSubject): Promise<void> {
  for (let operations = 1; ; operations++) {
    const subject = makeSubject()
    const storage = subject.storage as MortalStorage
    const store = subject.create()
    storage.dieAfter(operations)
    await runUntilDeath(async () => (await SnapshotSession.open(store)).capture(NEW))
    const finished = !storage.isDead
    const { listed } = await SnapshotSession.open(subject.create())
    storage.losePower(ALL_LOST, operations)
    const again = await SnapshotSession.open(subject.create())
    const where = `killed during operation ${operations}`
    check(again.listed.length >= listed.length, `${where}: what was listed then is lost`)
    if (listed.length > 0) await again.checkContent(NEW, where)
    if (finished) return
  }
}

async function killedAfterFailedSync(makeSubject: () => SnapshotStoreSubject): Promise<void> {
  for (let operations = 1; ; operations++) {
    const subject = makeSubject()
    const storage = subject.storage as MortalStorage
    const store = subject.create()
    const writer = await (await SnapshotSession.open(store)).resume(NEW)
    await writeFrom(writer, NEW.bytes)
    storage.failNextSync()
    storage.dieAfter(operations)
    await runUntilDeath(async () => {
      await finished(writer).catch(() => aborted(writer))
    })
    const survived = !storage.isDead
    const next = await SnapshotSession.open(subject.create())
    // Killed before the sync that fails, it fails now.
    await next.fetch(NEW).catch(() => next.fetch(NEW))
    storage.losePower(ALL_LOST, operations)
    const last = await SnapshotSession.open(subject.create())
    await last.checkContent(NEW, `killed during operation ${operations} after a failed sync`)
    if (survived) return
  }
}

/** Cuts power during operation 1, 2, 3, … of a course until it runs through, and opens again. */
async function cutEverywhere(
  makeSubject: () => SnapshotStoreSubject,
  course: Course,
  loss: PowerLoss,
): Promise<void> {
  for (let operations = 1; ; operations++) {
    const subject = makeSubject()
    const storage = subject.storage as MortalStorage
    await (await SnapshotSession.open(subject.create())).capture(OLD)
    const store = subject.create()
    storage.dieAfter(operations)
    const promised = await runUntilDeath(async (list) =>
      course(await SnapshotSession.open(store), list),
    )
    const survived = !storage.isDead
    storage.losePower(loss, operations)
    const where = `power cut during operation ${operations}`
    const again = await SnapshotSession.open(subject.create()).catch((error: Error) => {
      throw new Error(`${where}: it does not open again: ${error.message}`)
    })
    await checkAfter(again, promised, where)
    if (survived) return
  }
}

async function checkAfter(
  session: SnapshotSession,
  promised: ReadonlySet<string>,
  where: string,
): Promise<void> {
  const find = ({ info }: TestSnapshot): SnapshotInfo | undefined =>
    session.listed.find(({ id }) => id === info.id)
  check(!promised.has('new is there') || find(NEW) !== undefined, `${where}: it is lost`)
  check(
    !promised.has('old is gone') || find(OLD) === undefined,
    `${where}: what was removed is back`,
  )
  for (const snapshot of [OLD, NEW]) {
    if (find(snapshot) === undefined) continue
    sameInfo(find(snapshot), snapshot.info)
    await session.checkContent(snapshot, where)
  }
  // There is always one to begin with: the old one goes after the new one has come.
  check(session.listed.length > 0, `${where}: there is no snapshot any more`)
  // What was being fetched may have been something else: refused, and fetched again.
  if (find(NEW) === undefined) await session.fetch(NEW).catch(() => session.fetch(NEW))
  await session.checkContent(NEW, `${where}, fetched again`)
  await session.remove(OLD)
  await session.close()
}

/** Runs what may never end, and gives what it had been promised by then. */
async function runUntilDeath(
  run: (promised: Set<string>) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const promised = new Set<string>()
  let failure: Error | undefined
  void run(promised).catch((error: Error) => {
    failure = error
  })
  for (let turn = 0; turn < 400; turn++) await Promise.resolve()
  if (failure !== undefined) throw failure
  return promised
}
