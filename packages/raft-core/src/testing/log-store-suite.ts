import type { Disk, LogFounding, LogStore } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { check, HISTORIES, type LogPicture, LogSession, picturesOf } from './log-history.ts'
import { MemoryDisk, type PowerLoss } from './memory-disk.ts'
import { FILE_LOSSES } from './memory-file.ts'
import { NAME_LOSSES } from './memory-names.ts'
import { randomStream } from './random.ts'

/** A log store under test, and what its storage can be made to suffer. */
export interface LogStoreSubject {
  /** A new store over the same storage; over nothing the first time. Founded with `FOUNDING`. */
  create(): LogStore
  /** Where given, the cases about power cuts run as well. */
  readonly storage?: MortalStorage
}

export interface MortalStorage {
  /** Stops answering after so many more operations. */
  dieAfter(operations: number): void
  readonly isDead: boolean
  losePower(loss: PowerLoss, seed: number): void
  /** Lets the next sync of a file fail, and drops what it should have made durable. */
  failNextSync(): void
}

export interface SuiteCase {
  readonly name: string
  /** Rejects with what is wrong. */
  run(): Promise<void>
}

export const FOUNDING: LogFounding = {
  genesis: { clusterId: '0123456789abcdef0123456789abcdef', members: ['n1', 'n2', 'n3'] },
  incarnation: 'fedcba9876543210fedcba9876543210',
}

/** A subject for a store that keeps its log on a `Disk`. */
export function diskSubject(create: (disk: Disk) => LogStore): () => LogStoreSubject {
  return () => {
    const disk = new MemoryDisk()
    let syncFails = false
    disk.setFaults((operation) => {
      if (!syncFails || operation.type !== 'sync') return undefined
      syncFails = false
      return { code: 'EIO' }
    })
    return {
      create: () => create(disk.mount()),
      storage: {
        dieAfter: (operations) => disk.dieAfter(operations),
        get isDead() {
          return disk.dead
        },
        losePower: (loss, seed) => disk.losePower(loss, randomStream(seed, 'power')),
        failNextSync: () => {
          syncFails = true
        },
      },
    }
  }
}

/** What every log store must do. Each case makes its own subject. */
export function logStoreSuite(makeSubject: () => LogStoreSubject): readonly SuiteCase[] {
  const cases: SuiteCase[] = []
  const add = (name: string, run: (subject: LogStoreSubject) => Promise<void>): void => {
    cases.push({ name, run: () => run(makeSubject()) })
  }
  const mortal = makeSubject().storage !== undefined

  add('a new log is empty and tells how it was founded', async (subject) => {
    const { restored } = await LogSession.open(subject.create())
    check(restored.lastIndex === 0 && restored.firstIndex === 1, 'it is not empty')
    check(restored.hardState.term === 0, 'it has a term')
    check(restored.incarnation === FOUNDING.incarnation, 'it has another incarnation')
    check(restored.genesis?.clusterId === FOUNDING.genesis?.clusterId, 'it has another cluster')
  })
  for (const [name, history] of Object.entries(HISTORIES)) {
    add(`${name}: it reads back what was written, now and after reopening`, async (subject) => {
      const expected = picturesOf(history).at(-1) as LogPicture
      const log = await LogSession.open(subject.create())
      await log.writeAll(history)
      same(await log.picture(), expected, 'before closing')
      await log.close()
      const again = await LogSession.open(subject.create())
      same(await again.picture(), expected, 'after reopening')
    })
  }
  add('writes complete in the order they were given', async (subject) => {
    const log = await LogSession.open(subject.create())
    const order: number[] = []
    const writes = HISTORIES.appends as readonly LogWrite[]
    await Promise.all(writes.map((write) => log.write(write).then(() => order.push(write.id))))
    check(order.join() === writes.map((write) => write.id).join(), `they completed as ${order}`)
  })
  add('a read gives at least one entry, and no more than fit', async (subject) => {
    const log = await LogSession.open(subject.create())
    await log.writeAll(HISTORIES.appends as readonly LogWrite[])
    check((await log.read(1, 6, 1)).length === 1, 'it did not give exactly one')
    check((await log.read(1, 6, 1e6)).length === 6, 'it did not give all')
    check((await log.read(2, 3, 1e6)).length === 2, 'it did not keep to the range')
  })
  add('a write that would leave a hole is refused, and every later one', async (subject) => {
    const log = await LogSession.open(subject.create())
    const [first, second, third] = HISTORIES.appends as readonly [LogWrite, LogWrite, LogWrite]
    await log.write(first)
    await mustFail(log.write(third), 'a write with a hole before it')
    await mustFail(log.write(second), 'a write after a refused one')
  })
  add('what is committed can not be removed', async (subject) => {
    const log = await LogSession.open(subject.create())
    await log.writeAll(HISTORIES.appends as readonly LogWrite[])
    const write = { id: 99, truncateFrom: 1, entries: [], hardState: undefined }
    await mustFail(log.write(write), 'the removal of a committed entry')
  })
  if (mortal) cases.push(...powerCases(makeSubject))
  return cases
}

