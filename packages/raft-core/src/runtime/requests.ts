/** What users ask of a node: refused at once where it must be, otherwise handed to the part it is for. */
import { OverloadedError, type RaftError, RejectedError } from '../errors.ts'
import type { LogIndex, MembershipChange, NodeId } from '../types.ts'
import type { Host } from './host.ts'
import type { MembershipDone, ProposeDone, ReadDone, ReadOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { withPatience } from './patience.ts'
import { Proposal } from './proposals.ts'
import type { SnapshotDone } from './snapshot-taking.ts'
import type { TransferDone } from './transfers.ts'

export class Requests<Result> {
  readonly #host: Host
  readonly #parts: Parts<Result>
  readonly #stoppedError: () => RaftError | undefined

  constructor(host: Host, parts: Parts<Result>, stoppedError: () => RaftError | undefined) {
    this.#host = host
    this.#parts = parts
    this.#stoppedError = stoppedError
  }

  propose(data: Uint8Array, timeoutMs: number | undefined, done: ProposeDone<Result>): void {
    const { clock, config } = this.#host
    const { proposals, stages } = this.#parts
    const refusal = this.#refusalOf(data)
    if (refusal !== undefined) {
      stages?.count('proposalsRefused', 1)
      this.#host.later(() => done(refusal, 0, 0, undefined))
      return
    }
    const patienceMs = timeoutMs === undefined ? config.proposeTimeoutMs : Number.POSITIVE_INFINITY
    const proposal = new Proposal(data, clock.now() + patienceMs, done)
    if (timeoutMs !== undefined) {
      proposal.timer = clock.setTimer(timeoutMs, () => proposals.timeOut(proposal))
    }
    stages?.queued()
    proposals.add(proposal)
    this.#host.schedule()
  }

  read({ consistency = 'linearizable', timeoutMs }: ReadOptions, done: ReadDone): void {
    const host = this.#host
    const stopped = this.#stoppedError()
    if (stopped !== undefined) {
      host.later(() => done(stopped, 0))
      return
    }
    if (consistency === 'stale') {
      host.later(() => done(undefined, host.appliedIndex))
      return
    }
    if (this.#isFullOfReads) {
      host.later(() => done(tooManyReads(), 0))
      return
    }
    const safe: ReadDone = (error, index) => host.call(() => done(error, index))
    const patient = withPatience(host.clock, timeoutMs, safe)
    if (typeof consistency === 'object') this.#readAt(consistency.atLeast, patient)
    else {
      this.#parts.reads.add(patient)
      host.schedule()
    }
  }

  /** `look` is called when the state is as current as asked for. */
  readThen<T>(
    options: ReadOptions,
    look: (index: LogIndex) => T,
    done: (error: Error | undefined, value: T) => void,
  ): void {
    this.read(options, (error, index) => answer(error, () => look(index), done))
  }

  /**
   * By the lease if there is one: then looks at once, and looks whether the lease still holds only
   * afterwards, for the process may have stood still in between.
   */
  readLeased<T>(
    timeoutMs: number | undefined,
    look: (index: LogIndex) => T,
    done: (error: Error | undefined, value: T) => void,
  ): void {
    const host = this.#host
    const { leases, standing, waiters } = this.#parts
    const askMajority = () =>
      this.readThen(timeoutMs === undefined ? {} : { timeoutMs }, look, done)
    const holds = () => standing.isReady && leases.holds(host.clock.now())
    if (this.#stoppedError() !== undefined || !holds()) {
      askMajority()
      return
    }
    const { commitIndex } = host.core.status()
    const term = standing.ledTerm
    const lookNow = (error: RaftError | undefined) =>
      answer(
        error,
        () => look(host.appliedIndex),
        (failure, value) => {
          // The lease of another term says nothing of what was committed in between.
          if (failure !== undefined || (standing.ledTerm === term && holds())) done(failure, value)
          else askMajority()
        },
      )
    if (commitIndex <= host.appliedIndex) {
      host.later(() => lookNow(undefined))
      return
    }
    if (this.#isFullOfReads) {
      host.later(() => lookNow(tooManyReads()))
      return
    }
    const deadline = host.clock.now() + host.config.proposeTimeoutMs
    const safe: ReadDone = (error) => host.call(() => lookNow(error))
    waiters.add(commitIndex, deadline, withPatience(host.clock, timeoutMs, safe))
  }

  /** However long it takes. */
  waitApplied(index: LogIndex, done: ReadDone): void {
    const host = this.#host
    const stopped = this.#stoppedError()
    if (stopped !== undefined) host.later(() => done(stopped, 0))
    else if (index <= host.appliedIndex) host.later(() => done(undefined, host.appliedIndex))
    else {
      this.#parts.waiters.add(index, Number.POSITIVE_INFINITY, (error, applied) =>
        host.call(() => done(error, applied)),
      )
    }
  }

  transfer(to: NodeId | undefined, done: TransferDone): void {
    const stopped = this.#stoppedError()
    if (stopped !== undefined) {
      this.#host.later(() => done(stopped, ''))
      return
    }
    this.#parts.transfers.ask(to, done)
    this.#host.schedule()
  }

  abortTransfer(): void {
    // Otherwise before the commands of the same turn: they are taken again.
    if (this.#parts.transfers.abortAsked()) return
    this.#host.enqueue({ type: 'abortTransfer' })
  }

  changeMembership(
    change: MembershipChange,
    ifConfig: LogIndex | undefined,
    timeoutMs: number | undefined,
    done: MembershipDone,
  ): void {
    const { clock, config } = this.#host
    const stopped = this.#stoppedError()
    if (stopped !== undefined) {
      this.#host.later(() => done(stopped, undefined))
      return
    }
    const deadline = clock.now() + (timeoutMs ?? config.proposeTimeoutMs)
    const safe: MembershipDone = (error, membership) =>
      this.#host.call(() => done(error, membership))
    this.#parts.changes.ask(change, ifConfig, deadline, safe)
    this.#host.schedule()
  }

  takeSnapshot(done: SnapshotDone): void {
    const stopped = this.#stoppedError()
    const { taking } = this.#parts
    if (stopped !== undefined) this.#host.later(() => done(stopped, undefined))
    else if (taking !== undefined) taking.ask(done)
    else {
      const message = 'the node was opened without the option snapshots'
      this.#host.later(() => done(new RejectedError('noSnapshots', message), undefined))
    }
  }

  get #isFullOfReads(): boolean {
    return this.#parts.reads.count >= this.#host.config.maxPendingReads
  }

  #readAt(index: LogIndex, done: ReadDone): void {
    const host = this.#host
    if (index <= host.appliedIndex) {
      host.later(() => done(undefined, host.appliedIndex))
      return
    }
    this.#parts.waiters.add(index, host.clock.now() + host.config.proposeTimeoutMs, done)
  }

  #refusalOf(data: Uint8Array): RaftError | undefined {
    const stopped = this.#stoppedError()
    if (stopped !== undefined) return stopped
    const { maxEntryBytes, maxPendingProposals, maxPendingBytes } = this.#host.config
    const { proposals } = this.#parts
    if (data.length > maxEntryBytes) {
      const message = `the command has ${data.length} bytes, at most ${maxEntryBytes} are allowed`
      return new RejectedError('tooLarge', message)
    }
    if (proposals.count >= maxPendingProposals) {
      return new OverloadedError('too many commands are waiting')
    }
    if (proposals.bytes > 0 && proposals.bytes + data.length > maxPendingBytes) {
      return new OverloadedError('too many bytes of commands are waiting')
    }
    return undefined
  }
}

function tooManyReads(): OverloadedError {
  return new OverloadedError('too many reads are waiting')
}

/** What a caller's code throws is the caller's answer. */
function answer<T>(
  error: Error | undefined,
  look: () => T,
  done: (error: Error | undefined, value: T) => void,
): void {
  let value: T
  let failure = error
  try {
    value = failure === undefined ? look() : (undefined as never)
  } catch (thrown) {
    failure = thrown instanceof Error ? thrown : new Error(String(thrown))
    value = undefined as never
  }
  done(failure, value)
}
