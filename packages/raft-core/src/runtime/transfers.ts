/** Handing leadership over: who asked, and what came of it. */
import type { CoreEvent, Input, TransferResult } from '../core/io.ts'
import { type NotLeaderError, type RaftError, RejectedError } from '../errors.ts'
import type { NodeId } from '../types.ts'

export type TransferDone = (error: RaftError | undefined, leader: NodeId) => void

export class Transfers {
  readonly #waiting = new Map<number, TransferDone>()
  #asked: Input[] = []
  #nextId = 1

  ask(to: NodeId | undefined, done: TransferDone): void {
    const id = this.#nextId++
    this.#waiting.set(id, done)
    this.#asked.push({ type: 'transferLeadership', id, to })
  }

  /** Whether there is one that the core has not been told of: then the abort follows it. */
  abortAsked(): boolean {
    if (this.#asked.length === 0) return false
    this.#asked.push({ type: 'abortTransfer' })
    return true
  }

  /** What the core has not been told yet. */
  take(): readonly Input[] {
    const asked = this.#asked
    if (asked.length > 0) this.#asked = []
    return asked
  }

  ended(event: Extract<CoreEvent, { type: 'transferEnded' }>, noLeader: NotLeaderError): void {
    const done = this.#waiting.get(event.id)
    this.#waiting.delete(event.id)
    if (done === undefined) return
    if (event.result === 'transferred') done(undefined, event.leader ?? '')
    else if (event.result === 'notLeader') done(noLeader, '')
    else done(rejected(event.result), '')
  }

  fail(error: RaftError): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const done of waiting) done(error, '')
  }
}

function rejected(result: Exclude<TransferResult, 'transferred' | 'notLeader'>): RejectedError {
  switch (result) {
    case 'badTarget':
      return new RejectedError(result, 'no voter of that name could take over')
    case 'busy':
      return new RejectedError(result, 'a transfer is under way')
    case 'timeout':
      return new RejectedError(result, 'it did not take over in time')
    case 'refused':
      return new RejectedError(result, 'it said that it will not campaign')
    case 'aborted':
      return new RejectedError(result, 'the transfer was given up')
    case 'lost':
      return new RejectedError('leaderChanged', 'leadership went elsewhere')
  }
}
