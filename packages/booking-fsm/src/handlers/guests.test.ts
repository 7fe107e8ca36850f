/** Buying without an account. */
import { describe, expect, it } from 'vitest'
import type { Railway } from '../../test/world.ts'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  held,
  must,
  railway,
  register,
  send,
} from '../../test/world.ts'
import { loadState } from '../load.ts'
import { findAccount, findAccountByEmail, findSession } from '../queries/accounts.ts'
import { findBooking } from '../queries/bookings.ts'
import type { Reply } from '../replies.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const linkHash = '7'.repeat(64)
const otherHash = '8'.repeat(64)
const tokenHash = '9'.repeat(64)

function open(world: Railway, email = 'gil@example.org'): number {
  const reply = send(world, { type: 'openGuest', email, displayName: 'Gil' })
  return must(reply, 'guestOpened').accountId
}
function link(world: Railway, accountId: number, hash = linkHash): void {
  const grant = { type: 'grantGuestLink', accountId, linkHash: hash, ttlMs: DAY } as const
  must(send(world, grant), 'done')
}
const use = (world: Railway, accountId: number, hash = linkHash): Reply =>
  send(world, { type: 'openGuestLink', accountId, linkHash: hash, tokenHash, ttlMs: DAY })
const code = (reply: Reply): string => must(reply, 'refused').code
const again = (world: Railway): void => {
  expect(stateHash(loadState(rowsOf(world.state).toReversed()))).toBe(stateHash(world.state))
}

