/**
 * Every operation of the disk fails once, in every way, while a log is founded, written, read,
 * compacted, closed, reopened and repaired: whoever waits is told, and nothing acknowledged is lost.
 */
import { describe, expect, it } from 'vitest'
import {
  FailureBench,
  type FailurePlan,
  type Files,
  failuresAt,
  filesOf,
} from '../../test/failure-bench.ts'
import { contentOf, FORMAT_1_LOGS } from '../../test/format-1-logs.ts'
import { appendOf, diskWith, hardState, walOn } from '../../test/logs.ts'
import type { LogFounding, LogStore } from '../ports.ts'
import { HISTORIES, LogSession, logWrite, markOf, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { SUITE_HISTORIES } from '../testing/log-store-suite-parts.ts'
import type { MemoryDisk } from '../testing/memory-disk.ts'
import type { Entry, LogWrite } from '../types.ts'
import { crc32c } from './crc32c.ts'
import { discardDamagedLog } from './discard.ts'
import { CorruptLogError, DiscardUnfinishedError } from './errors.ts'
import { inspect } from './inspect.ts'
import { segmentName } from './segment-header.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

const SEGMENT_BYTES = 700

/** How a life ends: a process that went on after two failures is no worse off than by a power cut. */
function endsAfter(failure: string): readonly ('crash' | 'power')[] {
  return / and | on$/.test(failure) ? ['power'] : ['crash', 'power']
}

/** A log that is gone on with: these files, which hold the first few writes of a history. */
interface Story {
  readonly files: Files
  readonly written: number
  readonly history: readonly LogWrite[]
  readonly founding: LogFounding
}

/** What became of a life: how many writes were acknowledged, and how many more were given. */
interface Life {
  readonly acknowledged: number
  readonly given: number
}

/** Opens the log, writes the rest of the history two by two, reads, and closes it. */
function live(bench: FailureBench, story: Story, plan?: FailurePlan): Life {
  const { history, founding, written } = story
  const disk = bench.mount(plan)
  const store = openWriteAheadLog({
    disk,
    founding,
    segmentBytes: SEGMENT_BYTES,
    reserveBytes: 100,
  })
  const opening = bench.ask('open', (done) => store.open(done))
  bench.settle()
  if (opening.error !== undefined) return { acknowledged: written, given: 0 }
  let acknowledged = written
  let given = 0
  for (let at = written; at < history.length && given === 0; at += 2) {
    const pair = history.slice(at, at + 2)
    const reads = [readAll(bench, store)]
    const writes = pair.map((write, i) =>
      bench.ask(`write ${at + i}`, (done) => store.write(write, (e) => done(e, undefined))),
    )
    bench.settle()
    const results = writes.map(({ error }) => error)
    const good = results.findIndex((error) => error !== undefined)
    acknowledged += good === -1 ? writes.length : good
    if (good === -1) reads.push(readAll(bench, store))
    else {
      given = writes.length - good
      // What comes behind a failure fails, too.
      const next = bench.ask('one more', (done) =>
        store.write(pair[0] as LogWrite, (e) => done(e, undefined)),
      )
      bench.settle()
      expect([...results.slice(good), next.error]).not.toContain(undefined)
    }
    bench.settle()
  }
  if (bench.failures.length > 0 && !bench.isTold) {
    // What failed was the removal of segments, which nobody waits for: the next write is told.
    bench.ask('one more', (done) => store.write(logWrite({}), (e) => done(e, undefined)))
    bench.settle()
    expect(bench.isTold).toBe(true)
  }
  bench.ask('close', (done) => store.close((e) => done(e, undefined)))
  bench.settle()
  return { acknowledged, given }
}

function readAll(bench: FailureBench, store: LogStore): unknown {
  const { firstIndex, lastIndex } = store.stats()
  if (lastIndex < firstIndex) return undefined
  return bench.ask<readonly Entry[]>('read', (done) =>
    store.readEntries(firstIndex, lastIndex, 1e6, done),
  )
}

const genesisOf = (story: Story) => story.founding.genesis

/** What a healthy disk shows afterwards, and that the log goes on from there. */
async function checkAfter(
  bench: FailureBench,
  story: Story,
  life: Life,
  where: string,
): Promise<void> {
  const pictures = picturesOf(story.history, genesisOf(story)).map((p) => JSON.stringify(p))
  const disk = bench.disk.copy()
  const options = { founding: story.founding, segmentBytes: SEGMENT_BYTES, reserveBytes: 0 }
  const again = await LogSession.open(openWriteAheadLog({ disk: disk.mount(), ...options }))
  const found = JSON.stringify(await again.picture())
  const allowed = pictures.slice(life.acknowledged, life.acknowledged + life.given + 1)
  expect(allowed, where).toContain(found)
  await again.writeAll(story.history.slice(pictures.lastIndexOf(found)))
  expect(JSON.stringify(await again.picture()), where).toBe(pictures.at(-1))
  await again.close()
}

/** A log of format 1, and what it goes on with. */
function ofFormat1(): Story {
  const old = (HISTORIES.truncations as readonly LogWrite[]).map((write) => ({
    ...write,
    entries: write.entries.map((entry) => ({ ...entry, data: entry.data.subarray(0, 40) })),
  }))
  const more = [
    { ...appendOf(4, 6, 5, 300), hardState: hardState(5, undefined, 3) },
    logWrite({ base: { mark: markOf(4, 5), reset: false } }),
  ]
  const stored = Object.entries(FORMAT_1_LOGS.crashed ?? {})
  const files = new Map(stored.map(([name, file]) => [name, contentOf(file)]))
  return { files, written: old.length, history: [...old, ...more], founding: FOUNDING }
}

/** A log that a crash left: a torn record, a segment that is not needed, and one hardly begun. */
async function leftByACrash(tail: 'torn' | 'unfinished'): Promise<Story> {
  const history = HISTORIES.compactions as readonly LogWrite[]
  const early = filesOf(await diskWith(history.slice(0, 2), 400))
  const files = new Map(filesOf(await diskWith(history.slice(0, 5), 400)))
  files.set(segmentName(1), early.get(segmentName(1)) as Uint8Array)
  const segments = [...files.keys()].filter((name) => name.endsWith('.wal')).sort()
  const last = segments.at(-1) as string
  if (tail === 'unfinished')
    files.set(segmentName(Number.parseInt(last, 10) + 1), new Uint8Array(90))
  else
    files.set(
      last,
      Uint8Array.from([...(files.get(last) as Uint8Array), ...new Uint8Array(300).fill(0x51)]),
    )
  return { files, written: 5, history, founding: FOUNDING }
}

/** A creation of format 1 that was cut short, and a draft of a superblock. */
function hardlyFounded(): Story {
  const files = new Map([
    [segmentName(1), new Uint8Array(40)],
    ['superblock.draft', new Uint8Array(5000)],
  ])
  return { files, written: 0, history: [appendOf(1, 2)], founding: FOUNDING }
}

const STORIES: readonly (readonly [string, () => Story | Promise<Story>])[] = [
  ...SUITE_HISTORIES.map(
    ([name, history, founding]) =>
      [name, (): Story => ({ files: new Map(), written: 0, history, founding })] as const,
  ),
  ['goes on from format 1', ofFormat1],
  ['repairs a torn tail', () => leftByACrash('torn')],
  ['removes an unfinished segment', () => leftByACrash('unfinished')],
  ['is founded again', hardlyFounded],
]

describe.each(STORIES)('a log that %s', (_name, storyOf) => {
  it('tells every failure of its disk, and loses nothing acknowledged', async () => {
    const story = await storyOf()
    for (let nth = 0, last = 0; nth <= last; nth++) {
      for (const [name, plan] of failuresAt(nth)) {
        for (const end of endsAfter(name)) {
          const bench = new FailureBench(story.files)
          const life = live(bench, story, plan)
          const where = `${name} (${bench.operations[nth]}), then ${end}`
          last = Math.max(last, bench.operations.length)
          const isOver = bench.failures.length === 0
          expect(isOver || bench.isTold, `${where}: nobody was told`).toBe(true)
          expect(bench.openFiles, `${where}: files left open`).toBe(0)
          expect(bench.disk.isIdle, `${where}: still locked`).toBe(true)
          bench.end(end)
          await checkAfter(bench, story, life, where)
        }
      }
    }
  })
})

const NEW_LIFE = 'ab'.repeat(16)

/** A log whose second segment is damaged; `again`: it came after another one that was discarded. */
async function damagedFiles(again: boolean): Promise<Files> {
  const writes = [1, 2, 3].map((index) => appendOf(index, index, 1, 300))
  const disk = await diskWith(writes, 400)
  disk.damage(segmentName(2), 100, 1)
  const files = new Map(filesOf(disk))
  if (again) {
    const early = filesOf(await diskWith([appendOf(1, 1)]))
    for (const [name, bytes] of early) files.set(`damaged-1-${name}`, bytes)
  }
  return files
}

/** All that a folder holds, whatever the names are. */
const damagedContents = (files: Files): readonly string[] =>
  [...files].map(([, bytes]) => `${bytes.length} ${crc32c(bytes)}`)

describe.each([false, true])('a damaged log, discarded for the second time: %s', (again) => {
  it('tells every failure of its disk, keeps all evidence, and is discarded in the end', async () => {
    const files = await damagedFiles(again)
    const evidence = damagedContents(files)
    for (let nth = 0, last = 0; nth <= last; nth++) {
      for (const [name, plan] of failuresAt(nth)) {
        for (const end of endsAfter(name)) {
          const bench = new FailureBench(files)
          const disk = bench.mount(plan)
          bench.ask('discard', (done) => discardDamagedLog(disk, NEW_LIFE, done))
          bench.settle()
          const where = `${name} (${bench.operations[nth]}), then ${end}`
          last = Math.max(last, bench.operations.length)
          expect(bench.failures.length === 0 || bench.isTold, `${where}: nobody was told`).toBe(
            true,
          )
          expect([bench.openFiles, bench.disk.isIdle], where).toEqual([0, true])
          bench.end(end)
          const after = await openedOrRefused(bench.disk.copy())
          if (after !== NEW_LIFE) {
            const healthy = bench.mount()
            const answer = bench.ask('again', (done) => discardDamagedLog(healthy, NEW_LIFE, done))
            bench.settle()
            expect(answer.error, where).toBe(undefined)
          }
          expect(await openedOrRefused(bench.disk.copy()), where).toBe(NEW_LIFE)
          expect(damagedContents(bench.files), where).toEqual(expect.arrayContaining([...evidence]))
        }
      }
    }
  })
})

async function openedOrRefused(disk: MemoryDisk): Promise<unknown> {
  return LogSession.open(walOn(disk.mount())).then(
    ({ restored }) => restored.incarnation,
    (error: Error) => {
      expect([CorruptLogError, DiscardUnfinishedError]).toContain(error.constructor)
    },
  )
}

describe('a log that is inspected', () => {
  it.each(STORIES)(
    'that %s: every failure of its disk is told, and nothing is changed',
    async (_name, storyOf) => {
      const story = await storyOf()
      const founded = new FailureBench(story.files)
      live(founded, { ...story, history: story.history.slice(0, -1) })
      for (let nth = 0, last = 0; nth <= last; nth++) {
        for (const [name, plan] of failuresAt(nth)) {
          const bench = new FailureBench(founded.files)
          const disk = bench.mount(plan)
          bench.ask('inspect', (done) => inspect(disk, () => {}, done))
          bench.settle()
          last = Math.max(last, bench.operations.length)
          expect(bench.failures.length === 0 || bench.isTold, `${name}: nobody was told`).toBe(true)
          expect(bench.openFiles, name).toBe(0)
          expect(bench.operations.filter((it) => !/^(list|open|size|read|close)/.test(it))).toEqual(
            [],
          )
        }
      }
    },
  )
})
