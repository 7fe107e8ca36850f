/**
 * Random histories with compactions and installed snapshots, snapshots taken meanwhile in the same
 * folder, disks that answer late, and cut after cut: what was acknowledged stays.
 */
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { walOn } from '../../test/logs.ts'
import { randomHistory } from '../../test/random-history.ts'
import type { Disk } from '../ports.ts'
import { LogSession, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { FILE_LOSSES } from '../testing/memory-file.ts'
import { NAME_LOSSES } from '../testing/memory-names.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import {
  SnapshotSession,
  type TestSnapshot,
  testSnapshot,
} from '../testing/snapshot-store-session.ts'
import type { LogWrite } from '../types.ts'
import { OpenFiles } from './files.ts'
import { readFolder } from './folder.ts'
import { openSnapshotStore } from './snapshot-store.ts'

const runs = process.env.CI === undefined ? 200 : 2000

/** How often the cuts found something worth finding; none may stay at nothing. */
const marks = {
  'cut while opening': 0,
  'a log whose first segments are gone': 0,
  'segments that are not needed any more, still there': 0,
  'a segment that the superblock does not count': 0,
  'a log that begins behind an installed snapshot': 0,
  'a log that begins behind a compaction': 0,
  'a snapshot that is complete': 0,
  'a snapshot that was cut short': 0,
  'a write that was not acknowledged and is there': 0,
}

const mark = (name: keyof typeof marks, isSo: boolean): void => {
  if (isSo) marks[name]++
}

/** Operations wait in a queue, so that a cut finds several unfinished; files stay in their order. */
class LazyDisk {
  readonly #waiting: (() => void)[] = []
  readonly disk = new MemoryDisk((_operation, run) => this.#waiting.push(run))

  step(): boolean {
    const run = this.#waiting.shift()
    run?.()
    return run !== undefined
  }

  async steps(count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      this.step()
      await Promise.resolve()
    }
  }

  /** Lets the disk work until this is there. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isThere = false
    const settle = (): void => {
      isThere = true
    }
    promise.then(settle, settle)
    for (let idle = 0; !isThere && idle < 100; ) {
      idle = this.step() ? 0 : idle + 1
      await Promise.resolve()
    }
    return promise
  }
}

/** One log and its snapshots through several lives. */
class Course {
  readonly #random
  readonly #history: readonly LogWrite[]
  readonly #pictures: readonly string[]
  readonly #segmentBytes: number
  readonly #reserveBytes: number
  readonly #lazy = new LazyDisk()
  readonly #snapshots: TestSnapshot[] = []
  /** How many writes are there for certain, and which snapshots. */
  #certain = 0
  readonly #certainSnapshots = new Set<TestSnapshot>()

  constructor(seed: number) {
    this.#random = randomStream(seed, 'cuts')
    this.#history = randomHistory(seed, randomInteger(this.#random, 1, 40))
    const pictures = picturesOf(this.#history, FOUNDING.genesis)
    this.#pictures = pictures.map((picture) => JSON.stringify(picture))
    this.#segmentBytes = randomItem(this.#random, [150, 600, 4000, 1 << 20])
    this.#reserveBytes = randomItem(this.#random, [0, 700, 5000])
  }

  async live(): Promise<void> {
    const disk = this.#lazy.disk.mount()
    await this.#look(disk)
    const opening = LogSession.open(walOn(disk, this.#segmentBytes, this.#reserveBytes))
    opening.catch(() => {})
    // Cut while it is still opening, sometimes; what was certain before stays certain.
    if (this.#random() < 0.3) {
      mark('cut while opening', true)
      await this.#lazy.steps(randomInteger(this.#random, 0, 16))
      return
    }
    const session = await this.#lazy.until(opening)
    const store = openSnapshotStore({ disk, blockBytes: 600 })
    const snapshots = await this.#lazy.until(SnapshotSession.open(store))
    await this.#checkLog(session)
    await this.#checkSnapshots(snapshots)
    await this.#work(session, snapshots)
  }

  losePower(): void {
    const random = this.#random
    if (random() < 0.3) this.#lazy.disk.crashProcess()
    else {
      const files = () => randomItem(random, FILE_LOSSES)
      this.#lazy.disk.losePower({ files, names: randomItem(random, NAME_LOSSES) }, random)
    }
  }

  /** What an opening is about to find. */
  async #look(disk: Disk): Promise<void> {
    const looking = new Promise<void>((resolve) => {
      readFolder(disk, new OpenFiles(disk), (_error, folder) => {
        const { superblock, segments, obsolete } = folder ?? {}
        mark('a log whose first segments are gone', (superblock?.firstSegment ?? 1) > 1)
        mark('segments that are not needed any more, still there', (obsolete?.length ?? 0) > 0)
        const last = segments?.at(-1) ?? 0
        mark('a segment that the superblock does not count', last > (superblock?.segments ?? last))
        resolve()
      })
    })
    await this.#lazy.until(looking)
    const names = this.#lazy.disk.names()
    mark(
      'a snapshot that was cut short',
      names.some((name) => name.endsWith('.capturing')),
    )
  }

  async #checkLog(session: LogSession): Promise<void> {
    const picture = JSON.stringify(await this.#lazy.until(session.picture()))
    const found = this.#pictures.lastIndexOf(picture)
    expect(found, picture).toBeGreaterThanOrEqual(this.#certain)
    mark('a write that was not acknowledged and is there', found > this.#certain)
    const bases = this.#history.slice(0, found).filter(({ base }) => base !== undefined)
    const reset = bases.at(-1)?.base?.reset
    mark('a log that begins behind an installed snapshot', reset === true)
    mark('a log that begins behind a compaction', reset === false)
    this.#certain = found
  }

  async #checkSnapshots(session: SnapshotSession): Promise<void> {
    const listed = session.listed.map(({ id }) => id)
    for (const snapshot of this.#snapshots) {
      const isThere = listed.includes(snapshot.info.id)
      if (this.#certainSnapshots.has(snapshot)) expect(isThere).toBe(true)
      if (!isThere) continue
      mark('a snapshot that is complete', true)
      await this.#lazy.until(session.checkContent(snapshot, 'after a cut'))
      this.#certainSnapshots.add(snapshot)
    }
  }

  async #work(session: LogSession, snapshots: SnapshotSession): Promise<void> {
    const random = this.#random
    if (random() < 0.6) this.#capture(snapshots)
    let acknowledged = this.#certain
    const upTo = randomInteger(random, this.#certain, this.#history.length)
    for (const write of this.#history.slice(this.#certain, upTo)) {
      session.write(write).then(
        () => acknowledged++,
        () => {},
      )
      await this.#lazy.steps(randomInteger(random, 0, 5))
    }
    await this.#lazy.steps(randomInteger(random, 0, 12))
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    this.#certain = acknowledged
  }

  #capture(session: SnapshotSession): void {
    const nth = this.#snapshots.length + 1
    const snapshot = testSnapshot(nth, nth, randomInteger(this.#random, 0, 3000))
    this.#snapshots.push(snapshot)
    session.capture(snapshot).then(
      () => this.#certainSnapshots.add(snapshot),
      () => {},
    )
  }
}

async function survives(seed: number): Promise<void> {
  const course = new Course(seed)
  for (let life = 0; life < 6; life++) {
    await course.live()
    course.losePower()
  }
}

it('what was acknowledged is there after any sequence of crashes and power cuts', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(), survives), { numRuns: runs })
})

afterAll(() => {
  for (const [name, count] of Object.entries(marks)) expect(count, name).toBeGreaterThan(0)
})
