/** When an entry is committed (Raft §5.3, §5.4.2), and what follows. */
import { reachedByMajority } from './quorum.ts'
import { finishReadRounds } from './read-index.ts'
import type { CoreState } from './state.ts'

/**
 * A leader commits what a majority has durably, and only by an entry of its own term: an older one
 * that a majority has may still be overwritten (Figure 8). Its own share counts like any other.
 */
export function advanceCommit(s: CoreState): void {
  const durable = s.config.members.map((member) =>
    member === s.config.id
      ? s.log.durableIndex
      : s.isApart(member)
        ? 0
        : (s.progress.get(member)?.match ?? 0),
  )
  const index = reachedByMajority(durable)
  if (index <= s.commitIndex || index < s.termStart) return
  s.commitIndex = index
  let done = 0
  for (const { lastIndex, bytes } of s.uncommitted) {
    if (lastIndex > index) break
    s.uncommittedBytes -= bytes
    done++
  }
  if (done > 0) s.uncommitted.splice(0, done)
  finishReadRounds(s)
}
