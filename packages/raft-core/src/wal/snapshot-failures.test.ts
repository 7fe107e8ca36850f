/**
 * Every operation of the disk fails once, in every way, while snapshots are captured, fetched, read
 * and removed: whoever waits is told, what was finished stays, and nothing is left behind.
 */
import { expect, it } from 'vitest'
import {
  type Answer,
  FailureBench,
  type FailurePlan,
  type Files,
  failuresAt,
} from '../../test/failure-bench.ts'
import type {
  Callback,
  Done,
  SnapshotInfo,
  SnapshotStore,
  SnapshotWriter,
  StoredSnapshot,
} from '../ports.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import {
  SnapshotSession,
  type TestSnapshot,
  testSnapshot,
} from '../testing/snapshot-store-session.ts'
import { openSnapshotStore } from './snapshot-store.ts'

const [A, B, C, D] = [10, 20, 30, 40].map((index, i) => testSnapshot(i + 1, index, 1800 + i)) as [
  TestSnapshot,
  TestSnapshot,
  TestSnapshot,
  TestSnapshot,
]

/** What a node does with its snapshots in one life. Every step may fail, and be taken again. */
class Life {
  readonly bench: FailureBench
  readonly store: SnapshotStore
  /** Finished and acknowledged, and not asked to be removed. */
  readonly kept = new Set<TestSnapshot>()
  /** The removal was acknowledged. */
  readonly gone = new Set<TestSnapshot>()

  constructor(bench: FailureBench, plan?: FailurePlan) {
    this.bench = bench
    this.store = openSnapshotStore({ disk: bench.mount(plan), lock: true, blockBytes: 500 })
  }

  ask<T>(what: string, ask: (done: Callback<T>) => void): Answer<T> {
    const answer = this.bench.ask(what, ask)
    this.bench.settle()
    return answer
  }

  asked(what: string, ask: (done: Done) => void): boolean {
    return this.ask<void>(what, (done) => ask((e) => done(e, undefined))).error === undefined
  }

  open(): boolean {
    return (
      this.ask<readonly SnapshotInfo[]>('open', (done) => this.store.open(done)).error === undefined
    )
  }

  write({ bytes }: TestSnapshot, writer: SnapshotWriter, upTo: number): boolean {
    for (let at = writer.sizeBytes; at < upTo; at = writer.sizeBytes) {
      const piece = bytes.subarray(at, Math.min(upTo, at + 700))
      if (!this.asked('write', (done) => writer.write(piece, done))) return false
    }
    return true
  }

  capture(snapshot: TestSnapshot): boolean {
    const { id, mark } = snapshot.info
    const begun = this.ask<SnapshotWriter>('create', (done) => this.store.create(id, mark, done))
    return begun.error === undefined && this.finish(snapshot, begun.value as SnapshotWriter)
  }

  fetch(snapshot: TestSnapshot, upTo = snapshot.bytes.length): boolean {
    const begun = this.ask<SnapshotWriter>('resume', (done) =>
      this.store.resume(snapshot.info, done),
    )
    if (begun.error !== undefined) return false
    const writer = begun.value as SnapshotWriter
    if (upTo === snapshot.bytes.length) return this.finish(snapshot, writer)
    const isGood = this.write(snapshot, writer, upTo)
    return this.asked('abort', (done) => writer.abort(done)) && isGood
  }

  finish(snapshot: TestSnapshot, writer: SnapshotWriter): boolean {
    if (!this.write(snapshot, writer, snapshot.bytes.length)) return false
    const isGood =
      this.ask<SnapshotInfo>('finish', (done) => writer.finish(done)).error === undefined
    if (isGood) this.kept.add(snapshot)
    return isGood
  }

  /** Begins to capture it, and thinks better of it. */
  giveUp({ info, bytes }: TestSnapshot): boolean {
    const begun = this.ask<SnapshotWriter>('create', (done) =>
      this.store.create(info.id, info.mark, done),
    )
    if (begun.error !== undefined) return false
    const writer = begun.value as SnapshotWriter
    const isGood = this.asked('write', (done) => writer.write(bytes, done))
    return this.asked('abort', (done) => writer.abort(done)) && isGood
  }

