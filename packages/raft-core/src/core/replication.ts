/**
 * What a leader sends and what it makes of the answers (Raft §5.3). Inputs only note what is due;
 * messages are made once, at the end of the turn, so that many inputs share them.
 */
import type { AppendEntriesReply, Entry, HeartbeatReply, LogIndex } from '../types.ts'
import { advanceCommit } from './commit.ts'
import { entrySize } from './entry-tail.ts'
import { broken } from './invariant.ts'
import type { Progress } from './progress.ts'
import { finishReadRounds } from './read-index.ts'
import { broadcastAppend } from './roles.ts'
import { offerSnapshot, repeatOffer } from './snapshots.ts'
import type { CoreState } from './state.ts'

const NOTHING: readonly Entry[] = []

export function handleAppendEntriesReply(s: CoreState, message: AppendEntriesReply): void {
  const progress = s.role === 'leader' ? s.progress.get(message.from) : undefined
  if (progress === undefined) return
  hear(s, progress, message.readSequence)
  const { matchIndex } = message
  if (!message.success) {
    // Both sides skip a term at a time: here, the terms of ours that the follower can not have.
    const { hintIndex, hintTerm } = message
    const agree = hintTerm > 0 ? s.log.lastAtOrBelow(hintIndex, hintTerm) : hintIndex
    if (progress.refused(matchIndex, agree)) progress.appendDue = true
    return
  }
  if (matchIndex > s.log.lastIndex) broken(`${message.from} has what was never sent`)
  const before = progress.state
  if (progress.acknowledged(matchIndex, s.log.firstIndex) || progress.state !== before) {
    if (advanceCommit(s)) broadcastAppend(s)
    else if (progress.canBumpCommit(s.commitIndex)) progress.appendDue = true
    progress.entriesDue = true
  }
}

export function handleHeartbeatReply(s: CoreState, message: HeartbeatReply): void {
  const progress = s.role === 'leader' ? s.progress.get(message.from) : undefined
  if (progress === undefined) return
  hear(s, progress, message.readSequence)
  progress.resume()
  // Also with a full window, or to one that is probed although it has everything: an empty append's
  // answer gets it out of there.
  if (progress.match < s.log.lastIndex || progress.state === 'probe') progress.appendDue = true
}

/** Messages to it were lost. */
export function handleUnreachable(s: CoreState, peer: string): void {
  const progress = s.progress.get(peer)
  if (progress?.state === 'replicate') progress.becomeProbe()
}

export function tickHeartbeat(s: CoreState): void {
  if (s.now - s.lastHeartbeat < s.config.heartbeatTicks) return
  s.lastHeartbeat = s.now
  for (const progress of s.progress.values()) {
    progress.heartbeatDue = true
    if (progress.state === 'snapshot') repeatOffer(s, progress)
  }
}

/** Once a turn: sends every follower what it is due, as far as its window allows. */
export function replicate(s: CoreState): void {
  for (const progress of s.progress.values()) {
    if (s.isApart(progress.id)) continue
    if (progress.appendDue) sendAppend(s, progress, true)
    if (progress.appendDue || progress.entriesDue) {
      while (sendAppend(s, progress, false));
    }
    progress.appendDue = false
    progress.entriesDue = false
    // Also beside an append: that may be answered only when a slow disk is done.
    if (progress.heartbeatDue || progress.readSent < s.readSequence) sendHeartbeat(s, progress)
    progress.heartbeatDue = false
  }
}

/** Entries of the log were read for this follower. */
export function sendReadEntries(s: CoreState, progress: Progress, entries: readonly Entry[]): void {
  progress.readId = undefined
  progress.entriesDue = true
  if (entries[0]?.index !== progress.next || progress.isPaused || !progress.takesEntries) return
  send(s, progress, entries)
}

function hear(s: CoreState, progress: Progress, readSequence: number): void {
  progress.lastHeard = s.now
  if (readSequence <= progress.readAcknowledged) return
  if (readSequence > s.readSequence) broken('a read round was answered that never began')
  progress.readAcknowledged = readSequence
  finishReadRounds(s)
}

/** Sends one append, with entries if there are any and it takes them. Returns whether it did. */
function sendAppend(s: CoreState, progress: Progress, evenIfEmpty: boolean): boolean {
  if (progress.isPaused || progress.readId !== undefined) return false
  const { log } = s
  // Without the entry before there is nothing an append could say: it needs a snapshot.
  if (progress.next < log.firstIndex) return offerSnapshot(s, progress)
  if (!progress.takesEntries || progress.next > log.lastIndex) {
    if (evenIfEmpty) send(s, progress, NOTHING)
    return evenIfEmpty
  }
  if (progress.next < log.firstInMemory) {
    progress.readId = requestEntries(s, progress)
    return false
  }
  send(s, progress, log.entries(progress.next, log.lastIndex, s.config.maxAppendBytes))
  return true
}

function requestEntries(s: CoreState, progress: Progress): number {
  const readId = s.nextLogReadId++
  const from = progress.next
  const to = s.log.firstInMemory - 1
  s.pendingLogReads.set(readId, { peer: progress.id, from, to })
  s.logReads.push({ readId, from, to, maxBytes: s.config.maxAppendBytes })
  return readId
}

function send(s: CoreState, progress: Progress, entries: readonly Entry[]): void {
  const prevLogIndex: LogIndex = progress.next - 1
  const prevLogTerm = s.log.termAt(prevLogIndex) ?? broken(`no term for entry ${prevLogIndex}`)
  s.send({
    type: 'appendEntries',
    from: s.config.id,
    to: progress.id,
    term: s.term,
    prevLogIndex,
    prevLogTerm,
    entries,
    leaderCommit: s.commitIndex,
    readSequence: s.readSequence,
    genesis: prevLogIndex === 0 ? s.genesis : undefined,
  })
  let bytes = 0
  for (const entry of entries) bytes += entrySize(entry)
  progress.readSent = s.readSequence
  progress.sentCommit = s.commitIndex
  progress.sentEntries(entries.length, prevLogIndex + entries.length, bytes)
}

function sendHeartbeat(s: CoreState, progress: Progress): void {
  const leaderCommit = Math.min(progress.match, s.commitIndex)
  s.send({
    type: 'heartbeat',
    from: s.config.id,
    to: progress.id,
    term: s.term,
    leaderCommit,
    readSequence: s.readSequence,
  })
  progress.readSent = s.readSequence
  progress.sentCommit = leaderCommit
}
