import { describe, expect, it } from 'vitest'
import {
  account,
  confirmed,
  DAY,
  done,
  HOUR,
  held,
  must,
  pay,
  type Railway,
  railway,
  register,
  send,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findAccount, findAccountByEmail, sessionsOf } from '../queries/accounts.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals } from '../queries/payments.ts'
import { nextExpiryMs } from '../queries/seats.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const hash = (digit: string) => digit.repeat(64)
const open = (world: Railway, accountId: number, digit: string) =>
  must(send(world, { type: 'openSession', accountId, tokenHash: hash(digit), ttlMs: DAY }), 'done')
const live = (world: Railway, accountId: number) =>
  sessionsOf(world.state, accountId, world.nowMs).map(({ tokenHash }) => tokenHash[0])
const code = (world: Railway, command: Command, actor = 0) => {
  const reply = must(send(world, command, { actor }), 'refused')
  return reply.field === '' ? reply.code : `${reply.code} ${reply.field}`
}
const change = (keep = ''): Command => ({
  type: 'changePassword',
  passwordHash: 'new',
  keepTokenHash: keep,
})

describe('roles', () => {
  it('are given by operators, of whom one is always left', () => {
    const world = railway()
    const olga = register(world, 'olga@example.org', 'operator')
    const staff = register(world, 'staff@example.org', 'staff')
    const role = (accountId: number, to: 'passenger' | 'staff' | 'operator'): Command => ({
      type: 'setRole',
      accountId,
      role: to,
    })
    expect(code(world, role(world.ann, 'staff'), staff)).toBe('notAllowed')
    expect(code(world, role(olga, 'staff'), olga)).toBe('lastOperator')
    expect(code(world, role(99, 'staff'), olga)).toBe('accountNotFound accountId')
    expect(code(world, { ...role(1, 'staff'), role: 'king' } as unknown as Command)).toBe(
      'invalidField role',
    )
    must(send(world, role(staff, 'operator'), { actor: olga }), 'done')
    must(send(world, role(olga, 'passenger'), { actor: olga }), 'done')
    expect(findAccount(world.state, olga)?.role).toBe('passenger')
    expect(code(world, role(world.ann, 'staff'), olga)).toBe('notAllowed')
    const closing = { type: 'setAccountOpen', accountId: staff, open: false } as const
    expect(code(world, closing)).toBe('lastOperator')
    expect(code(world, { type: 'deleteAccount', accountId: staff })).toBe('lastOperator')
  })
})

describe('passwords', () => {
  it('a new one ends every session but the one that goes on', () => {
    const world = railway()
    for (const digit of ['1', '2', '3']) open(world, world.ann, digit)
    open(world, world.bob, '4')
    must(send(world, change(hash('2')), { actor: world.ann }), 'done')
    expect([live(world, world.ann), live(world, world.bob)]).toEqual([['2'], ['4']])
    expect(findAccount(world.state, world.ann)?.passwordHash).toBe('new')
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
    expect(code(world, change())).toBe('notAllowed')
    expect(code(world, { ...change(), keepTokenHash: 'x' } as Command, world.ann)).toBe(
      'invalidField keepTokenHash',
    )
  })

  it('a forgotten one is reset by whoever has the secret, once and in time', () => {
    const world = railway()
    open(world, world.ann, '1')
    const grant = (digit: string): Command => ({
      type: 'grantPasswordReset',
      accountId: world.ann,
      tokenHash: hash(digit),
      ttlMs: HOUR,
    })
    const reset = (digit: string, accountId = world.ann): Command => ({
      type: 'resetPassword',
      accountId,
      tokenHash: hash(digit),
      passwordHash: 'reset',
    })
    expect(code(world, grant('a'), world.ann)).toBe('notAllowed')
    expect(code(world, reset('a'))).toBe('resetNotFound')
    must(send(world, grant('a')), 'done')
    // A second mail: its secret counts, the first one's does not.
    must(send(world, grant('b')), 'done')
    expect(code(world, reset('a'))).toBe('resetNotFound')
    expect(code(world, reset('b', world.bob))).toBe('resetNotFound')
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (const it of [world, loaded]) {
      must(send(it, reset('b')), 'done')
      expect(code(it, reset('b'))).toBe('resetNotFound')
      expect(live(it, it.ann)).toEqual([])
      expect(findAccount(it.state, it.ann)?.passwordHash).toBe('reset')
    }
    must(send(world, grant('c')), 'done')
    world.nowMs += HOUR
    expect(code(world, reset('c'))).toBe('resetNotFound')
  })

  it('tells the owner, once notices are switched on', () => {
    const world = railway()
    must(send(world, { type: 'switchNotices', on: true }), 'done')
    must(send(world, { type: 'requestPasswordReset', accountId: world.ann }), 'done')
    must(send(world, change(), { actor: world.ann }), 'done')
    const kinds = [...world.state.notices.values()].map(({ kind }) => kind)
    expect(kinds).toEqual(['passwordReset', 'passwordChanged'])
  })
})

