/** What an invariant is checked by. */
import type { AuditHead } from '../../src/audit/chain.ts'
import type { Entry } from '../../src/commands.ts'
import type { Reply } from '../../src/replies.ts'
import type { RowChange } from '../../src/rows.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking } from '../../src/things.ts'
import type { LedgerTotals } from '../../src/views.ts'
import type { WaitingEntry } from '../../src/waiting/things.ts'

import type { SeenDraw } from './draws.ts'
import type { Scope } from './scope.ts'
import type { WrittenRows } from './written-rows.ts'

/** One entry and what came of it. */
export interface Step {
  readonly state: BookingState
  /** The state's. */
  readonly hash: string
  readonly entry: Entry
  readonly reply: Reply
  readonly changes: readonly RowChange[]
  /** All of them, by id. */
  readonly bookings: ReadonlyMap<number, Booking>
  /** What is to be looked at. */
  readonly scope: Scope
}

/** What one booking put onto the accounts. */
export interface MovedMoney {
  readonly captured: number
  readonly refunded: number
  readonly kept: number
  readonly owed: number
  readonly tax: number
}

/** What has been seen of a history so far. */
export interface Seen {
  nowMs: number
  readonly statuses: Map<number, string>
  /** Per booking, what never changes after it was held. */
  readonly offers: Map<number, string>
  readonly pnrs: Map<string, number>
  /** Which ticket each number stands on. */
  readonly tickets: Map<string, string>
  readonly effects: Set<number>
  readonly resolved: Set<number>
  readonly draws: Map<number, SeenDraw>
  /** Each notice that was queued, and whether it is answered. */
  readonly notices: Map<number, boolean>
  readonly totals: { -readonly [A in keyof LedgerTotals]: number }
  /** What of the totals is of bookings that are archived. */
  readonly archived: { -readonly [A in keyof LedgerTotals]: number }
  /** Of each booking, as it was last looked at. */
  readonly moved: Map<number, MovedMoney>
  /** The audit chain and the state's hash as they were left. */
  audit: AuditHead
  hash: string
  /** Per remembered request, the entry it came with. */
  readonly requestIndexes: Map<string, { readonly index: number; readonly share: string }>
  /** How many requests of a principal are remembered. */
  readonly shares: Map<string, number>
  /** The sum of the hashes of all rows that were written, and of each the hash. */
  readonly rows: WrittenRows
  /** Who waited after the entry before. */
  readonly waiting: Map<number, WaitingEntry>
  /** Who shared a berth or waited after the entry before. */
  readonly behindSharers: Map<number, 'shared' | 'waited'>
  /** How many were ahead, by booking and option. */
  readonly positions: Map<string, number>
}

/** Gives what is wrong; undefined when nothing is. */
export type Check = (step: Step, seen: Seen) => string | undefined

export function isLive({ status }: Booking): boolean {
  return status === 'held' || status === 'paying' || status === 'confirmed'
}
/** Who of it is not cancelled by themselves. */
export function travellers({ seats, cancelled }: Booking): readonly number[] {
  if (cancelled.length === 0) return [...seats.keys()]
  const gone = cancelled.map(({ terms }) => terms.position)
  return [...seats.keys()].filter((position) => !gone.includes(position))
}
/** Of those who travel on it, nobody has a seat. */
export function isSeatless(booking: Booking): boolean {
  if (!isLive(booking)) return false
  const there = travellers(booking)
  return there.length > 0 && there.every((at) => booking.seats[at] === -1)
}
export function isHeld({ status }: Booking): boolean {
  return status === 'held' || status === 'paying'
}