describe('a guest', () => {
  it('holds, pays and cancels as who has an account does, and is found by nobody', () => {
    const world = railway()
    const guest = open(world, 'ann@example.org')
    const { bookingId } = confirmed(world, guest, world.runId)
    expect(findBooking(world.state, bookingId)).toMatchObject({
      accountId: guest,
      status: 'confirmed',
    })
    // Whose the address is logs in as before, also on a node that starts.
    const loaded = loadState(rowsOf(world.state))
    expect(findAccountByEmail(loaded, 'ann@example.org')?.accountId).toBe(world.ann)
    expect(findAccountByEmail(world.state, 'ann@example.org')?.accountId).toBe(world.ann)
    const offer = { type: 'offerRefund', bookingId, passengers: [] } as const
    expect(send(world, offer, { actor: guest }).type).toBe('refundOffered')
    again(world)
  })

  it('has one purchase, and holds again when what it held came to nothing', () => {
    const world = railway()
    const guest = open(world)
    held(world, guest, world.runId)
    const hold = { runId: world.runId, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    const more = { type: 'holdSeats', ...hold, passengers: [{ name: 'P' }] } as const
    expect(code(send(world, more, { actor: guest }))).toBe('guestHasBooking')
    world.nowMs += HOLD
    const { bookingId } = confirmed(world, guest, world.runId)
    expect(findBooking(world.state, bookingId)?.status).toBe('confirmed')
    expect(code(send(world, more, { actor: guest }))).toBe('guestHasBooking')
  })

  it('holds no more often than the rule in force allows, and is none where it allows nothing', () => {
    const world = railway()
    const rule = { type: 'setGuestRule', validFromMs: 0, retentionMs: DAY } as const
    must(send(world, { ...rule, maxHolds: 2 }), 'done')
    const guest = open(world)
    for (let i = 0; i < 2; i++) {
      held(world, guest, world.runId)
      world.nowMs += HOLD
    }
    const hold = { runId: world.runId, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    const more = { type: 'holdSeats', ...hold, passengers: [{ name: 'P' }] } as const
    const refusal = must(send(world, more, { actor: guest }), 'refused')
    expect([refusal.code, refusal.figure]).toEqual(['tooMany', 2])
    must(send(world, { ...rule, validFromMs: world.nowMs, maxHolds: 0 }), 'done')
    const late = { type: 'openGuest', email: 'l@example.org', displayName: 'L' } as const
    expect(code(send(world, late))).toBe('guestsNotAllowed')
  })

  it('is no account: it has no role, no password and no place in a draw', () => {
    const world = railway()
    const accountId = open(world)
    const operator = register(world, 'op@example.org', 'operator')
    const role = { type: 'setRole', accountId, role: 'staff' } as const
    expect(code(send(world, role, { actor: operator }))).toBe('accountNotFound')
    const password = { type: 'changePassword', passwordHash: 'h', keepTokenHash: '' } as const
    expect(code(send(world, password, { actor: accountId }))).toBe('notAllowed')
    expect(code(send(world, { type: 'requestPasswordReset', accountId }))).toBe('accountNotFound')
  })
})

describe('the link of the mail', () => {
  it('opens a session of the guest, until it is over or another one was sent', () => {
    const world = railway()
    const guest = open(world)
    expect(code(use(world, guest))).toBe('guestLinkNotFound')
    link(world, guest)
    must(use(world, guest), 'done')
    expect(findSession(world.state, tokenHash, world.nowMs)?.accountId).toBe(guest)
    link(world, guest, otherHash)
    expect(code(use(world, guest))).toBe('guestLinkNotFound')
    world.nowMs += DAY
    expect(code(use(world, guest, otherHash))).toBe('guestLinkNotFound')
    again(world)
  })

  it('is granted by the cluster alone, and opens nothing of another guest', () => {
    const world = railway()
    const [guest, other] = [open(world), open(world)]
    const grant = { type: 'grantGuestLink', accountId: guest, linkHash, ttlMs: DAY } as const
    expect(code(send(world, grant, { actor: guest }))).toBe('notAllowed')
    link(world, guest)
    expect(code(use(world, other))).toBe('guestLinkNotFound')
    expect(code(use(world, world.ann))).toBe('guestLinkNotFound')
  })

  it('is sent again to the address, with one of the guest’s bookings', () => {
    const world = railway()
    must(send(world, { type: 'switchNotices', on: true }), 'done')
    const guest = open(world)
    const { bookingId } = held(world, guest, world.runId)
    const ask = { type: 'requestGuestLink', accountId: guest, bookingId } as const
    must(send(world, ask), 'done')
    expect([...world.state.notices.values()].at(-1)).toMatchObject({
      kind: 'guestLink',
      accountId: guest,
      bookingId,
    })
    const foreign = held(world, world.ann, world.runId).bookingId
    expect(code(send(world, { ...ask, bookingId: foreign }))).toBe('bookingNotFound')
  })
})

describe('who has an account with the address', () => {
  it('takes over what the guest bought, with the link, once', () => {
    const world = railway()
    const early = confirmed(world, world.ann, world.runId).bookingId
    const guest = open(world, 'ann@example.org')
    const { bookingId } = confirmed(world, guest, world.runId)
    const late = confirmed(world, world.ann, world.runId).bookingId
    link(world, guest)
    const claim = { type: 'claimGuest', accountId: guest, linkHash } as const
    expect(code(send(world, claim, { actor: world.bob }))).toBe('otherAddress')
    const { bookingIds = [] } = world.state.accounts.get(guest) ?? {}
    bookingIds.push(...Array.from({ length: 1_000 }, () => bookingId))
    expect(code(send(world, claim, { actor: world.ann }))).toBe('tooMany')
    bookingIds.splice(1)
    must(send(world, claim, { actor: world.ann }), 'done')
    expect(findBooking(world.state, bookingId)?.accountId).toBe(world.ann)
    expect(world.state.accounts.get(world.ann)?.bookingIds).toEqual([early, bookingId, late])
    expect(findAccount(world.state, guest)).toMatchObject({ isClosed: true, displayName: 'Erased' })
    expect(code(send(world, claim, { actor: world.ann }))).toBe('guestLinkNotFound')
    again(world)
  })
})

describe('a guest is forgotten', () => {
  it('so long after the journey, and not after the sale', () => {
    const world = railway()
    const rule = { type: 'setGuestRule', validFromMs: 0, maxHolds: 9 } as const
    must(send(world, { ...rule, retentionMs: 10 * DAY }), 'done')
    const guest = open(world)
    confirmed(world, guest, world.runId)
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    world.nowMs += 11 * DAY
    must(send(world, { type: 'tick' }), 'done')
    expect(world.state.accounts.get(guest)?.erasedAtMs).toBe(0)
    world.nowMs += 3 * DAY
    must(send(world, { type: 'tick' }), 'done')
    expect(world.state.accounts.get(guest)?.erasedAtMs).toBe(world.nowMs)
  })

  it('some time after the last journey, and not while something of it is open', () => {
    const world = railway()
    const rule = { type: 'setGuestRule', validFromMs: 0, maxHolds: 9 } as const
    must(send(world, { ...rule, retentionMs: 10 * DAY }), 'done')
    const [guest, idle] = [open(world), open(world)]
    const { bookingId } = confirmed(world, guest, world.runId)
    const capture = world.state.meta.nextOutboxId - 1
    world.nowMs += 10 * DAY
    must(send(world, { type: 'tick' }), 'done')
    expect(world.state.accounts.get(idle)?.erasedAtMs).toBe(world.nowMs)
    expect(world.state.accounts.get(guest)?.erasedAtMs).toBe(0)
    // The train arrives within the first days; the money is not taken yet.
    world.nowMs += 4 * DAY
    must(send(world, { type: 'tick' }), 'done')
    expect(world.state.accounts.get(guest)?.erasedAtMs).toBe(0)
    must(done(world, capture), 'done')
    world.nowMs += DAY
    must(send(world, { type: 'tick' }), 'done')
    must(send(world, { type: 'tick' }), 'done')
    expect(world.state.accounts.get(guest)?.email).toBe(`erased-${guest}@erased.invalid`)
    expect(findBooking(world.state, bookingId)?.passengers[0]?.name).not.toBe('P')
    expect(world.state.guests.size).toBe(0)
    again(world)
  })
})