  /** Reads all of it; `meanwhile` happens before it is closed. */
  read(snapshot: TestSnapshot, meanwhile: () => void = () => {}): boolean {
    const opened = this.ask<StoredSnapshot>('read', (done) =>
      this.store.read(snapshot.info.id, done),
    )
    if (opened.error !== undefined) return false
    const stored = opened.value as StoredSnapshot
    meanwhile()
    const read = this.ask<Uint8Array>('read piece', (done) => stored.read(0, 1e6, done))
    if (read.error === undefined) expect(read.value).toEqual(snapshot.bytes)
    return this.asked('close reader', (done) => stored.close(done)) && read.error === undefined
  }

  remove(snapshot: TestSnapshot): boolean {
    this.kept.delete(snapshot)
    const isGood = this.asked('remove', (done) => this.store.remove(snapshot.info.id, done))
    if (isGood) this.gone.add(snapshot)
    return isGood
  }

  /** Is removed as soon as it is not read any more. */
  removeWhileRead(snapshot: TestSnapshot): boolean {
    if (this.gone.has(snapshot)) return true
    if (!this.kept.has(snapshot)) return this.remove(snapshot)
    let removal: Answer<void> | undefined
    const isRead = this.read(snapshot, () => {
      this.kept.delete(snapshot)
      const remove = (done: Callback<void>): void =>
        this.store.remove(snapshot.info.id, (e) => done(e, undefined))
      removal = this.bench.ask('remove later', remove, true)
    })
    this.bench.settle(true)
    if (removal === undefined) return false
    if (removal.error === undefined) this.gone.add(snapshot)
    return removal.error === undefined && isRead
  }

  close(): boolean {
    return this.asked('close', (done) => this.store.close(done))
  }
}

type Step = (life: Life) => boolean

/** A folder as a crash leaves it: one complete, a fetch that was overtaken, one to go on with, a capture. */
function leftovers(): Files {
  const bench = new FailureBench()
  const life = new Life(bench)
  life.open()
  life.fetch(A, 1200)
  const overtaken = bench.files
  life.capture(B)
  life.fetch(D, 1200)
  life.ask<SnapshotWriter>('create', (done) => life.store.create(C.info.id, C.info.mark, done))
  return new Map([...overtaken, ...bench.files])
}

const STORIES: readonly (readonly [string, Files, readonly Step[]])[] = [
  [
    'captured, read and removed',
    new Map(),
    [
      (life) => life.capture(A),
      (life) => life.read(A),
      (life) => life.capture(B),
      (life) => life.remove(A),
      (life) => life.giveUp(C),
      (life) => life.read(B),
    ],
  ],
  [
    'fetched, with interruptions',
    new Map(),
    [
      (life) => life.capture(A),
      (life) => life.fetch(B, 1200),
      (life) => life.fetch(B, 1700),
      (life) => life.fetch(B),
      (life) => life.fetch(C, 1200),
      (life) => life.fetch(D),
      (life) => life.read(D),
    ],
  ],
  [
    'removed while they are read',
    new Map(),
    [
      (life) => life.capture(A),
      (life) => life.capture(B),
      (life) => life.removeWhileRead(A),
      (life) => life.read(B),
    ],
  ],
  [
    'what a crash has left',
    leftovers(),
    [(life) => life.read(B), (life) => life.fetch(D), (life) => life.remove(B)],
  ],
]

