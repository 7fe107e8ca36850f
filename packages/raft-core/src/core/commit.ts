/** When an entry is committed (Raft §5.3, §5.4.2), and what follows. */
import type { LogIndex, NodeId, Term } from '../types.ts'
import { decidedIndex } from './decisions.ts'
import { invariant } from './invariant.ts'
import { finishReadRounds } from './read-index.ts'
import type { CoreState } from './state.ts'

/**
 * A leader commits what a majority has durably (of every membership that counts), and only by an
 * entry of its own term: an older one that a majority has may still be overwritten (Figure 8). Its own
 * share counts like any other. Returns whether there was something to commit.
 */
export function advanceCommit(s: CoreState): boolean {
  invariant(s.membership.voters.length > 0, 'a group that is led has voters')
  const index = decidedIndex(s, (id) => durableAt(s, id))
  if (index <= s.commitIndex || index < s.termStart) return false
  s.commitIndex = index
  let done = 0
  for (const { lastIndex, bytes } of s.uncommitted) {
    if (lastIndex > index) break
    s.uncommittedBytes -= bytes
    done++
  }
  if (done > 0) s.uncommitted.splice(0, done)
  finishReadRounds(s)
  return true
}

/**
 * Somebody knows that the entry at `commitIndex` of `commitTerm` is committed. Who has that entry has
 * everything before it, too (log matching), and may apply it. Without this a node that has not applied
 * a change of the membership, and so may not campaign, could wait for ever for the only leader that
 * would tell it: one that only it can elect.
 */
export function commitByVote(
  s: CoreState,
  known: { readonly commitIndex: LogIndex; readonly commitTerm: Term },
): void {
  const { commitIndex, commitTerm } = known
  if (!s.config.commitInVotes || s.role === 'leader' || commitIndex <= s.commitIndex) return
  if (commitIndex < s.log.firstIndex || s.log.termAt(commitIndex) !== commitTerm) return
  s.commitIndex = commitIndex
}

function durableAt(s: CoreState, id: NodeId): LogIndex {
  if (id === s.config.id) return s.log.durableIndex
  if (s.isApart(id)) return 0
  return s.progress.get(id)?.match ?? 0
}
