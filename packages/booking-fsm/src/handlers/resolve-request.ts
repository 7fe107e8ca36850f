import { checkRequestKey, keyText } from '../checks.ts'
import type { RequestKey, ResolveRequest } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { earlierAnswer, isArchivedAnswer, remember } from '../requests.ts'
import type { Work } from '../store.ts'

/** Gives the earlier reply, or burns the key: after this the request can not happen any more. */
export function resolveRequest(
  work: Work,
  command: ResolveRequest,
  own: RequestKey | undefined,
): Reply {
  const { key } = command
  const refusal = checkRequestKey(key)
  if (refusal !== undefined) return refusal
  if (!isOwn(work, key.principal, own)) return refuse('notAllowed', { field: 'key.principal' })
  const text = keyText(key)
  const earlier = earlierAnswer(work.state, text)
  if (earlier === undefined) {
    const burned: Reply = { type: 'burned' }
    remember(work, text, key.contentHash, burned)
    return burned
  }
  if (earlier.reply.type === 'burned' || isArchivedAnswer(earlier)) return earlier.reply
  return earlier.contentHash === key.contentHash
    ? { type: 'resolved', reply: earlier.reply }
    : refuse('requestIdReused')
}

function isOwn(work: Work, principal: string, own: RequestKey | undefined): boolean {
  if (work.cluster || principal === `a:${work.actor}`) return true
  return work.actor === 0 && principal === own?.principal
}
