/**
 * Linearizable reads without a log entry (ReadIndex, dissertation §6.4).
 *
 * The leader notes its commit index, then makes sure that it still led after that: it numbers a
 * round, puts the number into its next messages and waits until a majority has answered it. The
 * numbers are the leader's own; a number chosen by the caller and repeated is how others answered
 * stale. Before an entry of its own term is committed a leader does not know the commit index, and
 * the reads wait. A follower sends one request for all readers of a turn.
 */
import type { NodeId, ReadIndexReply, ReadIndexRequest } from '../types.ts'
import { decidedIndex } from './decisions.ts'
import { invariant } from './invariant.ts'
import type { ReadFailure } from './io.ts'
import type { CoreState, ForwardedReads, PendingRead } from './state.ts'

/** A reader of this node asks. */
export function startRead(s: CoreState, id: number): void {
  if (s.leader === undefined) s.emit({ type: 'readFailed', id, reason: 'noLeader' })
  else enqueue(s, { id, origin: undefined })
}

/** A follower asks on behalf of its readers. */
export function handleReadIndexRequest(s: CoreState, message: ReadIndexRequest): void {
  if (s.role !== 'leader') refuse(s, message.from, message.readId)
  else enqueue(s, { id: message.readId, origin: message.from })
}

export function handleReadIndexReply(s: CoreState, message: ReadIndexReply): void {
  const at = s.forwardedReads.findIndex(({ readId }) => readId === message.readId)
  const found = s.forwardedReads[at]
  if (found === undefined) return
  s.forwardedReads.splice(at, 1)
  for (const id of found.ids) {
    if (message.readIndex > 0) s.emit({ type: 'readReady', id, index: message.readIndex })
    else s.emit({ type: 'readFailed', id, reason: 'leaderChanged' })
  }
}

/**
 * Once a turn, before messages are made: gives the waiting reads a round, or sends them to the
 * leader. Every message to a follower made from now on carries the round's number.
 */
export function startReadRound(s: CoreState): void {
  if (s.newReads.length === 0 && !s.roundWanted) return
  if (s.role === 'leader') {
    if (s.commitIndex < s.termStart) return
    const reads = s.newReads
    s.newReads = []
    s.roundWanted = false
    s.readSequence++
    if (s.config.leaseReads) s.emit({ type: 'roundStarted', sequence: s.readSequence })
    if (reads.length > 0) {
      s.readRounds.push({ sequence: s.readSequence, index: s.commitIndex, reads })
    }
    finishReadRounds(s)
    return
  }
  s.roundWanted = false
  if (s.newReads.length === 0) return
  const leader = s.leader
  const ids = s.newReads.map(({ id }) => id)
  s.newReads = []
  invariant(leader !== undefined, 'reads fail as soon as there is no leader')
  const readId = s.nextReadId++
  s.forwardedReads.push({ readId, ids, since: s.now })
  s.send({ type: 'readIndexRequest', from: s.config.id, to: leader, term: s.term, readId })
}

/** Answers the rounds that a majority has confirmed. */
export function finishReadRounds(s: CoreState): void {
  if (s.roundConfirmed === s.readSequence) return
  const reached = decidedIndex(s, (id) => {
    if (id === s.config.id) return s.readSequence
    return s.isApart(id) ? 0 : s.progress.get(id)?.readAcknowledged
  })
  const confirmed = Math.min(reached, s.readSequence)
  if (confirmed <= s.roundConfirmed) return
  s.roundConfirmed = confirmed
  if (s.config.leaseReads) s.emit({ type: 'roundConfirmed', sequence: confirmed })
  let done = 0
  for (const { sequence, index, reads } of s.readRounds) {
    if (sequence > confirmed) break
    done++
    for (const { id, origin } of reads) {
      if (origin === undefined) s.emit({ type: 'readReady', id, index })
      else {
        s.send({
          type: 'readIndexReply',
          from: s.config.id,
          to: origin,
          term: s.term,
          readId: id,
          readIndex: index,
        })
      }
    }
  }
  s.readRounds.splice(0, done)
}

/** A round for its own sake: it shows that this node leads now. */
export function confirmLeadership(s: CoreState): void {
  if (s.role === 'leader') s.roundWanted = true
}

/** Requests and answers get lost: a forwarded read that has waited for an election timeout fails. */
export function tickReads(s: CoreState): void {
  const since = s.now - s.config.electionMinTicks
  while (s.forwardedReads.length > 0) {
    const oldest = s.forwardedReads[0] as ForwardedReads
    if (oldest.since > since) return
    s.forwardedReads.shift()
    fail(s, oldest.ids, 'timeout')
  }
}

/** Whoever was asked can not answer any more. Nobody is left waiting. */
export function failAllReads(s: CoreState, reason: ReadFailure): void {
  const waiting = [...s.readRounds.flatMap(({ reads }) => reads), ...s.newReads]
  s.readRounds.length = 0
  s.newReads = []
  for (const { id, origin } of waiting) {
    if (origin === undefined) s.emit({ type: 'readFailed', id, reason })
    else refuse(s, origin, id)
  }
  const forwarded = s.forwardedReads
  s.forwardedReads = []
  for (const { ids } of forwarded) fail(s, ids, reason)
}

function enqueue(s: CoreState, read: PendingRead): void {
  let waiting = s.newReads.length
  for (const { ids } of s.forwardedReads) waiting += ids.length
  for (const { reads } of s.readRounds) waiting += reads.length
  if (waiting < s.config.maxPendingReads) s.newReads.push(read)
  else if (read.origin !== undefined) refuse(s, read.origin, read.id)
  else s.emit({ type: 'readFailed', id: read.id, reason: 'overloaded' })
}

function fail(s: CoreState, ids: readonly number[], reason: ReadFailure): void {
  for (const id of ids) s.emit({ type: 'readFailed', id, reason })
}

function refuse(s: CoreState, to: NodeId, readId: number): void {
  s.send({
    type: 'readIndexReply',
    from: s.config.id,
    to,
    term: s.term,
    readId,
    readIndex: 0,
  })
}