/** Taken again, everything succeeds in the end; then the folder is opened again, on a healthy disk. */
async function run(
  files: Files,
  steps: readonly Step[],
  plan: FailurePlan,
  where: string,
): Promise<FailureBench> {
  const bench = new FailureBench(files)
  const life = new Life(bench, plan)
  let hasOpened = false
  const take = (step: Step): boolean => {
    for (let attempts = 0; attempts < 4; attempts++) {
      if (step(life)) return true
      // What is removed is removed: a repetition finds nothing.
      const left = bench.disk.names().filter((name) => name.endsWith('.capturing'))
      const isRemoval = bench.failures.some(({ message }) => message.includes(' remove '))
      if (hasOpened && !isRemoval && bench.failures.length === 1)
        expect(left, `${where}: left behind`).toEqual([])
    }
    return false
  }
  const isOpen = take((l) => l.open())
  hasOpened = isOpen
  const isGood = isOpen && steps.every(take)
  life.close()
  expect(bench.failures.length === 0 || bench.isTold, `${where}: nobody was told`).toBe(true)
  // A disk that fails for good lets nothing succeed; any other lets everything, the second time.
  expect(isGood || bench.failures.length > 2, `${where}: it did not work again`).toBe(true)
  expect(bench.openFiles, `${where}: files left open`).toBe(0)
  expect(bench.disk.isIdle, `${where}: still locked`).toBe(true)
  await check(bench, life, where)
  return bench
}

async function check(bench: FailureBench, life: Life, where: string): Promise<void> {
  for (const end of ['crash', 'power'] as const) {
    bench.end(end)
    const disk = bench.disk.copy()
    const again = await SnapshotSession.open(
      openSnapshotStore({ disk: disk.mount(), blockBytes: 500 }),
    )
    const listed = again.listed.map(({ id }) => id)
    for (const snapshot of life.kept) await again.checkContent(snapshot, `${where}, ${end}`)
    for (const { info } of life.gone) expect(listed, `${where}, ${end}`).not.toContain(info.id)
    for (const snapshot of [A, B, C, D]) {
      if (listed.includes(snapshot.info.id)) await again.checkContent(snapshot, `${where}, ${end}`)
      else await again.fetch(snapshot)
    }
  }
}

const completeOnes = (bench: FailureBench): readonly string[] =>
  bench.disk.names().filter((name) => name.endsWith('.snapshot'))

it.each(STORIES)(
  'snapshots that are %s: every failure of the disk is told, nothing finished is lost, nothing left behind',
  async (_name, files, steps) => {
    const healthy = await run(files, steps, () => undefined, 'healthy')
    for (let nth = 0, last = 0; nth <= last; nth++) {
      for (const [name, plan] of failuresAt(nth)) {
        const bench = await run(files, steps, plan, name)
        last = Math.max(last, bench.operations.length)
        if (bench.failures.length === 1)
          expect(completeOnes(bench), name).toEqual(completeOnes(healthy))
      }
    }
  },
)

it('one that could not be removed can still be read, and be removed later', async () => {
  const bench = new FailureBench()
  let fails = false
  const life = new Life(bench, () => (fails ? 'undone' : undefined))
  life.open()
  life.capture(A)
  const opened = life.ask<StoredSnapshot>('read', (done) => life.store.read(A.info.id, done))
  const remove = (done: Callback<void>): void =>
    life.store.remove(A.info.id, (e) => done(e, undefined))
  const removal = bench.ask('remove', remove, true)
  bench.settle()
  expect(removal.count).toBe(0)
  fails = true
  expect(life.asked('close', (done) => (opened.value as StoredSnapshot).close(done))).toBe(false)
  expect(removal.error?.message).toMatch(/the disk failed at list/)
  fails = false
  expect([life.read(A), life.remove(A), life.read(A)]).toEqual([true, true, false])
})

it('a lock of its own that another process holds is told', () => {
  const disk = new MemoryDisk().mount()
  const [first, second] = [1, 2].map(() => openSnapshotStore({ disk, lock: true })) as [
    SnapshotStore,
    SnapshotStore,
  ]
  const errors: (Error | undefined)[] = []
  first.open((error) => errors.push(error))
  second.open((error) => errors.push(error))
  first.close((error) => errors.push(error))
  second.open((error) => errors.push(error))
  expect(errors.map((error) => error?.message)).toEqual([
    undefined,
    expect.stringMatching(/in use/),
    undefined,
    undefined,
  ])
})
