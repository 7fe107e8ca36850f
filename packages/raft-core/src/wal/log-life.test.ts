/** A log that is opened, closed, opened again; what it refuses meanwhile; what it reads and what not. */
import { describe, expect, it } from 'vitest'
import { FailureBench } from '../../test/failure-bench.ts'
import { appendOf, diskWith, entry, hardState, openWal, walOn } from '../../test/logs.ts'
import type { Disk, LogStore } from '../ports.ts'
import { LogSession, logWrite, markOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { JOINING } from '../testing/log-store-suite-parts.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import type { Entry, LogWrite } from '../types.ts'
import { CorruptLogError } from './errors.ts'
import { segmentName } from './segment-header.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

const closing = (store: LogStore) => (done: (error: Error | undefined, value: undefined) => void) =>
  store.close((error) => done(error, undefined))

const writing =
  (store: LogStore, write: LogWrite) =>
  (done: (error: Error | undefined, value: undefined) => void) =>
    store.write(write, (error) => done(error, undefined))

/** An open log on a disk that answers when the bench settles. */
function openOn(bench: FailureBench): LogStore {
  const store = walOn(bench.mount())
  const opening = bench.ask('open', (done) => store.open(done))
  bench.settle()
  expect(opening.error).toBe(undefined)
  return store
}

describe('a log', () => {
  it('that is open is not opened again; one that is not gives nothing and has no size', () => {
    const bench = new FailureBench()
    const store = walOn(bench.mount())
    expect(store.stats()).toMatchObject({
      firstIndex: 1,
      lastIndex: 0,
      sizeBytes: 0,
      segments: 0,
      syncs: 0,
    })
    const early = bench.ask<readonly Entry[]>('read', (done) => store.readEntries(1, 1, 100, done))
    expect(early.error?.message).toBe('the log is not open')
    bench.ask('open', (done) => store.open(done))
    bench.settle()
    expect(bench.ask('open', (done) => store.open(done)).error?.message).toBe('the log is open')
    expect(bench.ask('write', writing(store, appendOf(1, 1))).count).toBe(0)
    bench.settle()
    expect(store.stats().lastIndex).toBe(1)
  })

  it('that is in use elsewhere is refused', () => {
    const disk = new MemoryDisk().mount()
    const errors: (Error | undefined)[] = []
    for (const store of [walOn(disk), walOn(disk)]) store.open((error) => errors.push(error))
    expect(errors.map((error) => error?.message)).toEqual([
      undefined,
      expect.stringMatching(/in use/),
    ])
  })

  it('that was closed can be opened again, and written to more than once', () => {
    const bench = new FailureBench()
    const store = openOn(bench)
    bench.ask('write', writing(store, appendOf(1, 1)))
    bench.ask('close', closing(store))
    bench.settle()
    bench.ask('open', (done) => store.open(done))
    bench.settle()
    for (const index of [2, 3]) {
      const written = bench.ask('write', writing(store, appendOf(index, index)))
      bench.settle()
      expect(written.error).toBe(undefined)
    }
    expect(store.stats().lastIndex).toBe(3)
  })

  it('that is closed twice, or while it writes, finishes what it was given and answers everybody', async () => {
    const bench = new FailureBench()
    const store = openOn(bench)
    const answers = [
      bench.ask('write', writing(store, appendOf(1, 1))),
      bench.ask('close', closing(store)),
      bench.ask('close again', closing(store)),
    ]
    bench.settle()
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect([bench.openFiles, bench.disk.isIdle]).toEqual([0, true])
    expect((await openWal(bench.disk.copy())).restored.lastIndex).toBe(1)
  })

  it('that is closed a second time while it is being closed answers both', () => {
    const bench = new FailureBench()
    const store = openOn(bench)
    bench.ask('write', writing(store, appendOf(1, 1)))
    bench.settle()
    const answers = [bench.ask('close', closing(store)), bench.ask('close again', closing(store))]
    bench.settle()
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(bench.operations.filter((operation) => operation === 'unlock')).toHaveLength(1)
  })

  it('whose founders it could not tell again is refused before anything is there', async () => {
    const many = Array.from({ length: 30 }, (_, i) => `${i}`.padStart(200, 'n'))
    for (const members of [['n'.repeat(300)], many, ['']]) {
      const disk = new MemoryDisk()
      const genesis = { clusterId: 'ab'.repeat(16), members }
      const founding = { ...FOUNDING, genesis }
      const store = openWriteAheadLog({ disk: disk.mount(), founding })
      await expect(LogSession.open(store)).rejects.toThrow(/do not fit|Genesis.members/)
      expect([disk.names(), disk.isIdle]).toEqual([[], true])
    }
  })
})

describe('a write', () => {
  it.each([
    [
      'a peer without an incarnation',
      logWrite({ peers: [{ id: 'n2', incarnation: 'xyz' }] }),
      /hexadecimal/,
    ],
    [
      'a vote for a name that is too long',
      logWrite({ hardState: hardState(1, 'n'.repeat(300)) }),
      /name is too long/,
    ],
    [
      'a term that is no safe number',
      logWrite({ hardState: hardState(2 ** 60) }),
      /not a safe index/,
    ],
  ])('of %s fails, and the log with it; reopened it goes on', async (_name, write, reason) => {
    const disk = await diskWith([appendOf(1, 1)])
    const log = await openWal(disk)
    await expect(log.write(write)).rejects.toThrow(reason)
    await expect(log.write(appendOf(2, 2))).rejects.toThrow(reason)
    await log.close()
    const again = await openWal(disk)
    await again.write(appendOf(2, 2))
    expect(await again.read(1, 2, 1e6)).toHaveLength(2)
  })

  it('may remove nothing, or everything', async () => {
    const disk = await diskWith([appendOf(1, 3), logWrite({ truncateFrom: 4 }), appendOf(4, 4)])
    const log = await openWal(disk)
    expect(await log.read(1, 4, 1e6)).toHaveLength(4)
    await log.write(logWrite({ truncateFrom: 1 }))
    await log.write({ ...appendOf(1, 2, 2), hardState: hardState(2) })
    const terms = (await log.read(1, 2, 1e6)).map(({ term }) => term)
    expect([terms, (await openWal(disk)).restored.termRuns]).toEqual([
      [2, 2],
      [{ term: 2, firstIndex: 1 }],
    ])
  })

  it('may be larger than what is kept for the next one', async () => {
    const disk = new MemoryDisk()
    const log = await openWal(disk)
    const data = new Uint8Array(17 * 1024 * 1024).fill(7)
    const large = { index: 1, term: 1, kind: 'command', data } as const
    await log.write(logWrite({ entries: [large], hardState: hardState(1) }))
    await log.write(appendOf(2, 2))
    const again = await openWal(disk)
    expect((await again.read(1, 2, 1e9)).map((read) => read.data.length)).toEqual([data.length, 10])
  })

  it('of a genesis, after a snapshot took the place of the beginning, leaves where the log begins', async () => {
    const disk = new MemoryDisk()
    const open = (): Promise<LogSession> =>
      LogSession.open(openWriteAheadLog({ disk: disk.mount(), founding: JOINING }))
    const log = await open()
    const base = { mark: markOf(7, 2), reset: true }
    await log.write(logWrite({ base, hardState: hardState(2) }))
    await log.write(logWrite({ genesis: FOUNDING.genesis }))
    const { restored } = await open()
    expect([restored.genesis, restored.base]).toEqual([FOUNDING.genesis, base.mark])
  })
})

describe('reading', () => {
  it('many megabytes at once takes several reads', async () => {
    const disk = new MemoryDisk()
    const log = await openWal(disk)
    const entries = [1, 2, 3].map((index) => entry(index, 1, 2_000_000))
    await log.write(logWrite({ entries, hardState: hardState(1) }))
    const read = await log.read(1, 3, 1e9)
    expect(read.map(({ data }) => data[0])).toEqual([1, 2, 3])
  })

  it.each([
    ['its index', 1, /entry 2 is not where it was written/],
    ['its length', 17, /entry 2 is not where it was written/],
    ['its term', 9, /entry 2 says it is entry 2 of term 1/],
  ])(
    'an entry of which %s has rotted since it was opened is refused',
    async (_name, at, reason) => {
      const disk = await diskWith([appendOf(1, 1)])
      const log = await openWal(disk)
      const before = disk.content(segmentName(1))?.length as number
      await log.write(logWrite({ entries: [entry(2, 1)] }))
      disk.damage(segmentName(1), before + 40 + at, 4)
      const reading = log.read(1, 2, 1e6)
      await expect(reading).rejects.toThrow(reason)
      await expect(reading).rejects.toThrow(CorruptLogError)
      expect(await log.read(1, 1, 1e6)).toHaveLength(1)
    },
  )

  it('an entry that is cut off is refused', async () => {
    const disk: Disk = (await diskWith([appendOf(1, 2)])).mount()
    const log = await LogSession.open(walOn(disk))
    disk.open(segmentName(1), 'existing', (_error, file) => {
      file.size((_sizeError, size) => file.truncate(size - 20, () => {}))
    })
    await expect(log.read(1, 2, 1e6)).rejects.toThrow(/entry 2 is cut off/)
  })
})