it('nobody acts with an account that is closed, and it can be opened again', () => {
  const world = railway()
  const olga = register(world, 'olga@example.org', 'operator')
  open(world, world.ann, '1')
  const set = (isOpen: boolean): Command => ({
    type: 'setAccountOpen',
    accountId: world.ann,
    open: isOpen,
  })
  expect(code(world, set(false), world.bob)).toBe('notAllowed')
  must(send(world, set(false), { actor: olga }), 'done')
  expect(live(world, world.ann)).toEqual([])
  expect(code(world, change(), world.ann)).toBe('accountClosed actor')
  const session = { type: 'openSession', accountId: world.ann, tokenHash: hash('2'), ttlMs: 1 }
  expect(code(world, session as Command)).toBe('accountClosed')
  must(send(world, set(true), { actor: olga }), 'done')
  held(world, world.ann, world.runId)
})

describe('an account that is deleted', () => {
  const erase = (world: Railway, actor = world.ann) =>
    send(world, { type: 'deleteAccount', accountId: world.ann }, { actor })

  it('is nobody: no email, no name, no session; what was bought and paid stays', () => {
    const world = railway()
    open(world, world.ann, '1')
    const { bookingId } = confirmed(world, world.ann, world.runId, { passengers: 2 })
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    const totals = ledgerTotals(world.state)
    expect(erase(world)).toMatchObject({ code: 'bookingNotOver', figure: bookingId })
    world.nowMs += 9 * DAY
    must(erase(world), 'done')
    expect(findAccountByEmail(world.state, 'ann@example.org')).toBeUndefined()
    expect(findAccount(world.state, world.ann)).toMatchObject({
      email: 'erased-1@erased.invalid',
      displayName: 'Erased',
      isClosed: true,
    })
    // The names go with the next entries.
    expect(nextExpiryMs(world.state)).toBe(world.state.meta.nowMs)
    must(send(world, { type: 'tick' }), 'done')
    const booking = findBooking(world.state, bookingId)
    expect(booking?.passengers.map(({ name }) => name)).toEqual(['*', '*'])
    expect([booking?.status, booking?.priceMinor]).toEqual(['confirmed', 10_000])
    expect(ledgerTotals(world.state)).toEqual(totals)
    expect(rowsOf(world.state).some((row) => /Passenger|ann@/.test(JSON.stringify(row)))).toBe(
      false,
    )
    expect(nextExpiryMs(world.state)).toBeUndefined()
    must(send(world, account('ann@example.org')), 'accountRegistered')
    expect(erase(world, 0)).toMatchObject({ code: 'accountClosed' })
    const opening = { type: 'setAccountOpen', accountId: world.ann, open: true } as const
    expect(code(world, opening)).toBe('accountClosed')
  })

  it('is erased in portions, on every node in the same ones', () => {
    const world = railway()
    for (let i = 0; i < 250; i++) {
      const { bookingId } = held(world, world.ann, world.runId, { from: 0, to: 1 })
      must(send(world, { type: 'releaseHold', bookingId }, { actor: world.ann }), 'done')
    }
    must(erase(world), 'done')
    const named = () =>
      rowsOf(world.state).filter((row) => JSON.stringify(row).includes('Passenger 1')).length
    expect(named()).toBe(250)
    must(send(world, { type: 'tick' }), 'done')
    expect(named()).toBe(150)
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (let times = 0; times < 2; times++) {
      for (const it of [world, loaded]) must(send(it, { type: 'tick' }), 'done')
      expect(stateHash(loaded.state)).toBe(stateHash(world.state))
      expect(loaded.changes).toEqual(world.changes)
    }
    expect(named()).toBe(0)
  })

  it('is not deleted while money is on its way, by others, or with more than can be looked through', () => {
    const world = railway()
    const booking = held(world, world.ann, world.runId)
    expect(erase(world)).toMatchObject({ code: 'bookingNotOver', figure: booking.bookingId })
    must(pay(world, world.ann, booking), 'paymentStarted')
    world.nowMs += DAY
    // The hold has expired; what the provider says is still to come.
    expect(erase(world)).toMatchObject({ code: 'bookingNotOver', figure: booking.bookingId })
    expect(erase(world, world.bob)).toMatchObject({ code: 'notAllowed' })
    for (let i = 0; i < 1_001; i++) {
      const { bookingId } = held(world, world.bob, world.runId, { from: 0, to: 1 })
      must(send(world, { type: 'releaseHold', bookingId }, { actor: world.bob }), 'done')
    }
    const tooMany = { type: 'deleteAccount', accountId: world.bob } as const
    expect(send(world, tooMany)).toMatchObject({ code: 'tooMany', figure: 1_000 })
  })
})
