/**
 * The proposals that wait for an answer, from the call to the applied result.
 *
 * Each is in one of three places: queued (the core has not seen it), in the log of this node as
 * leader (answered when the entry is applied), or settling: leadership went to a newer term, and
 * what became of the entry is decided by the committed log. If the entry at its index is its own, it
 * succeeded after all; if it is another's, it is certainly not applied; if the log does not say in
 * time, the outcome is unknown.
 */
import {
  OutcomeUnknownError,
  type RaftError,
  RejectedError,
  type UnknownReason,
} from '../errors.ts'
import type { Timer } from '../ports.ts'
import type { Entry, LogIndex, Term } from '../types.ts'
import type { ProposeDone } from './options.ts'

/** One command and who waits for it. A class, so that all of them have one shape. */
export class Proposal<Result> {
  readonly data: Uint8Array
  /** Milliseconds of the clock; never, for a caller with a patience of its own. */
  readonly deadline: number
  readonly done: ProposeDone<Result>
  /** 0 until it is in the log. */
  index: LogIndex = 0
  term: Term = 0
  /** The term of the leader that it was passed on to; 0 as long as it was not. */
  forwardTerm: Term = 0
  answered = false
  /** Of a caller with a patience of its own. */
  timer: Timer | undefined = undefined

  constructor(data: Uint8Array, deadline: number, done: ProposeDone<Result>) {
    this.data = data
    this.deadline = deadline
    this.done = done
  }
}

export class Proposals<Result> {
  #queued: Proposal<Result>[] = []
  /** In the order of the log; those before `#head` are answered. */
  #appended: Proposal<Result>[] = []
  #head = 0
  readonly #settling = new Map<LogIndex, Proposal<Result>[]>()
  #settleDeadline = 0
  #count = 0
  #bytes = 0
  readonly #onThrow: (error: unknown) => void

