import type { RequestKey } from '../commands.ts'
import type { Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
export function findReply(_state: BookingState, _key: RequestKey): Reply | undefined {
  throw new Error('soon')
}
