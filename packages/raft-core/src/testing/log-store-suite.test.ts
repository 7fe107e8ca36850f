import { describe, expect, it } from 'vitest'
import { line, NaiveLog } from '../../test/naive-log.ts'
import type { Disk, DiskFile, Done, LogStore } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { diskSubject, FOUNDING, logStoreSuite } from './log-store-suite.ts'
import { MemoryLog } from './memory-log.ts'

describe('the suite passes what is correct', () => {
  for (const { name, run } of logStoreSuite(diskSubject((disk) => new NaiveLog(disk)))) {
    it(`a naive log: ${name}`, run)
  }
  const subject = () => {
    const log = new MemoryLog(FOUNDING)
    return { create: () => log }
  }
  for (const { name, run } of logStoreSuite(subject)) it(`the memory log: ${name}`, run)
})

class AcknowledgesBeforeSync extends NaiveLog {
  protected override sync(_file: DiskFile, done: Done): void {
    done(undefined)
  }
}

class WritesHardStateApart extends NaiveLog {
  #commitIndex = 0

  protected override replayed(write: LogWrite): void {
    super.replayed(write)
    this.#commitIndex = this.state.hardState.commitIndex
  }

  protected override lineOf(write: LogWrite): Uint8Array {
    const hardState = write.hardState && { ...write.hardState, commitIndex: this.#commitIndex }
    this.#commitIndex = write.hardState?.commitIndex ?? this.#commitIndex
    const first = line({ ...write, truncateFrom: undefined, entries: [], hardState })
    const second = line(write)
    return Uint8Array.from([...first, ...second])
  }
}

class LosesItsName extends NaiveLog {
  protected override syncName(done: Done): void {
    done(undefined)
  }
}

class LeavesHole extends NaiveLog {
  protected override enter(write: LogWrite): void {
    if (write.truncateFrom !== undefined) this.entries.splice(write.truncateFrom - 1, 1)
    this.entries.push(...write.entries)
  }
}

class ForgetsTruncation extends NaiveLog {
  protected override replayed(write: LogWrite): void {
    super.replayed(write)
    if (write.truncateFrom !== undefined && write.entries.length === 0) {
      this.state.append({ index: this.state.lastIndex + 1, term: this.state.lastTerm })
      this.entries.push({
        index: this.entries.length + 1,
        term: this.state.lastTerm,
        kind: 'noop',
        data: new Uint8Array(0),
      })
    }
  }
}

class GoesOnAfterFailedSync extends NaiveLog {
  protected override sync(file: DiskFile, done: Done): void {
    file.sync((error) => (error === undefined ? done(undefined) : file.sync(done)))
  }
}

const broken: readonly [string, (disk: Disk) => LogStore, RegExp][] = [
  [
    'acknowledges before the sync',
    (disk) => new AcknowledgesBeforeSync(disk),
    /was acknowledged and is lost|a write whose sync failed succeeded/,
  ],
  [
    'writes hard state and entries apart',
    (disk) => new WritesHardStateApart(disk),
    /what no whole number of writes leaves/,
  ],
  ['does not sync the directory', (disk) => new LosesItsName(disk), /was acknowledged and is lost/],
  [
    'leaves a hole when it truncates',
    (disk) => new LeavesHole(disk),
    /did not give it|it says its last/,
  ],
  [
    'forgets a truncation when it restarts',
    (disk) => new ForgetsTruncation(disk),
    /after reopening: |no whole number of writes|does not follow entry/,
  ],
  [
    'believes a second sync after a failed one',
    (disk) => new GoesOnAfterFailedSync(disk),
    /a write whose sync failed succeeded/,
  ],
]

describe('the suite fails what is broken, for its reason', () => {
  it.each(broken)('a log that %s', async (_name, create, reason) => {
    const failures: string[] = []
    for (const { run } of logStoreSuite(diskSubject(create))) {
      await run().catch((error: Error) => failures.push(error.message))
    }
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatch(reason)
  })
})
