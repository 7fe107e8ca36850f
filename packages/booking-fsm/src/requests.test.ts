import { describe, expect, it } from 'vitest'
import {
  account,
  DAY,
  HOLD,
  hold,
  key,
  must,
  pay,
  type Railway,
  railway,
  register,
  send,
} from '../test/world.ts'
import type { RequestKey } from './commands.ts'
import { loadState } from './load.ts'
import { info } from './queries/info.ts'
import { findReply } from './queries/requests.ts'
import { BURNED_LIMIT, POOL_LIMITS, PRINCIPAL_LIMIT } from './request-memory.ts'
import { REQUEST_LIMIT } from './requests.ts'
import { rowsOf } from './snapshot.ts'

function own(world: Railway, requestId: string, contentHash = 'abc'): RequestKey {
  return key(requestId, { principal: `a:${world.ann}`, contentHash })
}

describe('a repeated request', () => {
  it('gets the same reply, byte for byte, and changes nothing', () => {
    const world = railway()
    const by = { actor: world.ann, key: own(world, 'r1') }
    const first = send(world, hold(world.runId, { passengers: 2 }), by)
    const rows = rowsOf(world.state)
    world.nowMs += 1_000
    const second = send(world, hold(world.runId, { passengers: 2 }), by)
    expect(JSON.stringify(second)).toBe(JSON.stringify(first))
    expect(world.changes.map(({ table }) => table)).toEqual(['meta'])
    const withoutMeta = (all: typeof rows) => all.filter(({ table }) => table !== 'meta')
    expect(withoutMeta(rowsOf(world.state))).toEqual(withoutMeta(rows))
  })

  it('gets what it was told, although the hold was extended since', () => {
    const world = railway()
    const by = { actor: world.ann, key: own(world, 'r1') }
    const first = must(send(world, hold(world.runId), by), 'seatsHeld')
    world.nowMs += HOLD - 1_000
    const payment = must(pay(world, world.ann, first), 'paymentStarted')
    expect(payment.expiresAtMs).toBeGreaterThan(first.expiresAtMs)
    expect(send(world, hold(world.runId), by)).toEqual(first)
  })

  it('gets its refusal again: a key does not succeed later by surprise', () => {
    const world = railway()
    const by = { key: key('r1') }
    expect(send(world, account('ann@example.org'), by)).toMatchObject({ code: 'emailTaken' })
    expect(send(world, account('carol@example.org'), by)).toMatchObject({ code: 'emailTaken' })
  })

  it('with other content is refused', () => {
    const world = railway()
    const command = hold(world.runId)
    must(send(world, command, { actor: world.ann, key: own(world, 'r1') }), 'seatsHeld')
    const other = own(world, 'r1', 'def')
    expect(send(world, command, { actor: world.ann, key: other })).toMatchObject({
      code: 'requestIdReused',
    })
    expect(findReply(world.state, other)).toMatchObject({ code: 'requestIdReused' })
  })

  it('of another caller or method is another request', () => {
    const world = railway()
    must(send(world, account('c@x.org'), { key: key('r1') }), 'accountRegistered')
    const other = key('r1', { principal: 'c:other' })
    must(send(world, account('d@x.org'), { key: other }), 'accountRegistered')
    must(send(world, account('e@x.org'), { key: key('r1', { method: 'B' }) }), 'accountRegistered')
  })
})

