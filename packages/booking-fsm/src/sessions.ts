/** Sessions, and whose they are. */
import { heapPush, heapRemove } from './heap.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work } from './store.ts'
import type { Session } from './things.ts'

/** Puts a session into memory: a new one, or one that is loaded. */
export function keepSession(state: BookingState, session: Session): void {
  const { sessions, sessionQueue, sessionsOf } = state
  sessions.set(session.tokenHash, session)
  heapPush(sessionQueue, session)
  const ofAccount = sessionsOf.get(session.accountId)
  if (ofAccount === undefined) sessionsOf.set(session.accountId, new Set([session]))
  else ofAccount.add(session)
}

export function removeSession(work: Work, session: Session): void {
  const { sessions, sessionQueue, sessionsOf } = work.state
  const { tokenHash, accountId } = session
  heapRemove(sessionQueue, session)
  sessions.delete(tokenHash)
  const ofAccount = sessionsOf.get(accountId)
  ofAccount?.delete(session)
  if (ofAccount?.size === 0) sessionsOf.delete(accountId)
  deleteRow(work, 'sessions', session, [tokenHash])
}

/** All of an account's but one, in an order that does not depend on when they were loaded. */
export function endSessions(work: Work, accountId: number, keepTokenHash: string): void {
  const all = [...(work.state.sessionsOf.get(accountId) ?? [])]
  all.sort((a, b) => (a.tokenHash < b.tokenHash ? -1 : 1))
  for (const session of all) if (session.tokenHash !== keepTokenHash) removeSession(work, session)
}
