import { describe, expect, it } from 'vitest'
import { account, key, must, railway, register, send } from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { findAccount, findAccountByEmail, findSession } from '../queries/accounts.ts'
import { info } from '../queries/info.ts'

const TOKEN = 'ab'.repeat(32)

function open(accountId: number, tokenHash = TOKEN, ttlMs = 1_000): Command {
  return { type: 'openSession', accountId, tokenHash, ttlMs }
}

describe('registerAccount', () => {
  it('makes an account that is found by id and email', () => {
    const world = railway()
    const accountId = register(world, 'carol@example.org')
    expect(findAccount(world.state, accountId)).toEqual({
      accountId,
      isClosed: false,
      registeredAtMs: world.nowMs,
      email: 'carol@example.org',
      displayName: 'Somebody',
      role: 'passenger',
      passwordHash: 'hash',
    })
    expect(findAccountByEmail(world.state, 'carol@example.org')?.accountId).toBe(accountId)
    expect(findAccountByEmail(world.state, 'nobody@example.org')).toBeUndefined()
  })

  it('takes an email once', () => {
    expect(send(railway(), account('ann@example.org'))).toMatchObject({
      code: 'emailTaken',
      field: 'email',
    })
  })

  it('gives roles only from an operator or the cluster', () => {
    const world = railway()
    const operator = register(world, 'op@example.org', 'operator')
    const staff = register(world, 'staff@example.org', 'staff')
    const command = account('new@example.org', 'staff')
    const notAllowed = { code: 'notAllowed', field: 'role' }
    expect(send(world, command, { actor: staff })).toMatchObject(notAllowed)
    expect(send(world, command, { actor: world.ann })).toMatchObject(notAllowed)
    expect(send(world, command, { key: key('anonymous') })).toMatchObject(notAllowed)
    must(send(world, command, { actor: operator }), 'accountRegistered')
  })

  it('is checked field by field', () => {
    const world = railway()
    const wrong = [
      ['email', 'Ann@example.org'],
      ['email', 'ann'],
      ['email', 'a@b@c'],
      ['email', 'a b@c'],
      ['email', 'a@b\n'],
      ['displayName', ''],
      ['displayName', 'half \ud800 of a pair'],
      ['passwordHash', ''],
      ['role', 'king'],
    ]
    for (const [field = '', value] of wrong) {
      const command = { ...account('new@example.org'), [field]: value } as Command
      expect(send(world, command)).toMatchObject({ code: 'invalidField', field })
    }
  })
})

describe('sessions', () => {
  it('live until their time is over, and are removed then', () => {
    const world = railway()
    must(send(world, open(world.ann)), 'done')
    const expiresAtMs = world.nowMs + 1_000
    expect(findSession(world.state, TOKEN, world.nowMs)).toEqual({
      accountId: world.ann,
      expiresAtMs,
    })
    expect(findSession(world.state, TOKEN, expiresAtMs)).toBeUndefined()
    world.nowMs = expiresAtMs
    send(world, { type: 'tick' })
    expect(info(world.state).sessions).toBe(0)
  })

  it('are removed in portions of 100 per entry', () => {
    const world = railway()
    for (let i = 0; i < 150; i++) send(world, open(world.ann, String(i).padStart(64, '0')))
    world.nowMs += 2_000
    send(world, { type: 'tick' })
    expect(info(world.state).sessions).toBe(50)
    const left = String(149).padStart(64, '0')
    const close: Command = { type: 'closeSession', tokenHash: left }
    expect(findSession(world.state, left, world.nowMs)).toBeUndefined()
    expect(send(world, close)).toMatchObject({ code: 'sessionNotFound' })
    expect(info(world.state).sessions).toBe(0)
  })

  it('are opened for an account by itself or the cluster', () => {
    const world = railway()
    expect(send(world, open(world.ann), { actor: world.bob })).toMatchObject({ code: 'notAllowed' })
    expect(send(world, open(99))).toMatchObject({ code: 'accountNotFound', field: 'accountId' })
    must(send(world, open(world.ann), { key: key('login') }), 'done')
    expect(send(world, open(world.bob))).toMatchObject({ code: 'invalidField', field: 'tokenHash' })
    const wrong: [Command, string][] = [
      [open(0), 'accountId'],
      [open(world.ann, 'secret'), 'tokenHash'],
      [open(world.ann, TOKEN, 1e12), 'ttlMs'],
    ]
    for (const [command, field] of wrong) {
      expect(send(world, command)).toMatchObject({ code: 'invalidField', field })
    }
  })

  it('are closed by their own account; nobody else learns that they exist', () => {
    const world = railway()
    must(send(world, open(world.ann)), 'done')
    const close: Command = { type: 'closeSession', tokenHash: TOKEN }
    expect(send(world, close, { actor: world.bob })).toMatchObject({ code: 'sessionNotFound' })
    must(send(world, close, { actor: world.ann }), 'done')
    expect(send(world, close, { actor: world.ann })).toMatchObject({ code: 'sessionNotFound' })
  })
})
