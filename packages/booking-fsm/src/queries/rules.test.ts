import { describe, expect, it } from 'vitest'
import { DAY, must, railway, send, waitingLists } from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { commandTypes } from '../dispatch.ts'
import { tables } from '../tables.ts'
import { listRules, ruleKinds } from './rules.ts'

const sales = (validFromMs: number, maxPassengers: number): Command => ({
  type: 'setSalesRule',
  validFromMs,
  holdMs: 60_000,
  extensionMs: 0,
  maxOpenHolds: 2,
  maxPassengers,
  opensBeforeMs: 0,
  closesBeforeMs: 0,
})

describe('the rules in force', () => {
  it('are all there are, by kind and instant; one of each kind counts', () => {
    const world = railway()
    const now = world.nowMs
    for (const command of [sales(0, 1), sales(now, 2), sales(now, 3), sales(now + DAY, 4)])
      must(send(world, command), 'done')
    must(send(world, waitingLists), 'done')
    const all = listRules(world.state, { atMs: now, withoutPast: false })
    const counting = all.filter(({ counts }) => counts).map(({ kind, ruleId }) => [kind, ruleId])
    expect(counting).toEqual([
      ['fare', 1],
      ['refund', 1],
      ['sales', 3],
      ['waiting', 1],
    ])
    const later = listRules(world.state, { kind: 'sales', atMs: now + DAY, withoutPast: true })
    expect(later).toEqual([
      {
        kind: 'sales',
        ruleId: 4,
        validFromMs: now + DAY,
        counts: true,
        content: { terms: expect.objectContaining({ maxPassengers: 4, maxOpenHolds: 2 }) },
      },
    ])
  })

  it('none counts before the first one does', () => {
    const world = railway()
    must(send(world, sales(world.nowMs + DAY, 1)), 'done')
    const found = listRules(world.state, { kind: 'sales', atMs: world.nowMs, withoutPast: true })
    expect(found.map(({ counts }) => counts)).toEqual([false])
  })

  it('every table of rules is listed, and every command that sets one has a table', () => {
    const named = tables.filter(({ name }) => name.endsWith('_rules'))
    for (const { name } of named) expect(ruleKinds).toContain(name.replace('_rules', ''))
    const listed = tables.filter(({ name }) => ruleKinds.includes(name.replace('_rules', '')))
    for (const { name, columns, keyColumns } of listed) {
      expect([name, keyColumns, columns[0]?.type]).toEqual([name, 1, 'integer'])
    }
    // Those that have no series of their own stand in another's.
    const shared = new Map([['cancellation', 'refund']])
    const set = commandTypes.flatMap((type) => /^set([A-Z]\w*)Rule$/.exec(type)?.[1] ?? [])
    for (const word of set) {
      const kind = word.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
      expect(ruleKinds).toContain(shared.get(kind) ?? kind)
    }
  })
})
