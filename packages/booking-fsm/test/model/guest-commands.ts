import type {
  ClaimGuest,
  Entry,
  GrantGuestLink,
  OpenGuest,
  OpenGuestLink,
  Reply,
  RequestGuestLink,
  SetGuestRule,
} from '../../src/index.ts'
import { endAs, isOver } from './account-changes.ts'
import { openSession } from './account-commands.ts'
import { needCluster, needStaff } from './caller.ts'
import { tell } from './notice-commands.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { checkId, checkInt, checkPattern, checkText, hash64, maxInstant } from './shapes.ts'
import { everyBooking, type ModelAccount, runOf, trainOf, type World } from './world.ts'

const day = 86_400_000

export interface ModelGuest {
  link: string
  linkUntil: number
  lookAt: number
}

export function setGuestRule(world: World, entry: Entry, command: SetGuestRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.maxHolds, 0, 100, 'maxHolds')
  checkInt(command.retentionMs, 0, 315_576_000_000, 'retentionMs')
  needStaff(world, entry)
  world.guestRules.push(command)
  return { type: 'done' }
}

export function openGuest(world: World, entry: Entry, { email, displayName }: OpenGuest): Reply {
  checkText(email, 3, 254, 'email')
  checkPattern(email, /^[^@ A-Z]+@[^@ A-Z]+$/, 'email')
  checkText(displayName, 1, 200, 'displayName')
  if (entry.actor !== 0) refuse('notAllowed')
  const { maxHolds, retentionMs } = inForce(world)
  if (maxHolds === 0) refuse('guestsNotAllowed')
  const id = world.accounts.length + 1
  const fresh = {
    closed: false,
    erased: false,
    toErase: [],
    reset: undefined,
    saved: [],
    factor: undefined,
  }
  const guest = { link: '', linkUntil: 0, lookAt: world.now + retentionMs }
  const who = { id, email, displayName, passwordHash: 'none', role: 'guest' }
  world.accounts.push({ ...who, ...fresh, guest, registeredAt: world.now })
  return { type: 'guestOpened', accountId: id }
}

export function grantGuestLink(world: World, entry: Entry, command: GrantGuestLink): Reply {
  checkId(command.accountId, 'accountId')
  checkPattern(command.linkHash, hash64, 'linkHash')
  checkInt(command.ttlMs, 1, 40_176_000_000, 'ttlMs')
  needCluster(entry)
  const guest = world.accounts.find((a) => a.id === command.accountId)?.guest
  if (guest === undefined) refuse('guestNotFound')
  guest.link = command.linkHash
  guest.linkUntil = world.now + command.ttlMs
  return { type: 'done' }
}

export function requestGuestLink(world: World, command: RequestGuestLink): Reply {
  const { accountId, bookingId } = command
  checkId(accountId, 'accountId')
  checkId(bookingId, 'bookingId')
  const account = world.accounts.find((a) => a.id === accountId)
  if (account?.guest === undefined) refuse('guestNotFound')
  if (!everyBooking(world).some((b) => b.id === bookingId && b.accountId === accountId)) {
    refuse('bookingNotFound')
  }
  tell(world, accountId, bookingId, 'guestLink')
  return { type: 'done' }
}

export function openGuestLink(world: World, entry: Entry, command: OpenGuestLink): Reply {
  const { accountId, linkHash, tokenHash, ttlMs } = command
  checkId(accountId, 'accountId')
  checkPattern(linkHash, hash64, 'linkHash')
  if (entry.actor !== 0) refuse('notAllowed')
  linked(world, accountId, linkHash)
  return openSession(world, entry, { type: 'openSession', accountId, tokenHash, ttlMs })
}

export function claimGuest(world: World, entry: Entry, command: ClaimGuest): Reply {
  checkId(command.accountId, 'accountId')
  checkPattern(command.linkHash, hash64, 'linkHash')
  const heir = world.accounts.find((a) => a.id === entry.actor)
  if (heir?.role !== 'passenger') refuse('notAllowed')
  const account = linked(world, command.accountId, command.linkHash)
  if (account.email !== heir.email) refuse('otherAddress')
  for (const booking of everyBooking(world)) {
    if (booking.accountId === account.id) booking.accountId = heir.id
  }
  endAs(world, account)
  return { type: 'done' }
}

/** One purchase, and not too many holds before it. */
export function needRoomForGuest(world: World, entry: Entry): void {
  const account = world.accounts.find((a) => a.id === entry.actor)
  if (account?.role !== 'guest') return
  const mine = everyBooking(world).filter((b) => b.accountId === account.id)
  const bought = mine.some(({ status, expiresAt }) =>
    status === 'held' || status === 'paying'
      ? expiresAt > world.now
      : !['expired', 'released', 'lapsed'].includes(status),
  )
  if (bought) refuse('guestHasBooking')
  const { maxHolds } = inForce(world)
  if (mine.length >= maxHolds) refuse('tooMany', { figure: maxHolds })
}

/** Ten with each entry, who is due first. */
export function forgetGuests(world: World): void {
  for (let looked = 0; looked < 10; looked++) {
    const [next] = world.accounts
      .flatMap((account) => (account.guest === undefined ? [] : [{ account, ...account.guest }]))
      .sort((a, b) => a.lookAt - b.lookAt || a.account.id - b.account.id)
    if (next?.account.guest === undefined || next.lookAt > world.now) return
    const due = dueAt(world, next.account)
    if (due <= world.now) endAs(world, next.account)
    else next.account.guest.lookAt = due
  }
}

function dueAt(world: World, account: ModelAccount): number {
  const mine = everyBooking(world).filter((b) => b.accountId === account.id)
  if (mine.some((booking) => !isOver(world, booking))) return world.now + day
  const ends = mine.map((booking) => {
    if (booking.confirmedAt === 0) return booking.heldAt
    const run = runOf(world, booking)
    const stop = trainOf(world, run).stops[booking.toStop]
    return run.baseMs + (stop?.arrivalSeconds ?? 0) * 1_000
  })
  return Math.max(account.registeredAt ?? 0, ...ends) + inForce(world).retentionMs
}

function inForce(world: World): { maxHolds: number; retentionMs: number } {
  return ruleInForce(world.guestRules, world.now) ?? { maxHolds: 10, retentionMs: 90 * day }
}

function linked(world: World, accountId: number, link: string): ModelAccount {
  const account = world.accounts.find((a) => a.id === accountId)
  if (account?.guest?.link !== link || account.guest.linkUntil <= world.now) {
    refuse('guestLinkNotFound')
  }
  return account
}
