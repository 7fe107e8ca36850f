/** Linearizable reads: all callers of a turn share one question to the core, then wait to be applied. */

import type { ReadFailure } from '../core/io.ts'
import { type NotLeaderError, OverloadedError, type RaftError, RejectedError } from '../errors.ts'
import type { LogIndex } from '../types.ts'
import type { AppliedWaiters } from './applied-waiters.ts'
import type { ReadDone } from './options.ts'

interface Asked {
  readonly deadline: number
  readonly callers: readonly ReadDone[]
}

const NOBODY: Asked = { deadline: 0, callers: [] }

export class Reads {
  #queued: ReadDone[] = []
  readonly #asked = new Map<number, Asked>()
  readonly #waiters: AppliedWaiters
  #nextId = 1
  #askedCount = 0

  constructor(waiters: AppliedWaiters) {
    this.#waiters = waiters
  }

  get count(): number {
    return this.#queued.length + this.#askedCount + this.#waiters.count
  }

  get hasQueued(): boolean {
    return this.#queued.length > 0
  }

  add(done: ReadDone): void {
    this.#queued.push(done)
  }

  /** Everything queued, as one question; its id. */
  ask(deadline: number): number {
    const id = this.#nextId++
    this.#asked.set(id, { deadline, callers: this.#queued })
    this.#askedCount += this.#queued.length
    this.#queued = []
    return id
  }

  ready(id: number, index: LogIndex): void {
    const { deadline, callers } = this.#take(id)
    for (const done of callers) this.#waiters.add(index, deadline, done)
  }

  failed(id: number, reason: ReadFailure, noLeader: NotLeaderError): void {
    const error = errorOf(reason, noLeader)
    for (const done of this.#take(id).callers) done(error, 0)
  }

  expire(now: number): void {
    for (const [id, { deadline }] of this.#asked) {
      if (deadline > now) break
      const error = new RejectedError('timeout', 'the read was not confirmed in time')
      for (const done of this.#take(id).callers) done(error, 0)
    }
  }

  /** Answers all that were asked or are about to be. */
  fail(error: RaftError): void {
    const callers = [...this.#queued, ...[...this.#asked.values()].flatMap((a) => a.callers)]
    this.#queued = []
    this.#asked.clear()
    this.#askedCount = 0
    for (const done of callers) done(error, 0)
  }

  /** Nobody, if they were told already that it took too long. */
  #take(id: number): Asked {
    const asked = this.#asked.get(id) ?? NOBODY
    this.#asked.delete(id)
    this.#askedCount -= asked.callers.length
    return asked
  }
}

function errorOf(reason: ReadFailure, noLeader: NotLeaderError): RaftError {
  switch (reason) {
    case 'noLeader':
      return noLeader
    case 'leaderChanged':
      return new RejectedError('leaderChanged', 'the leader changed during the read; ask again')
    case 'overloaded':
      return new OverloadedError('too many reads are waiting')
    case 'timeout':
      return new RejectedError('timeout', 'the leader did not answer the read in time')
  }
}
