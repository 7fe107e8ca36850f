/** The cluster itself, its people, and what it remembers of requests. */

import { keepErasure } from '../erasing.ts'
import { keepPassenger, type SavedPassenger } from '../saved-passengers.ts'
import { keepSession } from '../sessions.ts'
import type { BookingState } from '../state.ts'
import type { Account, Counter, Hashed, Remembered, Session } from '../things.ts'
import { type Cursor, int, numbers, optionalInt, text } from './cursor.ts'

export function loadMeta(state: BookingState, row: Cursor): Hashed {
  const { meta } = state
  int(row)
  meta.appliedIndex = int(row)
  meta.nowMs = int(row)
  meta.featureLevel = int(row)
  meta.clusterId = text(row)
  meta.pnrKey = numbers(row)
  meta.currency = text(row)
  meta.holdMs = int(row)
  meta.paymentWindowMs = int(row)
  meta.nextAccountId = int(row)
  meta.nextStationId = int(row)
  meta.nextTrainId = int(row)
  meta.nextRunId = int(row)
  meta.nextImportId = int(row)
  meta.nextFareRuleId = int(row)
  meta.nextRefundRuleId = int(row)
  meta.nextBookingId = int(row)
  meta.nextPaymentId = int(row)
  meta.nextOutboxId = int(row)
  meta.nextLedgerLineId = int(row)
  meta.providerClearing = int(row)
  meta.fareRevenue = int(row)
  meta.refundsPayable = int(row)
  return meta
}

export function loadAccount(state: BookingState, row: Cursor): Hashed {
  const account: Account = {
    hashLow: 0,
    hashHigh: 0,
    accountId: int(row),
    email: text(row),
    displayName: text(row),
    role: text(row) as Account['role'],
    passwordHash: text(row),
    registeredAtMs: int(row),
    closedAtMs: optionalInt(row),
    erasedAtMs: optionalInt(row),
    bookingIds: [],
  }
  state.accounts.set(account.accountId, account)
  // A guest's address may be an account's.
  if (account.role !== 'guest') state.accountByEmail.set(account.email, account)
  return account
}

export function loadSession(state: BookingState, row: Cursor): Hashed {
  const session: Session = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    tokenHash: text(row),
    accountId: int(row),
    openedAtMs: int(row),
    expiresAtMs: int(row),
  }
  keepSession(state, session)
  return session
}

export function loadSavedPassenger(state: BookingState, row: Cursor): Hashed {
  const passenger: SavedPassenger = {
    hashLow: 0,
    hashHigh: 0,
    accountId: int(row),
    passengerId: int(row),
    name: text(row),
    passengerType: text(row),
    birthDate: int(row),
    document: text(row),
  }
  keepPassenger(state, passenger)
  return passenger
}

export function loadErasure(state: BookingState, row: Cursor): Hashed {
  const erasure = { hashLow: 0, hashHigh: 0, accountId: int(row), namesFrom: int(row) }
  keepErasure(state, erasure)
  return erasure
}

export function loadPasswordReset(state: BookingState, row: Cursor): Hashed {
  const reset = {
    hashLow: 0,
    hashHigh: 0,
    accountId: int(row),
    tokenHash: text(row),
    expiresAtMs: int(row),
  }
  state.passwordResets.set(reset.accountId, reset)
  return reset
}

export function loadCounter(state: BookingState, row: Cursor): Hashed {
  const counter: Counter = { hashLow: 0, hashHigh: 0, name: text(row), value: int(row) }
  state.counters.set(counter.name, counter)
  return counter
}

export function loadAuditHead({ audit }: BookingState, row: Cursor): Hashed {
  int(row)
  audit.count = int(row)
  audit.link = text(row)
  return audit
}

export function loadRemembered(state: BookingState, row: Cursor): Hashed {
  const kept: Remembered = {
    hashLow: 0,
    hashHigh: 0,
    requestKey: text(row),
    contentHash: text(row),
    replyJson: text(row),
    index: int(row),
    atMs: int(row),
  }
  state.requests.set(kept.requestKey, kept)
  state.remembered.add(kept)
  return kept
}
