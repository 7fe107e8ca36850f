import type { Disk, LogFounding, LogStore } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import {
  check,
  HISTORIES,
  type LogPicture,
  LogSession,
  logWrite,
  markOf,
  picturesOf,
} from './log-history.ts'
import {
  FOUNDING,
  JOINING,
  mustFail,
  SUITE_HISTORIES,
  samePicture,
} from './log-store-suite-parts.ts'
import { powerCases } from './log-store-suite-power.ts'
import { MemoryDisk, type PowerLoss } from './memory-disk.ts'
import { randomStream } from './random.ts'

/** A log store under test, and what its storage can be made to suffer. */
export interface LogStoreSubject {
  /** A new store over the same storage; over nothing the first time. */
  create(founding: LogFounding): LogStore
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

export { FOUNDING, JOINING }

/** A subject for a store that keeps its log on a `Disk`. */
export function diskSubject(
  create: (disk: Disk, founding: LogFounding) => LogStore,
): () => LogStoreSubject {
  return () => {
    const disk = new MemoryDisk()
    return { create: (founding) => create(disk.mount(), founding), storage: diskStorage(disk) }
  }
}

/** What a memory disk can be made to suffer. It decides over the disk's faults. */
export function diskStorage(disk: MemoryDisk): MortalStorage {
  let syncFails = false
  disk.setFaults((operation) => {
    if (!syncFails || operation.type !== 'sync') return undefined
    syncFails = false
    return { code: 'EIO' }
  })
  return {
    dieAfter: (operations) => disk.dieAfter(operations),
    get isDead() {
      return disk.dead
    },
    losePower: (loss, seed) => disk.losePower(loss, randomStream(seed, 'power')),
    failNextSync: () => {
      syncFails = true
    },
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
    const { restored } = await LogSession.open(subject.create(FOUNDING))
    check(restored.lastIndex === 0 && restored.firstIndex === 1, 'it is not empty')
    check(restored.hardState.term === 0, 'it has a term')
    check(restored.incarnation === FOUNDING.incarnation, 'it has another incarnation')
    check(restored.genesis?.clusterId === FOUNDING.genesis?.clusterId, 'it has another cluster')
  })
  add('a new log of a node that waits to be added knows nobody', async (subject) => {
    const { restored } = await LogSession.open(subject.create(JOINING))
    check(restored.genesis === undefined, 'it has a genesis')
    check(restored.base.membership.voters.length === 0, 'it has voters')
  })
  for (const [name, history, founding] of SUITE_HISTORIES) {
    add(`${name}: it reads back what was written, now and after reopening`, async (subject) => {
      const expected = picturesOf(history, founding.genesis).at(-1) as LogPicture
      const log = await LogSession.open(subject.create(founding))
      await log.writeAll(history)
      samePicture(await log.picture(), expected, 'before closing')
      await log.close()
      const again = await LogSession.open(subject.create(founding))
      samePicture(await again.picture(), expected, 'after reopening')
    })
  }
  add('writes complete in the order they were given', async (subject) => {
    const log = await LogSession.open(subject.create(FOUNDING))
    const order: number[] = []
    const writes = HISTORIES.appends as readonly LogWrite[]
    await Promise.all(writes.map((write) => log.write(write).then(() => order.push(write.id))))
    check(order.join() === writes.map((write) => write.id).join(), `they completed as ${order}`)
  })
  add('a read gives at least one entry, and no more than fit', async (subject) => {
    const log = await LogSession.open(subject.create(FOUNDING))
    await log.writeAll(HISTORIES.appends as readonly LogWrite[])
    check((await log.read(1, 6, 1)).length === 1, 'it did not give exactly one')
    check((await log.read(1, 6, 1e6)).length === 6, 'it did not give all')
    check((await log.read(2, 3, 1e6)).length === 2, 'it did not keep to the range')
  })
  add('a write that would leave a hole is refused, and every later one', async (subject) => {
    const log = await LogSession.open(subject.create(FOUNDING))
    const [first, second, third] = HISTORIES.appends as readonly [LogWrite, LogWrite, LogWrite]
    await log.write(first)
    await mustFail(log.write(third), 'a write with a hole before it')
    await mustFail(log.write(second), 'a write after a refused one')
  })
  add('what is committed can not be removed', async (subject) => {
    const log = await LogSession.open(subject.create(FOUNDING))
    await log.writeAll(HISTORIES.appends as readonly LogWrite[])
    await mustFail(log.write(logWrite({ truncateFrom: 1 })), 'the removal of a committed entry')
  })
  add('entries up to the base can not be read, and all behind it can', async (subject) => {
    const log = await LogSession.open(subject.create(FOUNDING))
    await log.writeAll(HISTORIES.appends as readonly LogWrite[])
    await log.write(logWrite({ base: { mark: markOf(3, 1), reset: false } }))
    await mustFail(log.read(3, 6, 1e6), 'reading an entry before the base')
    check((await log.read(4, 6, 1e6)).length === 3, 'it did not give what is behind the base')
  })
  for (const [what, write] of BROKEN_BASES) {
    add(`${what} is refused, and every later write`, async (subject) => {
      const log = await LogSession.open(subject.create(FOUNDING))
      await log.writeAll(HISTORIES.appends as readonly LogWrite[])
      await log.write(logWrite({ base: { mark: markOf(3, 1), reset: false } }))
      await mustFail(log.write(write), what)
      await mustFail(log.write(logWrite({})), 'a write after a refused one')
    })
  }
  if (mortal) cases.push(...powerCases(makeSubject))
  return cases
}

const BROKEN_BASES: readonly (readonly [string, LogWrite])[] = [
  ['a base before the one there is', logWrite({ base: { mark: markOf(2, 1), reset: false } })],
  ['a base behind the last entry', logWrite({ base: { mark: markOf(7, 1), reset: false } })],
  ['a base of another term', logWrite({ base: { mark: markOf(5, 2), reset: false } })],
  [
    'a snapshot in place of more than it holds',
    logWrite({ base: { mark: markOf(4, 1), reset: true } }),
  ],
  ['a removal of what the base stands for', logWrite({ truncateFrom: 3 })],
  [
    'another genesis than the one it has',
    logWrite({ genesis: { clusterId: 'f'.repeat(32), members: ['n1', 'n2', 'n3'] } }),
  ],
]
