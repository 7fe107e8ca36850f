import { describe, expect, it } from 'vitest'
import type {
  Callback,
  Done as Finished,
  SnapshotReader,
  StateCapture,
  StateMachine,
} from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import { show } from './picture.ts'
import { stateMachineSuite } from './state-machine-suite.ts'

type Done = (error: Error | undefined, results: readonly string[]) => void

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const text = (data: Uint8Array) => String.fromCharCode(...data)
const commands = ['a=1', 'b=2', 'a=3', 'c=4', 'b=', 'a=9', 'd=0'].map(bytes)

/** Puts values under keys. The broken ones change one step each. */
class Store implements StateMachine<string> {
  appliedIndex = 0
  readonly values = new Map<string, string>()

  apply(entries: readonly Entry[], done: Done): void {
    const results = entries.map((entry) => this.one(entry))
    this.appliedIndex = entries.at(-1)?.index ?? this.appliedIndex
    done(undefined, results)
  }

  protected one(entry: Entry): string {
    if (entry.kind !== 'command') return ''
    const [key, value] = text(entry.data).split('=')
    if (key === undefined || value === undefined) return 'not understood'
    const before = this.values.get(key) ?? ''
    this.values.set(key, value)
    return before
  }
}

const suiteOf = (create: () => Store) =>
  stateMachineSuite({
    create,
    commands,
    picture: (store) => store.values,
    reopen: (store) => {
      const again = create()
      again.appliedIndex = store.appliedIndex
      for (const [key, value] of store.values) again.values.set(key, value)
      return again
    },
  })

/** Answers a little later. */
class Slow extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    void Promise.resolve().then(() => super.apply(entries, done))
  }
}

/** Answers when a thread would. */
class Distant extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    setTimeout(() => super.apply(entries, done), 0)
  }
}

it('a machine that waits for more than promises is waited for', async () => {
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const subject = { create: () => new Distant(), commands: commands.slice(0, 2), wait }
  const second = stateMachineSuite(subject)[1]
  await second?.run()
  const without = stateMachineSuite({ ...subject, wait: () => Promise.resolve() })[1]
  await expect(without?.run()).rejects.toThrow('did not call back')
})

describe('the suite passes what is correct', () => {
  for (const { name, run } of suiteOf(() => new Store())) it(`a store: ${name}`, run)
  for (const { name, run } of suiteOf(() => new Slow())) it(`a slow one: ${name}`, run)
})

/** Its state fits into a snapshot. */
class Snapshots extends Store {
  capture(done: Callback<StateCapture>): void {
    const rest = [this.pictured(), undefined]
    done(undefined, { next: (give) => give(undefined, rest.shift()), release: () => undefined })
  }

  restore(mark: SnapshotMark, reader: SnapshotReader, done: Finished): void {
    reader.read(0, reader.sizeBytes, (error, data) => {
      if (error === undefined) this.take(data, mark.index)
      done(error)
    })
  }

  protected pictured(): Uint8Array {
    return bytes(JSON.stringify([...this.values]))
  }

  protected take(data: Uint8Array, index: number): void {
    this.values.clear()
    for (const [key, value] of JSON.parse(text(data)) as [string, string][]) {
      this.values.set(key, value)
    }
    this.appliedIndex = index
  }
}

describe('the suite passes what captures and restores', () => {
  for (const { name, run } of suiteOf(() => new Snapshots())) it(name, run)
})

describe('the suite fails snapshots', () => {
  class NotEmptied extends Snapshots {
    protected override take(data: Uint8Array, index: number): void {
      for (const [key, value] of JSON.parse(text(data)) as [string, string][]) {
        this.values.set(key, value)
      }
      this.appliedIndex = index
    }
  }
  class Living extends Snapshots {
    override capture(done: Callback<StateCapture>): void {
      let isRead = false
      const next = (give: Callback<Uint8Array | undefined>) => {
        give(undefined, isRead ? undefined : this.pictured())
        isRead = true
      }
      done(undefined, { next, release: () => undefined })
    }
  }
  class NoIndex extends Snapshots {
    protected override take(data: Uint8Array): void {
      super.take(data, this.appliedIndex)
    }
  }
  class HalfTaken extends Snapshots {
    override restore(mark: SnapshotMark, reader: SnapshotReader, done: Finished): void {
      this.values.clear()
      super.restore(mark, reader, done)
    }
  }
  class Careless extends Snapshots {
    override restore(mark: SnapshotMark, reader: SnapshotReader, done: Finished): void {
      super.restore(mark, reader, () => done(undefined))
    }
  }
  class Forgetful extends Snapshots {
    protected override pictured(): Uint8Array {
      return bytes(JSON.stringify([...this.values].slice(1)))
    }
  }
  class Twice extends Snapshots {
    override restore(mark: SnapshotMark, reader: SnapshotReader, done: Finished): void {
      super.restore(mark, reader, done)
      done(undefined)
    }
  }
  class Silent extends Snapshots {
    override capture(): void {
      // Never calls back.
    }
  }
  it.each<[string, () => Store, string]>([
    ['that leave something of the old state', () => new NotEmptied(), 'its state is'],
    ['that change while they are read', () => new Living(), 'its state is'],
    ['whose appliedIndex is not theirs', () => new NoIndex(), 'it says'],
    ['that take a half of another state', () => new HalfTaken(), 'its state is'],
    ['that succeed without being read', () => new Careless(), 'for all of them'],
    ['that lose something', () => new Forgetful(), 'its state is'],
    ['that answer twice', () => new Twice(), 'called back 2 times'],
    ['that do not come', () => new Silent(), 'did not call back'],
  ])('%s', async (_, create, complaint) => {
    const complaints: string[] = []
    for (const { run } of suiteOf(create)) {
      await run().catch((error: Error) => complaints.push(error.message))
    }
    expect(complaints.join('\n')).toContain(complaint)
  })
})

