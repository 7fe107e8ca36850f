/** What a leader sends and what it makes of the answers (Raft §5.3). */
import { makeEntry } from '../codec/entry.ts'
import type { AppendEntriesReply, Entry, LogIndex } from '../types.ts'
import { advanceCommit } from './commit.ts'
import { entrySize } from './entry-tail.ts'
import { broken } from './invariant.ts'
import type { ProposalRefusal } from './io.ts'
import type { Progress } from './progress.ts'
import { finishReadRounds } from './read-index.ts'
import type { CoreState } from './state.ts'

const NOTHING: readonly Entry[] = []

/** Appends commands, as many as the limits allow, and says which ones. */
export function propose(s: CoreState, id: number, commands: readonly Uint8Array[]): void {
  const firstIndex = s.log.lastIndex + 1
  let refusal: ProposalRefusal | undefined
  if (s.role !== 'leader') refusal = 'notLeader'
  else if (s.transfer !== undefined) refusal = 'transferring'
  let accepted = 0
  let bytes = 0
  while (refusal === undefined && accepted < commands.length) {
    const data = commands[accepted] as Uint8Array
    const size = data.length + 48
    const room = s.config.maxUncommittedBytes - s.uncommittedBytes - bytes
    if (data.length > s.config.maxEntryBytes) refusal = 'tooLarge'
    // One command larger than the limit gets in when nothing else is waiting, or it never would.
    else if (size > room && s.uncommittedBytes + bytes > 0) refusal = 'overloaded'
    else {
      s.log.append(makeEntry(firstIndex + accepted, s.term, 'command', data))
      bytes += size
      accepted++
    }
  }
  if (accepted > 0) {
    s.uncommitted.push({ lastIndex: firstIndex + accepted - 1, bytes })
    s.uncommittedBytes += bytes
  }
  s.emit({ type: 'proposed', id, accepted, firstIndex, term: s.term, refusal })
}

export function handleAppendEntriesReply(s: CoreState, message: AppendEntriesReply): void {
  const progress = s.role === 'leader' ? s.progress.get(message.from) : undefined
  if (progress === undefined) return
  progress.lastHeard = s.now
  if (message.readSequence > progress.readAcknowledged) {
    if (message.readSequence > s.readSequence) broken('a read round was answered that never began')
    progress.readAcknowledged = message.readSequence
    finishReadRounds(s)
  }
  if (message.success) {
    if (message.matchIndex > s.log.lastIndex) broken(`${message.from} has what was never sent`)
    if (progress.acknowledged(message.matchIndex)) advanceCommit(s)
  } else {
    // Both sides skip a term at a time: here, the terms of ours that the follower can not have.
    const agree = s.log.lastAtOrBelow(message.hintIndex, message.hintTerm)
    progress.refused(message.matchIndex, agree)
  }
}

export function tickHeartbeat(s: CoreState): void {
  if (s.now - s.lastHeartbeat < s.config.heartbeatTicks) return
  s.lastHeartbeat = s.now
  for (const progress of s.progress.values()) progress.heartbeatDue = true
}

/** Once a turn: sends every follower what it lacks, as far as its window allows. */
export function replicate(s: CoreState): void {
  for (const progress of s.progress.values()) {
    if (s.isApart(progress.id)) continue
    sendEntries(s, progress)
    const commitNews = Math.min(s.commitIndex, progress.next - 1) > progress.commitSent
    if (
      progress.heartbeatDue ||
      progress.readSent < s.readSequence ||
      (commitNews && progress.state === 'replicate')
    ) {
      sendAppend(s, progress, NOTHING)
    }
  }
}

/** Entries of the log were read for this follower. */
export function sendReadEntries(s: CoreState, progress: Progress, entries: readonly Entry[]): void {
  progress.readId = undefined
  const first = entries[0]
  if (first === undefined || first.index !== progress.next) return
  const { maxInflightMessages, maxInflightBytes } = s.config
  if (progress.maySend(maxInflightMessages, maxInflightBytes)) sendAppend(s, progress, entries)
}

function sendEntries(s: CoreState, progress: Progress): void {
  const { maxInflightMessages, maxInflightBytes, maxAppendBytes } = s.config
  const { log } = s
  while (
    progress.next <= log.lastIndex &&
    progress.maySend(maxInflightMessages, maxInflightBytes)
  ) {
    if (progress.next < log.firstInMemory) {
      progress.readId = requestEntries(s, progress)
      return
    }
    sendAppend(s, progress, log.entries(progress.next, log.lastIndex, maxAppendBytes))
  }
}

function requestEntries(s: CoreState, progress: Progress): number {
  const readId = s.nextLogReadId++
  const from = progress.next
  const to = s.log.firstInMemory - 1
  s.pendingLogReads.set(readId, { purpose: 'replicate', peer: progress.id, from, to })
  s.logReads.push({ readId, from, to, maxBytes: s.config.maxAppendBytes })
  return readId
}

function sendAppend(s: CoreState, progress: Progress, entries: readonly Entry[]): void {
  const prevLogIndex: LogIndex = progress.next - 1
  const prevLogTerm = s.log.termAt(prevLogIndex) ?? broken(`no term for entry ${prevLogIndex}`)
  const lastNew = prevLogIndex + entries.length
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
  })
  progress.heartbeatDue = false
  progress.readSent = s.readSequence
  progress.commitSent = Math.max(progress.commitSent, Math.min(s.commitIndex, lastNew))
  if (entries.length === 0) return
  let bytes = 0
  for (const entry of entries) bytes += entrySize(entry)
  progress.sent(lastNew, bytes)
}
