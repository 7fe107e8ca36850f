import type { Entry } from './commands.ts'
import type { Reply } from './replies.ts'
import type { RowChange } from './rows.ts'
import type { BookingState } from './state.ts'

export interface Applied {
  readonly reply: Reply
  /** In order; a row may occur twice, the last one counts. */
  readonly changes: readonly RowChange[]
}
export function applyEntry(_state: BookingState, _entry: Entry): Applied {
  throw new Error('soon')
}
