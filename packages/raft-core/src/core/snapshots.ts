/**
 * Snapshots and the beginning of the log (Raft §7). The core knows which snapshots there are and what
 * they stand for; their bytes are the embedder's. A snapshot from the leader takes the place of log
 * and state as a whole: first the log says so, durably, then the state machine is brought to it.
 */
import type { InstallSnapshot, LogIndex, NodeId, SnapshotMark } from '../types.ts'
import { switchMembership } from './config-entries.ts'
import { adoptGenesis, followLeader } from './following.ts'
import { broken, invariant } from './invariant.ts'
import type { Progress } from './progress.ts'
import { becomeFollower } from './roles.ts'
import type { CoreState } from './state.ts'

/** A follower needs entries that are gone. Offers it the newest snapshot; returns whether it did. */
export function offerSnapshot(s: CoreState, progress: Progress): boolean {
  // To one that is not there it would be kept, and the log with it, for nothing.
  if (!isActive(s, progress)) return false
  const mark = s.snapshot
  // What does not reach the log would lead nowhere.
  if (mark === undefined || mark.index < s.log.firstIndex - 1) {
    s.wantsSnapshot = true
    return false
  }
  progress.becomeSnapshot(mark.index, s.now)
  // What was behind an earlier offer may be gone: then it is kept for this one.
  if (progress.logKeptFrom < s.log.firstIndex - 1) progress.logKeptFrom = mark.index
  sendOffer(s, progress, mark)
  return true
}

/** Offers and what is made of them get lost, also when the follower starts again. */
export function repeatOffer(s: CoreState, progress: Progress): void {
  if (s.now - progress.offeredAt >= s.config.electionMinTicks) offerSnapshot(s, progress)
}

/** The embedder knows what became of an offer. Nothing is sent before the follower says something. */
export function handleSnapshotDelivery(s: CoreState, peer: NodeId, succeeded: boolean): void {
  const progress = s.progress.get(peer)
  if (progress?.state !== 'snapshot') return
  if (succeeded) progress.becomeProbe()
  else progress.snapshotFailed()
  progress.appendPaused = true
}

/** A snapshot is stored here, durably. */
export function handleSnapshotSaved(s: CoreState, mark: SnapshotMark): void {
  if (s.snapshot !== undefined && mark.index < s.snapshot.index) return
  s.snapshot = mark
  s.wantsSnapshot = false
  for (const progress of s.progress.values()) {
    if (progress.next < s.log.firstIndex) progress.entriesDue = true
  }
}

/** The embedder no longer needs the log up to `index`. */
export function handleCompact(s: CoreState, index: LogIndex): void {
  const wanted = Math.min(index, s.appliedIndex)
  let upTo = wanted
  for (const progress of s.progress.values()) {
    // What follows the snapshot that it is about to get must still be there then, until it has read it;
    // but one that never comes to the end of it does not hold the log for ever.
    const { state, logKeptFrom, readUpTo } = progress
    const from = state === 'snapshot' ? logKeptFrom : readUpTo
    if (from === undefined || !isActive(s, progress)) continue
    const isThere = state === 'snapshot' || from >= s.log.firstIndex - 1
    if (isThere) upTo = Math.min(upTo, from)
  }
  upTo = Math.max(upTo, wanted - s.config.keepEntriesForOffers)
  if (upTo < s.log.firstIndex || s.restoring !== undefined) return
  const mark = markAt(s, upTo)
  s.log.compact(mark)
  s.memberships = s.memberships.filter(({ configIndex }) => configIndex >= mark.configIndex)
  for (const [readId, { from, peer }] of s.pendingLogReads) {
    if (from > upTo || peer === undefined) continue
    s.pendingLogReads.delete(readId)
    const progress = s.progress.get(peer)
    if (progress?.readId === readId) progress.readId = undefined
  }
  s.emit({ type: 'compacted', index: upTo })
}

/** What a snapshot of the state at `index` stands for; `index` is in the log, or right before it. */
export function markAt(s: CoreState, index: LogIndex): SnapshotMark {
  invariant(index <= s.appliedIndex, 'the membership is known up to what is applied')
  const term = s.log.termAt(index) ?? broken(`no term for entry ${index}`)
  const known = s.memberships.findLast(({ configIndex }) => configIndex <= index)
  const { membership, configIndex } = known ?? broken(`no membership is known at ${index}`)
  return { index, term, membership, configIndex }
}

/** The leader's snapshot is here, complete and durable. */
export function handleInstallSnapshot(s: CoreState, message: InstallSnapshot): void {
  followLeader(s, message.from)
  const { mark } = message
  // A newer one than was offered, from another member, may be of a term that this node has not seen.
  if (mark.term > s.term) becomeFollower(s, mark.term, undefined, 'higherTerm')
  if (mark.index > s.commitIndex) {
    if (s.log.termAt(mark.index) === mark.term) s.commitIndex = mark.index
    else replaceLog(s, mark)
  }
  // Afterwards: the founders of a log are not who belongs to the group by the snapshot.
  adoptGenesis(s, message.genesis)
  // What is here beyond the snapshot may not be the leader's; up to the commit index it is.
  s.sendOnceDurable({
    type: 'appendEntriesReply',
    from: s.config.id,
    to: message.from,
    term: s.term,
    success: true,
    matchIndex: s.commitIndex,
    hintIndex: 0,
    hintTerm: 0,
    readSequence: 0,
  })
}

/**
 * The state machine is to be brought to a snapshot: once the log says so durably, and once the batch
 * that it is busy with is done.
 */
export function takeRestore(s: CoreState): SnapshotMark | undefined {
  const mark = s.restoring
  if (mark === undefined || s.restoreAsked !== undefined) return undefined
  if (s.applyingIndex > s.appliedIndex || s.log.durableIndex < mark.index) return undefined
  s.restoreAsked = mark
  return mark
}

export function handleRestored(s: CoreState, index: LogIndex): void {
  invariant(s.restoreAsked?.index === index, 'what was asked for is restored')
  s.restoreAsked = undefined
  s.appliedIndex = index
  s.applyingIndex = index
  // Unless a newer one has come meanwhile.
  if (s.restoring?.index === index) s.restoring = undefined
}

function replaceLog(s: CoreState, mark: SnapshotMark): void {
  s.log.reset(mark)
  s.commitIndex = mark.index
  s.unappliedConfigs.length = 0
  s.pendingLogReads.clear()
  s.applyReadId = undefined
  s.applyReady = []
  s.restoring = mark
  s.memberships = [{ configIndex: mark.configIndex, membership: mark.membership }]
  switchMembership(s, mark.membership, mark.configIndex)
}

function sendOffer(s: CoreState, progress: Progress, mark: SnapshotMark): void {
  s.send({
    type: 'installSnapshot',
    from: s.config.id,
    to: progress.id,
    term: s.term,
    mark,
    genesis: s.genesis,
  })
  s.emit({ type: 'snapshotOffered', peer: progress.id, index: mark.index })
}

function isActive(s: CoreState, progress: Progress): boolean {
  // Without the check nobody counts how long ago it was.
  const { checkQuorum, electionMinTicks } = s.config
  const patience = checkQuorum ? electionMinTicks : Number.POSITIVE_INFINITY
  return s.now - progress.lastHeard < patience
}
