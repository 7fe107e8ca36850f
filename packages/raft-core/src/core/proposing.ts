/** Commands become entries of the leader's log, as many as the limits allow. */
import { makeEntry } from '../codec/entry.ts'
import type { ProposalRefusal } from './io.ts'
import { isLearner, isVoter } from './membership.ts'
import { broadcastAppend } from './roles.ts'
import type { CoreState } from './state.ts'

/** Appends commands, as many as the limits allow, and says which ones. */
export function propose(s: CoreState, id: number, commands: readonly Uint8Array[]): void {
  const firstIndex = s.log.lastIndex + 1
  let refusal: ProposalRefusal | undefined
  // A leader that was removed and leads on (`stepDownOnRemoval` off) takes nothing more.
  if (s.role !== 'leader' || !isMember(s)) refusal = 'notLeader'
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
    broadcastAppend(s)
  }
  s.emit({ type: 'proposed', id, accepted, firstIndex, term: s.term, refusal })
}

function isMember({ membership, config }: CoreState): boolean {
  return isVoter(membership, config.id) || isLearner(membership, config.id)
}
