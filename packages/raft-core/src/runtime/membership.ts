/**
 * Changes of the membership that wait for an answer: from the call until the change, and the leaving
 * of the joint configuration it went through, is applied on this node.
 */
import { invariant } from '../core/invariant.ts'
import type { CoreEvent, Input, MembershipRefusal } from '../core/io.ts'
import {
  type NotLeaderError,
  OutcomeUnknownError,
  type RaftError,
  RejectedError,
  type UnknownReason,
} from '../errors.ts'
import type {
  Entry,
  LogIndex,
  MemberChange,
  Membership,
  MembershipChange,
  NodeId,
  Term,
} from '../types.ts'
import type { MembershipDone, MembershipRequest } from './options.ts'

interface Waiting {
  readonly staysJoint: boolean
  /** Milliseconds of the clock. */
  deadline: number
  readonly done: MembershipDone
  /** 0 until it is in the log. */
  index: LogIndex
  term: Term
  isApplied: boolean
}

export class MembershipChanges {
  readonly #waiting = new Map<number, Waiting>()
  #asked: Input[] = []
  #nextId = 1

  ask(
    change: MembershipChange,
    ifConfig: LogIndex | undefined,
    deadline: number,
    done: MembershipDone,
  ): void {
    const id = this.#nextId++
    const staysJoint = change.transition === 'jointExplicit' && change.changes.length > 0
    this.#waiting.set(id, { staysJoint, deadline, done, index: 0, term: 0, isApplied: false })
    this.#asked.push({ type: 'changeMembership', id, change, ifConfig })
  }

  /** What the core has not been told yet. */
  take(): readonly Input[] {
    const asked = this.#asked
    if (asked.length > 0) this.#asked = []
    return asked
  }

  proposed(
    event: Extract<CoreEvent, { type: 'membershipProposed' }>,
    noLeader: NotLeaderError,
  ): void {
    const waiting = this.#waiting.get(event.id)
    invariant(waiting !== undefined, 'the core answers a change that was asked for, once')
    waiting.index = event.index
    waiting.term = event.term
    if (event.refusal === undefined) return
    this.#waiting.delete(event.id)
    waiting.done(event.refusal === 'notLeader' ? noLeader : refused(event.refusal), undefined)
  }

  /** The committed log says what became of the entries. Before `changed`. */
  applied(entries: readonly Entry[]): void {
    if (this.#waiting.size === 0) return
    const first = (entries[0] as Entry).index
    const last = first + entries.length - 1
    for (const [id, waiting] of this.#waiting) {
      if (waiting.index < first || waiting.index > last || waiting.isApplied) continue
      if (entries[waiting.index - first]?.term === waiting.term) {
        waiting.isApplied = true
        continue
      }
      this.#waiting.delete(id)
      const message = `another leader's entry is committed at ${waiting.index}`
      waiting.done(new RejectedError('superseded', message), undefined)
    }
  }

  /** This membership is in force here since the `config` entry at `configIndex`. */
  changed(membership: Membership, configIndex: LogIndex): void {
    const isJoint = membership.votersOutgoing.length > 0
    for (const [id, waiting] of this.#waiting) {
      if (!waiting.isApplied || waiting.index > configIndex) continue
      if (isJoint && !waiting.staysJoint) continue
      this.#waiting.delete(id)
      waiting.done(undefined, membership)
    }
  }

  /** A snapshot took the place of everything up to `index`: what became of an entry is not known. */
  skipTo(index: LogIndex): void {
    this.#abandon((waiting) => waiting.index > 0 && waiting.index <= index, 'leadershipLost')
  }

  /** Leadership is lost: wait for the log to say, but not longer than until `deadline`. */
  settle(deadline: number): void {
    for (const waiting of this.#waiting.values()) {
      waiting.deadline = Math.min(waiting.deadline, deadline)
    }
  }

  expire(now: number): void {
    // What is not in the log yet is answered in this very turn: it has been put before the core.
    this.#abandon(({ deadline, index }) => deadline <= now && index > 0, 'timeout')
  }

  fail(error: RaftError, reason: UnknownReason): void {
    for (const [id, { index, done }] of this.#waiting) {
      if (index > 0) continue
      this.#waiting.delete(id)
      done(error, undefined)
    }
    this.#abandon(() => true, reason, error)
  }

  #abandon(which: (waiting: Waiting) => boolean, reason: UnknownReason, cause?: Error): void {
    for (const [id, waiting] of this.#waiting) {
      if (!which(waiting)) continue
      this.#waiting.delete(id)
      const { index, term, done } = waiting
      done(new OutcomeUnknownError(reason, index, term, cause), undefined)
    }
  }
}

/** A request in the words of the core. */
export function membershipChange(request: MembershipRequest): MembershipChange {
  const named = (type: MemberChange['type'], ids: readonly NodeId[] = [], promote = false) =>
    ids.map((id): MemberChange => (promote ? { type, id, promote } : { type, id }))
  const changes = [
    ...named('addVoter', request.add),
    ...named('addLearner', request.addLearners),
    ...named('addLearner', request.promote, true),
    ...named('remove', request.remove),
    ...(request.changes ?? []),
  ]
  return {
    changes,
    transition: request.transition ?? 'auto',
    context: request.context ?? new Uint8Array(0),
  }
}

const REFUSALS: Record<Exclude<MembershipRefusal, 'notLeader'>, string> = {
  transferring: 'leadership is being handed over',
  pending: 'another change is in the log and not yet applied; try again when it is',
  notReady: 'this leader has not committed an entry of its own term yet; try again in a moment',
  joint: 'two configurations are joint; leave them first, by a change without steps',
  notJoint: 'there is no joint configuration to leave',
  configChanged: 'the membership is not the one that ifConfig names any more',
  noVoters: 'the change would leave no voter',
  badChange: 'the change names a node twice, has no valid name, or changes nothing',
  tooManyVoters: 'the change needs a joint configuration, and a single step was wanted',
}

function refused(refusal: Exclude<MembershipRefusal, 'notLeader'>): RejectedError {
  return new RejectedError(refusal, REFUSALS[refusal])
}
