import { keyText } from '../checks.ts'
import type { RequestKey } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { earlierAnswer, isArchivedAnswer } from '../requests.ts'
import type { BookingState } from '../state.ts'

/**
 * What the same request would be answered without being done: its earlier reply, `burned`, or that
 * its id was used for something else. Undefined says nothing: it may still be on its way.
 */
export function findReply(state: BookingState, key: RequestKey): Reply | undefined {
  const earlier = earlierAnswer(state, keyText(key))
  if (earlier === undefined) return undefined
  const isGone = earlier.reply.type === 'burned' || isArchivedAnswer(earlier)
  const isSame = earlier.contentHash === key.contentHash || isGone
  return isSame ? earlier.reply : refuse('requestIdReused')
}