describe('the memory of requests', () => {
  it('lasts 24 hours of log time; bookings and payments know theirs for ever', () => {
    const world = railway()
    const [holding, paying] = [own(world, 'h'), own(world, 'p')]
    const { ann: actor } = world
    const booking = must(send(world, hold(world.runId), { actor, key: holding }), 'seatsHeld')
    const { bookingId, priceMinor: amountMinor } = booking
    const payment = send(
      world,
      { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor },
      { actor, key: paying },
    )
    must(send(world, account('c@x.org'), { key: key('r1') }), 'accountRegistered')
    world.nowMs += DAY - 1
    send(world, { type: 'tick' })
    expect(findReply(world.state, key('r1'))).toMatchObject({ type: 'accountRegistered' })
    world.nowMs += 1
    send(world, { type: 'tick' })
    expect(findReply(world.state, key('r1'))).toBeUndefined()
    expect(findReply(world.state, holding)).toEqual(booking)
    expect(findReply(world.state, paying)).toEqual(payment)
  })

  it('at feature level 1 is bounded by their number alone; the oldest in log order go first', () => {
    const world = railway()
    world.state.meta.featureLevel = 1
    for (let i = 0; i <= REQUEST_LIMIT; i++) {
      send(world, { type: 'closeSession', tokenHash: '0' }, { key: key(`r${i}`) })
    }
    expect(info(world.state).rememberedRequests).toBe(REQUEST_LIMIT)
    expect(findReply(world.state, key('r0'))).toBeUndefined()
    expect(findReply(world.state, key('r1'))).toBeDefined()
  })

  it('of one principal at most a thousand are kept, and nobody else loses one', () => {
    const world = railway()
    const ask = (principal: string, i: number) =>
      send(world, { type: 'closeSession', tokenHash: '0' }, { key: key(`r${i}`, { principal }) })
    const known = (principal: string, i: number) =>
      findReply(world.state, key(`r${i}`, { principal })) !== undefined
    ask('c:quiet', 0)
    ask('p:provider', 0)
    for (let i = 0; i <= PRINCIPAL_LIMIT; i++) {
      ask('c:loud', i)
      ask('p:provider', i + 1)
    }
    expect([known('c:loud', 0), known('c:loud', 1), known('c:loud', PRINCIPAL_LIMIT)]).toEqual([
      false,
      true,
      true,
    ])
    expect(known('c:quiet', 0)).toBe(true)
    expect(known('p:provider', 0)).toBe(true)
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    for (const one of [world, loaded]) {
      send(
        one,
        { type: 'closeSession', tokenHash: '0' },
        { key: key('last', { principal: 'c:loud' }) },
      )
    }
    expect(loaded.changes).toEqual(world.changes)
    expect(known('c:loud', 1)).toBe(false)
  })

  it('clients without an account can not push out those of accounts, nor can burned keys', () => {
    const world = railway()
    const refusedOnce = { type: 'closeSession', tokenHash: '0' } as const
    send(world, refusedOnce, { actor: world.ann, key: own(world, 'mine') })
    for (let i = 0; i <= POOL_LIMITS.anonymous; i++) {
      send(world, refusedOnce, { key: key('r', { principal: `c:browser${i}` }) })
    }
    for (let i = 0; i <= POOL_LIMITS.burned; i++) {
      const requestKey = key('b', { principal: `c:other${i}` })
      must(send(world, { type: 'resolveRequest', key: requestKey }), 'burned')
    }
    const { anonymous, burned } = POOL_LIMITS
    expect(info(world.state).rememberedRequests).toBe(1 + anonymous + burned)
    expect(findReply(world.state, own(world, 'mine'))).toBeDefined()
    expect(findReply(world.state, key('r', { principal: 'c:browser0' }))).toBeUndefined()
    expect(findReply(world.state, key('r', { principal: 'c:browser1' }))).toBeDefined()
    expect(findReply(world.state, key('b', { principal: 'c:other0' }))).toBeUndefined()
  })

  it('of one principal at most a hundred burned keys are kept', () => {
    const world = railway()
    for (let i = 0; i <= BURNED_LIMIT; i++) {
      must(send(world, { type: 'resolveRequest', key: own(world, `r${i}`) }), 'burned')
    }
    expect(info(world.state).rememberedRequests).toBe(BURNED_LIMIT)
    expect(findReply(world.state, own(world, 'r0'))).toBeUndefined()
  })
})

describe('resolveRequest', () => {
  it('gives the earlier reply', () => {
    const world = railway()
    const requestKey = own(world, 'r1')
    const reply = send(world, hold(world.runId), { actor: world.ann, key: requestKey })
    const resolved = send(world, { type: 'resolveRequest', key: requestKey }, { actor: world.ann })
    expect(resolved).toEqual({ type: 'resolved', reply })
  })

  it('burns a key that is not known, so that the request can not happen any more', () => {
    const world = railway()
    const requestKey = own(world, 'r1')
    const resolve = { type: 'resolveRequest', key: requestKey } as const
    expect(send(world, resolve, { actor: world.ann })).toEqual({ type: 'burned' })
    expect(send(world, resolve, { actor: world.ann })).toEqual({ type: 'burned' })
    expect(findReply(world.state, requestKey)).toEqual({ type: 'burned' })
    const late = send(world, hold(world.runId), { actor: world.ann, key: requestKey })
    expect(late).toMatchObject({ code: 'requestBurned' })
    const changed = { actor: world.ann, key: own(world, 'r1', 'def') }
    expect(send(world, hold(world.runId), changed)).toMatchObject({ code: 'requestBurned' })
  })

  it('says when the id was used for something else', () => {
    const world = railway()
    const requestKey = own(world, 'r1')
    send(world, hold(world.runId), { actor: world.ann, key: requestKey })
    const other = own(world, 'r1', 'def')
    expect(send(world, { type: 'resolveRequest', key: other })).toMatchObject({
      code: 'requestIdReused',
    })
  })

  it('is for one’s own requests', () => {
    const world = railway()
    const staff = register(world, 'staff@example.org', 'staff')
    const resolve = { type: 'resolveRequest', key: own(world, 'r1') } as const
    const notAllowed = { code: 'notAllowed', field: 'key.principal' }
    expect(send(world, resolve, { actor: world.bob })).toMatchObject(notAllowed)
    expect(send(world, resolve, { actor: staff })).toMatchObject(notAllowed)
    expect(send(world, resolve, { key: key('x') })).toMatchObject(notAllowed)
    const anonymous = { type: 'resolveRequest', key: key('r2') } as const
    expect(send(world, anonymous, { key: key('x') })).toEqual({ type: 'burned' })
    expect(send(world, resolve)).toEqual({ type: 'burned' })
  })
})