function powerCases(makeSubject: () => LogStoreSubject): SuiteCase[] {
  const cases: SuiteCase[] = [
    { name: 'after a failed sync every later write fails', run: () => failedSync(makeSubject()) },
  ]
  for (const [name, history] of Object.entries(HISTORIES)) {
    for (const files of FILE_LOSSES) {
      for (const names of NAME_LOSSES) {
        cases.push({
          name: `${name}: power cut at every operation, files ${files}, names ${names}`,
          run: () => cutEverywhere(makeSubject, history, { files, names }),
        })
      }
    }
  }
  return cases
}

async function failedSync(subject: LogStoreSubject): Promise<void> {
  const log = await LogSession.open(subject.create())
  const [first, second, third] = HISTORIES.appends as readonly [LogWrite, LogWrite, LogWrite]
  await log.write(first)
  subject.storage?.failNextSync()
  await mustFail(log.write(second), 'a write whose sync failed')
  await mustFail(log.write(third), 'a write after a failed sync')
}

/** Cuts power during operation 1, 2, 3, … of a history until it runs through, and opens again. */
async function cutEverywhere(
  makeSubject: () => LogStoreSubject,
  history: readonly LogWrite[],
  loss: PowerLoss,
): Promise<void> {
  const pictures = picturesOf(history)
  for (let operations = 1; ; operations++) {
    const subject = makeSubject()
    const storage = subject.storage as MortalStorage
    const store = subject.create()
    storage.dieAfter(operations)
    const done = await runUntilDeath(store, history)
    const survived = !storage.isDead
    storage.losePower(loss, operations)
    const where = `power cut during operation ${operations}`
    const again = await LogSession.open(subject.create()).catch((error: Error) => {
      throw new Error(`${where}: it does not open again: ${error.message}`)
    })
    const picture = await again.picture()
    const found = pictures.findLastIndex((expected) => isSame(picture, expected))
    check(found !== -1, `${where}: ${show(picture)} is what no whole number of writes leaves`)
    check(
      found >= done.acknowledged,
      `${where}: write ${done.acknowledged} was acknowledged and is lost`,
    )
    check(found <= done.given, `${where}: it holds writes that were never given`)
    await continueAfter(again, history, found, where)
    if (survived) return
  }
}

/** The log that came back must take the rest of the history as if nothing had been. */
async function continueAfter(
  log: LogSession,
  history: readonly LogWrite[],
  from: number,
  where: string,
): Promise<void> {
  await log.writeAll(history.slice(from))
  same(await log.picture(), picturesOf(history).at(-1) as LogPicture, `${where}, continued`)
}

async function runUntilDeath(
  store: LogStore,
  history: readonly LogWrite[],
): Promise<{ given: number; acknowledged: number }> {
  const progress = { given: 0, acknowledged: 0 }
  store.open((openError) => {
    if (openError !== undefined) return
    const next = (): void => {
      const write = history[progress.given]
      if (write === undefined) return
      progress.given++
      store.write(write, (error) => {
        if (error !== undefined) return
        progress.acknowledged++
        next()
      })
    }
    next()
  })
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  return progress
}

async function mustFail(promise: Promise<void>, what: string): Promise<void> {
  const failed = await promise.then(
    () => false,
    () => true,
  )
  check(failed, `${what} succeeded`)
}

function isSame(a: LogPicture, b: LogPicture): boolean {
  return show(a) === show(b)
}

function same(actual: LogPicture, expected: LogPicture, when: string): void {
  check(isSame(actual, expected), `${when}: ${show(actual)}, expected ${show(expected)}`)
}

function show(picture: LogPicture): string {
  return JSON.stringify(picture)
}