class NoResultForNoop extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    const kept = entries.filter(({ kind }) => kind === 'command')
    super.apply(kept, done)
  }
}

class ThrowsAtNonsense extends Store {
  protected override one(entry: Entry): string {
    if (entry.kind === 'command' && !text(entry.data).includes('=')) throw new Error('no =')
    return super.one(entry)
  }
}

class AnswersWithAnError extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    const bad = entries.some((e) => e.kind === 'command' && !text(e.data).includes('='))
    if (bad) done(new Error('no ='), [])
    else super.apply(entries, done)
  }
}

let drawn = 0
class Random extends Store {
  protected override one(entry: Entry): string {
    return `${super.one(entry)} ${++drawn}`
  }
}

class RandomState extends Store {
  protected override one(entry: Entry): string {
    this.values.set('stamp', String(++drawn))
    return super.one(entry)
  }
}

/** What an entry sees depends on what came with it. */
class SeesItsBatch extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    super.apply(entries, (error, results) => {
      done(
        error,
        results.map((result) => `${result} of ${entries.length}`),
      )
    })
  }
}

class ChangesEntries extends Store {
  protected override one(entry: Entry): string {
    const result = super.one(entry)
    entry.data.fill(0)
    return result
  }
}

class KeepsBytes extends Store {
  readonly #kept: Uint8Array[] = []

  protected override one(entry: Entry): string {
    this.#kept.push(entry.data)
    super.one(entry)
    return this.#kept.map(text).join()
  }
}

class AheadOfItself extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    super.apply(entries, done)
    this.appliedIndex += 1
  }
}

class AnswersTwice extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    super.apply(entries, (error, results) => {
      done(error, results)
      done(error, results)
    })
  }
}

class NeverAnswers extends Store {
  override apply(entries: readonly Entry[], done: Done): void {
    if (entries.length < 2) super.apply(entries, done)
  }
}

/** Its state is written with the next entry only, its index with this one. */
class WritesItsStateLate extends Store {
  #late: Entry | undefined

  protected override one(entry: Entry): string {
    const result = this.#late === undefined ? '' : super.one(this.#late)
    this.#late = { ...entry, data: entry.data.slice() }
    return result
  }
}

const broken: readonly [string, () => Store, RegExp][] = [
  ['has no result for a noop', () => new NoResultForNoop(), /gave \d+ results for/],
  ['throws at nonsense', () => new ThrowsAtNonsense(), /threw: Error: no =/],
  ['answers nonsense with an error', () => new AnswersWithAnError(), /failed: no =/],
  ['gives random results', () => new Random(), /result 0 is|changed|then, result/],
  ['has something random in its state', () => new RandomState(), /the state is|its state is/],
  ['sees its batch', () => new SeesItsBatch(), /one at a time, result 0/],
  ['changes entries', () => new ChangesEntries(), /changed an entry/],
  ['keeps bytes', () => new KeepsBytes(), /then, result/],
  ['is ahead of itself', () => new AheadOfItself(), /appliedIndex is|reopened, it says/],
  ['answers twice', () => new AnswersTwice(), /called back 2 times/],
  ['never answers', () => new NeverAnswers(), /did not call back/],
  ['writes its state late', () => new WritesItsStateLate(), /after a restart at entry/],
]

describe('the suite fails what is broken, for its reason', () => {
  it.each(broken)('a machine that %s', async (_name, create, reason) => {
    const failures: string[] = []
    for (const { run } of suiteOf(create)) {
      await run().catch((error: Error) => failures.push(error.message))
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatch(reason)
  })
})

it('what is different looks different, and the same looks the same', () => {
  const values = [1, '1', 1n, -0, 0, null, undefined, true, [1], { 0: 1 }, new Map([[0, 1]])]
  const others = [new Set([0]), Uint8Array.of(1), [[1]], [1, 2], ['1, 2'], { a: 1 }, { a: '1' }]
  const shown = [...values, ...others, new Error('x')].map(show)
  expect(new Set(shown).size).toBe(shown.length)
  expect(show({ a: 1, b: 2 })).toBe(show({ b: 2, a: 1 }))
})
