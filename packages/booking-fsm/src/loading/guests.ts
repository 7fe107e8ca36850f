/** Those who buy without an account. */
import { insertRule } from '../fares.ts'
import { type Guest, type GuestRule, keepGuest } from '../guests/guest.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, unhashed } from '../things.ts'
import { type Cursor, int, text } from './cursor.ts'

export function loadGuest(state: BookingState, row: Cursor): Hashed {
  const guest: Guest = {
    ...unhashed,
    queueAt: -1,
    accountId: int(row),
    linkHash: text(row),
    linkUntilMs: int(row),
    lookAtMs: int(row),
  }
  keepGuest(state, guest)
  return guest
}

export function loadGuestRule(state: BookingState, row: Cursor): Hashed {
  const rule: GuestRule = {
    ...unhashed,
    ruleId: int(row),
    validFromMs: int(row),
    maxHolds: int(row),
    retentionMs: int(row),
  }
  insertRule(state.guestRules, rule)
  return rule
}
