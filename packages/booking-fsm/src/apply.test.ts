import { describe, expect, it } from 'vitest'
import {
  emptyWorld,
  fares,
  founding,
  hold,
  key,
  MONDAY,
  must,
  railway,
  register,
  send,
  station,
  stations,
} from '../test/world.ts'
import { applyEntry } from './apply.ts'
import type { Command, Entry } from './commands.ts'
import { info } from './queries/info.ts'
import { stateHash } from './snapshot.ts'

const tick: Command = { type: 'tick' }

describe('the entry', () => {
  it('is refused without any change when its index does not grow', () => {
    const { state } = railway()
    const before = stateHash(state)
    const { appliedIndex } = info(state)
    for (const index of [appliedIndex, 0, -1, 1.5, Number.NaN, 2 ** 53]) {
      const entry: Entry = { index, timestampMs: MONDAY, actor: 0, key: undefined, command: tick }
      const { reply, changes } = applyEntry(state, entry)
      expect(reply).toMatchObject({ code: 'invalidField', field: 'index' })
      expect(changes).toEqual([])
    }
    expect(stateHash(state)).toBe(before)
  })

  it('may skip indexes: the log has entries of its own', () => {
    const world = railway()
    world.index += 10
    must(send(world, tick), 'done')
    expect(info(world.state).appliedIndex).toBe(world.index)
  })

  it('moves the clock forward only', () => {
    const world = railway()
    world.nowMs = MONDAY + 5_000
    send(world, tick)
    world.nowMs = MONDAY
    send(world, tick)
    expect(info(world.state).nowMs).toBe(MONDAY + 5_000)
  })

  it('is refused with a stamp that is no instant, and the clock stays', () => {
    const world = railway()
    for (const timestampMs of [-1, 0.5, Number.POSITIVE_INFINITY, 9e15, 'now']) {
      world.nowMs = timestampMs as number
      expect(send(world, tick)).toMatchObject({ code: 'invalidField', field: 'timestampMs' })
      expect(info(world.state)).toMatchObject({ nowMs: MONDAY, appliedIndex: world.index })
    }
  })

  it('writes the meta row always, and at most one more for a hold', () => {
    const world = railway()
    send(world, tick)
    expect(world.changes.map(({ table }) => table)).toEqual(['meta'])
    const requestKey = key('r1', { principal: `a:${world.ann}` })
    must(send(world, hold(world.runId), { actor: world.ann, key: requestKey }), 'seatsHeld')
    expect(world.changes.map(({ table }) => table)).toEqual(['bookings', 'meta'])
  })

  it('needs a known type of command', () => {
    const world = railway()
    for (const command of [{ type: 'constructor' }, {}, null, 'tick', []]) {
      expect(send(world, command as unknown as Command)).toMatchObject({
        code: 'invalidField',
        field: 'type',
      })
    }
  })

  it('needs an actor who exists', () => {
    const world = railway()
    const actor = world.bob + 1
    expect(send(world, tick, { actor })).toMatchObject({ code: 'accountNotFound', field: 'actor' })
    expect(send(world, tick, { actor: -1 })).toMatchObject({ field: 'actor' })
  })

  it('needs a key that is well formed and the actor’s own', () => {
    const world = railway()
    const wrong = [
      [{ principal: 'x:1' }, 'invalidField', 'key.principal'],
      [{ principal: 'a:1 2' }, 'invalidField', 'key.principal'],
      [{ method: '' }, 'invalidField', 'key.method'],
      [{ requestId: 'x'.repeat(65) }, 'invalidField', 'key.requestId'],
      [{ contentHash: 'G' }, 'invalidField', 'key.contentHash'],
      [{ principal: `a:${world.bob}` }, 'notAllowed', 'key.principal'],
    ] as const
    for (const [changed, code, field] of wrong) {
      const by = { actor: world.ann, key: key('r', changed) }
      expect(send(world, tick, by)).toMatchObject({ code, field })
    }
    expect(info(world.state).rememberedRequests).toBe(0)
  })
})

describe('founding', () => {
  it('comes first', () => {
    const world = emptyWorld()
    for (const command of [tick, fares, hold(1), stations([station('A')])]) {
      expect(send(world, command)).toMatchObject({ code: 'notFounded' })
    }
    expect(info(world.state).founded).toBe(false)
    must(send(world, founding), 'done')
    expect(info(world.state)).toMatchObject({ founded: true, currency: 'EUR' })
  })

  it('happens once', () => {
    expect(send(railway(), founding)).toMatchObject({ code: 'alreadyFounded' })
  })

  it('is checked field by field', () => {
    const world = emptyWorld()
    const wrong = [
      ['clusterId', 'XYZ'],
      ['pnrKey', [1, 2, 3]],
      ['pnrKey[3]', [1, 2, 3, 2 ** 32]],
      ['currency', 'euro'],
      ['holdMs', 0],
      ['paymentWindowMs', 1e9],
    ] as const
    for (const [field, value] of wrong) {
      const command = { ...founding, [field.replace(/\[.*/, '')]: value } as Command
      expect(send(world, command)).toMatchObject({ code: 'invalidField', field })
    }
  })

  it('is the cluster’s alone, as is the clock', () => {
    const world = emptyWorld()
    expect(send(world, founding, { key: key('r') })).toMatchObject({ code: 'notAllowed' })
    must(send(world, founding), 'done')
    expect(send(world, tick, { key: key('r2') })).toMatchObject({ code: 'notAllowed' })
    const ann = register(world, 'ann@example.org', 'operator')
    expect(send(world, tick, { actor: ann })).toMatchObject({ code: 'notAllowed' })
  })
})
