import { describe, expect, it } from 'vitest'
import { DAY, must, type Railway, railway, register, send } from '../../test/world.ts'
import type { Command, Proof } from '../commands.ts'
import { loadState } from '../load.ts'
import { sessionsOf } from '../queries/accounts.ts'
import { factorResets, findSecondFactor } from '../queries/second-factor.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const hash = (digit: string) => digit.repeat(64)
const code = (world: Railway, command: Command, actor: number) => {
  const reply = must(send(world, command, { actor }), 'refused')
  return reply.field === '' ? reply.code : `${reply.code} ${reply.field}`
}
const begin: Command = { type: 'beginSecondFactor', sealedSecret: 'sealed' }
const enable = (step = 10, keepTokenHash = ''): Command => ({
  type: 'enableSecondFactor',
  step,
  recoveryHashes: [hash('a'), hash('b')],
  keepTokenHash,
})
const byCode = (step: number): Proof => ({ step, recoveryHash: '' })
const byRecovery = (digit: string): Proof => ({ step: 0, recoveryHash: hash(digit) })
const enter = (accountId: number, digit: string, proof: Proof): Command => ({
  type: 'openSecuredSession',
  accountId,
  tokenHash: hash(digit),
  ttlMs: DAY,
  ...proof,
})
const disable = (proof: Proof): Command => ({
  type: 'disableSecondFactor',
  keepTokenHash: '',
  ...proof,
})
const plain = (accountId: number, digit: string): Command => ({
  type: 'openSession',
  accountId,
  tokenHash: hash(digit),
  ttlMs: DAY,
})
const live = (world: Railway, accountId: number) =>
  sessionsOf(world.state, accountId, world.nowMs).map(({ tokenHash }) => tokenHash[0])

function secured(): Railway {
  const world = railway()
  for (const digit of ['1', '2']) must(send(world, plain(world.ann, digit)), 'done')
  must(send(world, begin, { actor: world.ann }), 'done')
  must(send(world, enable(10, hash('2')), { actor: world.ann }), 'done')
  return world
}

describe('a second factor', () => {
  it('counts when it was proved: other sessions end, and a password alone opens none', () => {
    const world = railway()
    const { ann } = world
    expect(code(world, enable(), ann)).toBe('secondFactorOff')
    must(send(world, begin, { actor: ann }), 'done')
    // Begun is not on.
    must(send(world, plain(ann, '1')), 'done')
    must(send(world, plain(ann, '2')), 'done')
    expect(code(world, enter(ann, '3', byCode(11)), ann)).toBe('secondFactorOff')
    must(send(world, enable(10, hash('2')), { actor: ann }), 'done')
    expect(live(world, ann)).toEqual(['2'])
    expect(code(world, plain(ann, '4'), ann)).toBe('secondFactorNeeded')
    expect(code(world, begin, ann)).toBe('secondFactorOn')
    expect(code(world, enable(), ann)).toBe('secondFactorOn')
    expect(findSecondFactor(world.state, ann)).toMatchObject({ enabled: true, recoveryCodes: 2 })
  })

  it('no code counts twice, nor an older one; on every node, also on one that was loaded', () => {
    const world = secured()
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (const it of [world, loaded]) {
      expect(code(it, enter(it.ann, '3', byCode(10)), it.ann)).toBe('codeUsed step')
      must(send(it, enter(it.ann, '3', byCode(12)), { actor: it.ann }), 'done')
      expect(code(it, enter(it.ann, '4', byCode(12)), it.ann)).toBe('codeUsed step')
      expect(code(it, enter(it.ann, '4', byCode(11)), it.ann)).toBe('codeUsed step')
      expect(stateHash(loadState(rowsOf(it.state)))).toBe(stateHash(it.state))
    }
    expect(stateHash(loaded.state)).toBe(stateHash(world.state))
  })

  it('a recovery code counts once; a session that is refused uses up nothing', () => {
    const world = secured()
    const { ann } = world
    expect(code(world, enter(ann, '2', byRecovery('a')), ann)).toBe('invalidField tokenHash')
    must(send(world, enter(ann, '3', byRecovery('a')), { actor: ann }), 'done')
    expect(code(world, enter(ann, '4', byRecovery('a')), ann)).toBe(
      'recoveryCodeNotFound recoveryHash',
    )
    expect(findSecondFactor(world.state, ann)?.recoveryCodes).toBe(1)
    const both = { step: 20, recoveryHash: hash('b') }
    expect(code(world, enter(ann, '4', both), ann)).toBe('invalidField recoveryHash')
  })

  it('is switched off by its owner with a proof, and begins anew after that', () => {
    const world = secured()
    const { ann, bob } = world
    expect(code(world, disable(byCode(10)), ann)).toBe('codeUsed step')
    expect(code(world, disable(byCode(11)), bob)).toBe('secondFactorOff')
    must(send(world, disable(byRecovery('b')), { actor: ann }), 'done')
    expect(live(world, ann)).toEqual([])
    must(send(world, plain(ann, '5')), 'done')
    must(send(world, begin, { actor: ann }), 'done')
  })

  it('is reset by two operators, within a day, and neither is its owner', () => {
    const world = secured()
    const { ann } = world
    const [one, two] = ['one@example.org', 'two@example.org'].map((it) =>
      register(world, it, 'operator'),
    ) as [number, number]
    const ask: Command = { type: 'askSecondFactorReset', accountId: ann }
    const approve: Command = { type: 'approveSecondFactorReset', accountId: ann }
    expect(code(world, ask, 0)).toBe('notAllowed')
    expect(code(world, ask, ann)).toBe('notAllowed')
    expect(code(world, approve, one)).toBe('factorResetNotAsked')
    must(send(world, ask, { actor: one }), 'done')
    expect(factorResets(world.state)).toEqual([
      { accountId: ann, askedBy: one, askedAtMs: world.nowMs },
    ])
    expect(code(world, approve, one)).toBe('secondPersonNeeded')
    world.nowMs += DAY
    expect(code(world, approve, two)).toBe('factorResetNotAsked')
    must(send(world, ask, { actor: two }), 'done')
    must(send(world, approve, { actor: one }), 'done')
    expect(findSecondFactor(world.state, ann)).toBeUndefined()
    expect(live(world, ann)).toEqual([])
    must(send(world, begin, { actor: one }), 'done')
    must(send(world, enable(), { actor: one }), 'done')
    const own = { type: 'askSecondFactorReset', accountId: one } as const
    expect(code(world, own, one)).toBe('notAllowed')
  })

  it('goes with its account', () => {
    const world = secured()
    must(send(world, { type: 'deleteAccount', accountId: world.ann }), 'done')
    expect(findSecondFactor(world.state, world.ann)).toBeUndefined()
    expect(rowsOf(world.state).some(({ table }) => table === 'second_factors')).toBe(false)
  })
})

