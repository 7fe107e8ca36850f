/** A disk in memory of which any operation of the port can fail, and a count of who was answered. */
import type { Callback, Disk, DiskFile, Done } from '../src/ports.ts'
import { MemoryDisk, type PowerLoss } from '../src/testing/memory-disk.ts'
import { randomStream } from '../src/testing/random.ts'

/** `undone`: it fails and has had no effect, or part of it. `done`: it was done, and yet an error is told. */
export type Failure = 'undone' | 'done'
/** Which operations of a life fail, by their number in it. */
export type FailurePlan = (nth: number) => Failure | undefined

export type Files = ReadonlyMap<string, Uint8Array>

/** One thing that was asked, and what was answered. */
export interface Answer<T> {
  readonly what: string
  /** Whether it may be kept waiting for something else that is asked later. */
  readonly isPatient: boolean
  count: number
  error: Error | undefined
  value: T | undefined
}

/** The disk answers when `settle` is called, in the order it was asked. */
export class FailureBench {
  readonly disk: MemoryDisk
  /** The operations of the last life, as `write superblock`. */
  operations: string[] = []
  /** The errors that the disk told in all lives. */
  readonly failures: Error[] = []
  openFiles = 0
  readonly #queue: (() => void)[] = []
  readonly #answers: Answer<unknown>[] = []

  constructor(files: Files = new Map()) {
    this.disk = new MemoryDisk((_operation, run) => this.#queue.push(run))
    for (const [name, bytes] of files) this.disk.put(name, bytes)
  }

  /** The disk as a new process sees it. */
  mount(plan: FailurePlan = () => undefined): Disk {
    this.operations = []
    this.openFiles = 0
    return new FailingDisk(this, this.disk.mount(), plan)
  }

  get files(): Files {
    return filesOf(this.disk)
  }

  ask<T>(what: string, ask: (done: Callback<T>) => void, isPatient = false): Answer<T> {
    const answer: Answer<T> = { what, isPatient, count: 0, error: undefined, value: undefined }
    this.#answers.push(answer)
    ask((error, value) => {
      answer.count++
      answer.error = error
      answer.value = value
    })
    return answer
  }

  /** Lets the disk answer until it has nothing more to do; then everybody was answered, once. */
  settle(isEnd = false): void {
    for (let run = this.#queue.shift(); run !== undefined; run = this.#queue.shift()) run()
    const wrong = this.#answers.filter(
      ({ count, isPatient }) => count !== 1 && !(isPatient && count === 0 && !isEnd),
    )
    if (wrong.length === 0) return
    const told = wrong.map(({ what, count }) => `${what} was answered ${count} times`)
    throw new Error(`${told.join(', ')} after ${this.operations.join(', ')}`)
  }

  /** Whether somebody was told the first error of the disk. */
  get isTold(): boolean {
    const [first] = this.failures
    return this.#answers.some(({ error }) => error === first || error?.cause === first)
  }

  end(how: 'crash' | 'power'): void {
    const loss: PowerLoss = { files: 'lost', names: 'reverted' }
    if (how === 'crash') this.disk.crashProcess()
    else this.disk.losePower(loss, randomStream(1, 'power'))
  }

  /** @internal */
  perform<T>(
    failure: Failure | undefined,
    type: string,
    run: (done: Callback<T>) => void,
    done: Callback<T>,
  ): void {
    if (failure === undefined) {
      run(done)
      return
    }
    const error = Object.assign(new Error(`the disk failed at ${type}`), { code: 'EIO' })
    this.failures.push(error)
    const fail = (): void => done(error, undefined as never)
    const isPartial = type.startsWith('write ') || type.startsWith('sync ')
    if (!isPartial && failure === 'undone') this.#queue.push(fail)
    else {
      const part = type.startsWith('write ') ? 0.5 : 0
      if (isPartial) {
        this.disk.setFaults(() => ({ code: 'EIO', done: failure === 'done' ? 1 : part }))
      }
      run(fail)
      this.disk.setFaults(() => undefined)
    }
  }
}

export function filesOf(disk: MemoryDisk): Files {
  return new Map(disk.names().map((name) => [name, disk.content(name) as Uint8Array]))
}

/**
 * How a life can fail at its n-th operation, each with a name: at it alone, at all from it on, and at
 * it and another one soon afterwards.
 */
export function failuresAt(nth: number): ReadonlyMap<string, FailurePlan> {
  return new Map<string, FailurePlan>([
    [`at ${nth}`, (at) => (at === nth ? 'undone' : undefined)],
    [`at ${nth}, done`, (at) => (at === nth ? 'done' : undefined)],
    [`from ${nth} on`, (at) => (at >= nth ? 'undone' : undefined)],
    [`at ${nth} and the next`, (at) => (at === nth || at === nth + 1 ? 'done' : undefined)],
    [`at ${nth} and the third`, (at) => (at === nth || at === nth + 2 ? 'undone' : undefined)],
  ])
}

class FailingDisk implements Disk {
  readonly #bench: FailureBench
  readonly #disk: Disk
  readonly #plan: FailurePlan

