/** Buying without an account. */

import { mustBeCluster, mustBeStaff } from '../actors.ts'
import { keepStub } from '../archive/archiving.ts'
import { firstInvalid, isId, isInstant, isInt, isTokenHash } from '../checks.ts'
import type {
  ClaimGuest,
  GrantGuestLink,
  OpenGuest,
  OpenGuestLink,
  RequestGuestLink,
  SetGuestRule,
} from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import { type Guest, type GuestRule, guestTerms, keepGuest } from '../guests/guest.ts'
import { queueNotice } from '../notices.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { type Account, unhashed } from '../things.ts'
import { checkWho, openSession } from './accounts.ts'
import { eraseAccount } from './delete-account.ts'

/** 10 years; 100 days and a year for a train that is sold as early as that. */
const MAX_RETENTION_MS = 315_576_000_000
const MAX_LINK_MS = 40_176_000_000
const MAX_HOLDS = 100
/** So many are moved in one entry. */
const MOST_BOOKINGS = 1_000

export function setGuestRule(work: Work, command: SetGuestRule): Reply {
  const { validFromMs, maxHolds, retentionMs } = command
  const refusal =
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(maxHolds, 0, MAX_HOLDS), 'maxHolds'],
      [isInt(retentionMs, 0, MAX_RETENTION_MS), 'retentionMs'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const ruleId = addToCounter(work, 'guestRules', 1)
  const rule: GuestRule = { ...unhashed, ruleId, validFromMs, maxHolds, retentionMs }
  insertRule(work.state.guestRules, rule)
  writeRow(work, 'guest_rules', rule)
  return { type: 'done' }
}

export function openGuest(work: Work, { email, displayName }: OpenGuest): Reply {
  const { state } = work
  const { nowMs } = state.meta
  const refusal = checkWho(email, displayName)
  if (refusal !== undefined) return refusal
  if (work.actor !== 0) return refuse('notAllowed')
  const { maxHolds, retentionMs } = guestTerms(state)
  if (maxHolds === 0) return refuse('guestsNotAllowed')
  const account: Account = {
    ...unhashed,
    accountId: state.meta.nextAccountId++,
    email,
    displayName,
    role: 'guest',
    passwordHash: 'none',
    registeredAtMs: nowMs,
    closedAtMs: 0,
    erasedAtMs: 0,
    bookingIds: [],
  }
  const { accountId } = account
  // Not by its address: that may be an account's, and nobody logs in as a guest.
  state.accounts.set(accountId, account)
  writeRow(work, 'accounts', account)
  const lookAtMs = nowMs + retentionMs
  const guest: Guest = {
    ...unhashed,
    queueAt: -1,
    accountId,
    linkHash: '',
    linkUntilMs: 0,
    lookAtMs,
  }
  keepGuest(state, guest)
  writeRow(work, 'guests', guest)
  return { type: 'guestOpened', accountId }
}

export function grantGuestLink(work: Work, command: GrantGuestLink): Reply {
  const { accountId, linkHash, ttlMs } = command
  const refusal =
    firstInvalid([
      [isId(accountId), 'accountId'],
      [isTokenHash(linkHash), 'linkHash'],
      [isInt(ttlMs, 1, MAX_LINK_MS), 'ttlMs'],
    ]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const guest = work.state.guests.get(accountId)
  if (guest === undefined) return refuse('guestNotFound')
  guest.linkHash = linkHash
  guest.linkUntilMs = work.state.meta.nowMs + ttlMs
  writeRow(work, 'guests', guest)
  return { type: 'done' }
}

/** The door says nothing of whether there is such a guest. */
export function requestGuestLink(work: Work, { accountId, bookingId }: RequestGuestLink): Reply {
  const { state } = work
  const refusal = firstInvalid([
    [isId(accountId), 'accountId'],
    [isId(bookingId), 'bookingId'],
  ])
  if (refusal !== undefined) return refusal
  if (!state.guests.has(accountId)) return refuse('guestNotFound')
  const { bookings, archive } = state
  const owner = bookings.get(bookingId)?.accountId ?? archive.get(bookingId)?.accountId
  if (owner !== accountId) return refuse('bookingNotFound')
  queueNotice(work, { accountId, bookingId }, 'guestLink')
  return { type: 'done' }
}

export function openGuestLink(work: Work, command: OpenGuestLink): Reply {
  const { accountId, linkHash, tokenHash, ttlMs } = command
  const refusal = checkLink(command)
  if (refusal !== undefined) return refusal
  if (work.actor !== 0) return refuse('notAllowed')
  const guest = linkedGuest(work, accountId, linkHash)
  if ('type' in guest) return guest
  return openSession(work, { type: 'openSession', accountId, tokenHash, ttlMs })
}

export function claimGuest(work: Work, command: ClaimGuest): Reply {
  const { state } = work
  const { accountId, linkHash } = command
  const refusal = checkLink(command)
  if (refusal !== undefined) return refusal
  const heir = state.accounts.get(work.actor)
  if (heir?.role !== 'passenger') return refuse('notAllowed')
  const guest = linkedGuest(work, accountId, linkHash)
  if ('type' in guest) return guest
  const account = state.accounts.get(accountId) as Account
  // Who has the link has the mailbox, and it is the heir's.
  if (account.email !== heir.email) return refuse('otherAddress')
  const { bookingIds } = account
  if (bookingIds.length > MOST_BOOKINGS) return refuse('tooMany', { figure: MOST_BOOKINGS })
  for (const id of bookingIds.splice(0)) {
    takeOver(work, id, heir)
  }
  heir.bookingIds.sort((a, b) => a - b)
  eraseAccount(work, account)
  return { type: 'done' }
}

/** Also what is archived: whose it is stands with the stub then. */
function takeOver(work: Work, bookingId: number, { accountId, bookingIds }: Account): void {
  const { bookings, archive } = work.state
  const booking = bookings.get(bookingId)
  const stub = archive.get(bookingId)
  bookingIds.push(bookingId)
  if (stub !== undefined) keepStub(work, { ...stub, accountId })
  if (booking === undefined) return
  booking.accountId = accountId
  writeRow(work, 'bookings', booking)
}

function checkLink({ accountId, linkHash }: ClaimGuest | OpenGuestLink): Refusal | undefined {
  return firstInvalid([
    [isId(accountId), 'accountId'],
    [isTokenHash(linkHash), 'linkHash'],
  ])
}

/** One answer for all that is wrong with a link. */
function linkedGuest({ state }: Work, accountId: number, linkHash: string): Guest | Refusal {
  const guest = state.guests.get(accountId)
  const { linkUntilMs = 0 } = guest ?? {}
  const good = guest?.linkHash === linkHash && linkUntilMs > state.meta.nowMs
  return good ? guest : refuse('guestLinkNotFound')
}