describe('who needs one', () => {
  it('does nothing else, from the rule on, until there is one; passengers and the cluster need none', () => {
    const world = railway()
    const olga = register(world, 'olga@example.org', 'operator')
    const rule = (validFromMs: number, roles: readonly ('staff' | 'operator')[]): Command => ({
      type: 'setSecondFactorRule',
      validFromMs,
      roles,
    })
    expect(code(world, rule(0, []), world.ann)).toBe('notAllowed')
    expect(code(world, rule(0, ['staff', 'staff']), olga)).toBe('invalidField roles[1]')
    must(send(world, rule(world.nowMs + DAY, ['operator']), { actor: olga }), 'done')
    const work: Command = { type: 'setAccountOpen', accountId: world.bob, open: true }
    must(send(world, work, { actor: olga }), 'done')
    world.nowMs += DAY
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (const it of [world, loaded]) {
      expect(code(it, work, olga)).toBe('secondFactorRequired actor')
      must(send(it, plain(olga, '7'), { actor: olga }), 'done')
      must(send(it, begin, { actor: olga }), 'done')
      expect(code(it, work, olga)).toBe('secondFactorRequired actor')
      must(send(it, enable(), { actor: olga }), 'done')
      must(send(it, work, { actor: olga }), 'done')
      must(send(it, begin, { actor: it.ann }), 'done')
    }
  })
})

it('a guest has none from level 3 on: the link would open nothing', () => {
  const world = railway()
  const asked = { type: 'openGuest', email: 'gil@example.org', displayName: 'Gil' } as const
  const { accountId: guest } = must(send(world, asked), 'guestOpened')
  expect(code(world, begin, guest)).toBe('guestNoSecondFactor actor')
  world.state.meta.featureLevel = 2
  must(send(world, begin, { actor: guest }), 'done')
  const old = { ...world, state: loadState(rowsOf(world.state)) }
  world.state.meta.featureLevel = 3
  expect(code(world, enable(), guest)).toBe('guestNoSecondFactor actor')
  // As it was decided before, it stays.
  must(send(old, enable(), { actor: guest }), 'done')
  const linkHash = hash('7')
  must(send(old, { type: 'grantGuestLink', accountId: guest, linkHash, ttlMs: DAY }), 'done')
  const open = { type: 'openGuestLink', accountId: guest, linkHash } as const
  expect(must(send(old, { ...open, tokenHash: hash('8'), ttlMs: DAY }), 'refused').code).toBe(
    'secondFactorNeeded',
  )
})

it('an operator ends all sessions of somebody', () => {
  const world = railway()
  const olga = register(world, 'olga@example.org', 'operator')
  for (const digit of ['1', '2']) must(send(world, plain(world.ann, digit)), 'done')
  const end: Command = { type: 'endSessions', accountId: world.ann }
  expect(code(world, end, world.bob)).toBe('notAllowed')
  expect(code(world, { ...end, accountId: 99 }, olga)).toBe('accountNotFound accountId')
  must(send(world, end, { actor: olga }), 'done')
  expect(live(world, world.ann)).toEqual([])
})
