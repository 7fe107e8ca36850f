import { describe, expect, it } from 'vitest'
import { line, NaiveLog } from '../../test/naive-log.ts'
import type { Disk, DiskFile, Done, LogFounding, LogStore } from '../ports.ts'
import type { LogBase, LogWrite } from '../types.ts'
import { diskSubject, logStoreSuite } from './log-store-suite.ts'
import { MemoryLog } from './memory-log.ts'

describe('the suite passes what is correct', () => {
  for (const { name, run } of logStoreSuite(diskSubject((...where) => new NaiveLog(...where)))) {
    it(`a naive log: ${name}`, run)
  }
  const subject = () => {
    let log: MemoryLog | undefined
    return { create: (founding: LogFounding) => (log ??= new MemoryLog(founding)) }
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
    if (write.base !== undefined) this.rebase(write.base)
    if (write.truncateFrom !== undefined) {
      this.entries.splice(write.truncateFrom - 1 - this.base, 1)
    }
    this.entries.push(...write.entries)
  }
}

class ForgetsTruncation extends NaiveLog {
  protected override replayed(write: LogWrite): void {
    super.replayed(write)
    if (write.truncateFrom !== undefined && write.entries.length === 0) {
      this.state.append({ index: this.state.lastIndex + 1, term: this.state.lastTerm }, undefined)
      this.entries.push({
        index: this.entries.length + 1,
        term: this.state.lastTerm,
        kind: 'noop',
        data: new Uint8Array(0),
      })
    }
  }
}

class LeavesHoleBehindBase extends NaiveLog {
  protected override rebase(base: LogBase): void {
    super.rebase(base)
    if (!base.reset) this.entries.shift()
  }
}

/** The base is kept in memory, as if a side file had it that was never written. */
class ForgetsBase extends NaiveLog {
  protected override lineOf(write: LogWrite): Uint8Array {
    return line(write.base?.reset === false ? { ...write, base: undefined } : write)
  }
}

class AcknowledgesBaseBeforeSync extends NaiveLog {
  #hasBase = false

  protected override lineOf(write: LogWrite): Uint8Array {
    this.#hasBase = write.base !== undefined
    return line(write)
  }

  protected override sync(file: DiskFile, done: Done): void {
    if (this.#hasBase) done(undefined)
    else file.sync(done)
  }
}

class KeepsEntriesAtReset extends NaiveLog {
  protected override rebase({ mark, reset }: LogBase): void {
    if (!reset) super.rebase({ mark, reset })
    else this.base = mark.index
  }
}

class WritesBaseApart extends NaiveLog {
  protected override lineOf(write: LogWrite): Uint8Array {
    if (write.base === undefined || write.entries.length === 0) return line(write)
    const [first, second] = [
      { ...write, entries: [] },
      { ...write, base: undefined },
    ]
    return Uint8Array.from([...line(first), ...line(second)])
  }
}

class ForgetsPeers extends NaiveLog {
  protected override lineOf(write: LogWrite): Uint8Array {
    return line({ ...write, peers: [] })
  }
}

class ForgetsGenesis extends NaiveLog {
  protected override lineOf(write: LogWrite): Uint8Array {
    return line({ ...write, genesis: undefined })
  }
}

class GoesOnAfterFailedSync extends NaiveLog {
  protected override sync(file: DiskFile, done: Done): void {
    file.sync((error) => (error === undefined ? done(undefined) : file.sync(done)))
  }
}

type Create = (disk: Disk, founding: LogFounding) => LogStore

const broken: readonly [string, Create, RegExp][] = [
  [
    'acknowledges before the sync',
    (...where) => new AcknowledgesBeforeSync(...where),
    /was acknowledged and is lost|a write whose sync failed succeeded/,
  ],
  [
    'writes hard state and entries apart',
    (...where) => new WritesHardStateApart(...where),
    /what no whole number of writes leaves/,
  ],
  [
    'does not sync the directory',
    (...where) => new LosesItsName(...where),
    /was acknowledged and is lost/,
  ],
  [
    'leaves a hole when it truncates',
    (...where) => new LeavesHole(...where),
    /did not give it|it says its last/,
  ],
  [
    'forgets a truncation when it restarts',
    (...where) => new ForgetsTruncation(...where),
    /after reopening: |no whole number of writes|does not follow entry/,
  ],
  [
    'leaves a hole behind its base when it is compacted',
    (...where) => new LeavesHoleBehindBase(...where),
    /did not give it|did not give what is behind the base|it says its last/,
  ],
  [
    'keeps its new base in memory only',
    (...where) => new ForgetsBase(...where),
    /after reopening: |no whole number of writes|was acknowledged and is lost/,
  ],
  [
    'acknowledges a base before the sync',
    (...where) => new AcknowledgesBaseBeforeSync(...where),
    /was acknowledged and is lost/,
  ],
  [
    'keeps entries that a snapshot takes the place of',
    (...where) => new KeepsEntriesAtReset(...where),
    /did not give it|it says its last|before closing: |after reopening: /,
  ],
  [
    'writes a base and what belongs to it apart',
    (...where) => new WritesBaseApart(...where),
    /no whole number of writes/,
  ],
  [
    'forgets the lives of its peers',
    (...where) => new ForgetsPeers(...where),
    /after reopening: |no whole number of writes|was acknowledged and is lost|, continued: /,
  ],
  [
    'forgets the genesis it learned',
    (...where) => new ForgetsGenesis(...where),
    /after reopening: |no whole number of writes|was acknowledged and is lost|, continued: /,
  ],
  [
    'believes a second sync after a failed one',
    (...where) => new GoesOnAfterFailedSync(...where),
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