  /** `onThrow` gets what a caller's code throws. */
  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow
  }

  /** Waiting for an answer. */
  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  get hasQueued(): boolean {
    return this.#queued.length > 0
  }

  add(proposal: Proposal<Result>): void {
    this.#queued.push(proposal)
    this.#count++
    this.#bytes += proposal.data.length
  }

  takeQueued(): Proposal<Result>[] {
    const queued = this.#queued
    this.#queued = []
    for (const proposal of queued) {
      if (proposal.answered) return queued.filter(({ answered }) => !answered)
    }
    return queued
  }

  /** Certainly in no log: they may be offered again, before those that came later. */
  requeue(proposals: readonly Proposal<Result>[]): void {
    if (proposals.length === 0) return
    for (const proposal of proposals) proposal.forwardTerm = 0
    this.#queued = [...proposals, ...this.#queued]
  }

  appended(proposal: Proposal<Result>, index: LogIndex, term: Term): void {
    proposal.index = index
    proposal.term = term
    this.#appended.push(proposal)
  }

  /** The state machine's result for a committed entry of the log. */
  applied(entry: Entry, result: Result): void {
    const appended = this.#appended
    while (this.#head < appended.length) {
      const proposal = appended[this.#head] as Proposal<Result>
      if (proposal.index > entry.index) break
      this.#head++
      this.decide(proposal, entry, result)
    }
    if (this.#head > 1024 && this.#head * 2 > appended.length) {
      this.#appended = appended.slice(this.#head)
      this.#head = 0
    }
    if (this.#settling.size === 0) return
    const settling = this.#settling.get(entry.index)
    if (settling === undefined) return
    this.#settling.delete(entry.index)
    for (const proposal of settling) this.decide(proposal, entry, result)
  }

  /** Leadership is lost to a newer term: wait for the log to say, until `deadline`. */
  settle(deadline: number): void {
    const appended = this.#takeAppended()
    // The first of them decides: those of an earlier leadership have waited long enough.
    if (appended.length > 0 && this.#settling.size === 0) this.#settleDeadline = deadline
    for (const proposal of appended) {
      const others = this.#settling.get(proposal.index)
      if (others === undefined) this.#settling.set(proposal.index, [proposal])
      else others.push(proposal)
    }
  }

  /** Nobody will say soon what becomes of what is in the log. */
  abandon(reason: UnknownReason, cause?: Error): void {
    for (const proposal of this.#takeAppended()) this.unknown(proposal, reason, cause)
    this.#abandonSettling(reason, cause)
  }

  refuse(proposal: Proposal<Result>, error: RaftError): void {
    this.#answer(proposal, error, undefined)
  }

  unknown(proposal: Proposal<Result>, reason: UnknownReason, cause?: Error): void {
    const { index, term, forwardTerm } = proposal
    const at = index > 0 ? term : forwardTerm
    this.#answer(proposal, new OutcomeUnknownError(reason, index, at, cause), undefined)
  }

  /** The committed entry where the proposal was put, which is its own or another's. */
  decide(proposal: Proposal<Result>, entry: Entry, result: Result): void {
    if (proposal.index === entry.index && proposal.term === entry.term) {
      this.#answer(proposal, undefined, result)
    } else if (proposal.index !== entry.index) {
      this.unknown(proposal, 'leadershipLost')
    } else {
      this.refuse(
        proposal,
        new RejectedError('superseded', `another leader's entry is committed at ${entry.index}`),
      )
    }
  }

  /** A snapshot took the place of everything up to `index`: results of it are not known here. */
  skipTo(index: LogIndex): void {
    for (const proposal of this.#appended) {
      if (proposal.index <= index) this.unknown(proposal, 'leadershipLost')
    }
    for (const [at, settling] of this.#settling) {
      if (at > index) continue
      this.#settling.delete(at)
      for (const proposal of settling) this.unknown(proposal, 'leadershipLost')
    }
  }

  refuseQueued(error: RaftError): void {
    for (const proposal of this.takeQueued()) this.refuse(proposal, error)
  }

  /**
   * Answers what has waited too long. All that have no patience of their own have the same, so the
   * oldest is the first.
   */
  expire(now: number): void {
    if (this.#settling.size > 0 && now >= this.#settleDeadline) {
      this.#abandonSettling('leadershipLost', undefined)
    }
    let isFirst = true
    for (let at = this.#head; at < this.#appended.length; at++) {
      const proposal = this.#appended[at] as Proposal<Result>
      if (!proposal.answered && proposal.deadline > now) {
        if (proposal.timer === undefined) break
        isFirst = false
        continue
      }
      this.timeOut(proposal)
      if (isFirst) this.#head = at + 1
    }
  }

  timeOut(proposal: Proposal<Result>): void {
    if (proposal.answered) return
    if (proposal.index > 0 || proposal.forwardTerm > 0) this.unknown(proposal, 'timeout')
    else this.refuse(proposal, new RejectedError('timeout', 'the command did not reach the log'))
  }

  #takeAppended(): Proposal<Result>[] {
    const appended = this.#appended.slice(this.#head).filter((proposal) => !proposal.answered)
    this.#appended = []
    this.#head = 0
    return appended
  }

  #abandonSettling(reason: UnknownReason, cause: Error | undefined): void {
    const settling = [...this.#settling.values()].flat()
    this.#settling.clear()
    for (const proposal of settling) this.unknown(proposal, reason, cause)
  }

  #answer(
    proposal: Proposal<Result>,
    error: RaftError | undefined,
    result: Result | undefined,
  ): void {
    if (proposal.answered) return
    proposal.answered = true
    proposal.timer?.cancel()
    this.#count--
    this.#bytes -= proposal.data.length
    try {
      if (error === undefined) proposal.done(undefined, proposal.index, proposal.term, result)
      else proposal.done(error, 0, 0, undefined)
    } catch (thrown) {
      this.#onThrow(thrown)
    }
  }
}