  constructor(bench: FailureBench, disk: Disk, plan: FailurePlan) {
    this.#bench = bench
    this.#disk = disk
    this.#plan = plan
  }

  list(done: Callback<readonly string[]>): void {
    this.ask('list', (next) => this.#disk.list(next), done)
  }

  open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void {
    const open = (next: Callback<DiskFile>): void => this.#disk.open(name, mode, next)
    this.ask(mode === 'create' ? `create ${name}` : `open ${name}`, open, (error, file) => {
      if (error !== undefined) return done(error, undefined as never)
      this.#bench.openFiles++
      done(undefined, new FailingFile(this, name, file, () => this.#bench.openFiles--))
    })
  }

  rename(from: string, to: string, done: Done): void {
    this.perform(`rename ${from}`, (next) => this.#disk.rename(from, to, next), done)
  }

  remove(name: string, done: Done): void {
    this.perform(`remove ${name}`, (next) => this.#disk.remove(name, next), done)
  }

  syncDirectory(done: Done): void {
    this.perform('syncDirectory', (next) => this.#disk.syncDirectory(next), done)
  }

  /** A lock that fails is not taken. */
  lock(done: Done): void {
    this.perform('lock', (next) => this.#disk.lock(next), done, 'undone')
  }

  /** One whose release fails is released, as is a file that fails to be closed. */
  unlock(done: Done): void {
    this.perform('unlock', (next) => this.#disk.unlock(next), done, 'done')
  }

  perform(type: string, run: (done: Done) => void, done: Done, always?: Failure): void {
    const ask = (next: Callback<undefined>): void => run((error) => next(error, undefined))
    this.ask(type, ask, (error) => done(error), always)
  }

  ask<T>(
    type: string,
    run: (done: Callback<T>) => void,
    done: Callback<T>,
    always?: Failure,
  ): void {
    const planned = this.#plan(this.#bench.operations.length)
    this.#bench.operations.push(type)
    this.#bench.perform(planned && (always ?? planned), type, run, done)
  }
}

class FailingFile implements DiskFile {
  readonly #disk: FailingDisk
  readonly #name: string
  readonly #file: DiskFile
  readonly #onClose: () => void
  #isClosed = false

  constructor(disk: FailingDisk, name: string, file: DiskFile, onClose: () => void) {
    this.#disk = disk
    this.#name = name
    this.#file = file
    this.#onClose = onClose
  }

  size(done: Callback<number>): void {
    this.#disk.ask(this.#type('size'), (next) => this.#file.size(next), done)
  }

  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    this.#disk.ask(this.#type('read'), (next) => this.#file.read(offset, length, next), done)
  }

  write(offset: number, bytes: Uint8Array, done: Done): void {
    this.#disk.perform(this.#type('write'), (next) => this.#file.write(offset, bytes, next), done)
  }

  truncate(sizeBytes: number, done: Done): void {
    this.#disk.perform(this.#type('truncate'), (next) => this.#file.truncate(sizeBytes, next), done)
  }

  sync(done: Done): void {
    this.#disk.perform(this.#type('sync'), (next) => this.#file.sync(next), done)
  }

  close(done: Done): void {
    const type = this.#type('close')
    this.#isClosed = true
    this.#onClose()
    this.#disk.perform(type, (next) => this.#file.close(next), done, 'done')
  }

  #type(operation: string): string {
    if (this.#isClosed) throw new Error(`${operation} of ${this.#name}, which is closed`)
    return `${operation} ${this.#name}`
  }
}
