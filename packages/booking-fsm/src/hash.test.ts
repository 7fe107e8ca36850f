import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { held, railway } from '../test/world.ts'
import { hashOfRows, hashText, rowHash } from './hash.ts'
import type { Value } from './rows.ts'
import { rowsOf, stateHash } from './snapshot.ts'

describe('a row’s hash', () => {
  it('stays what it is: databases are compared with it', () => {
    const text = (table: string, values: Value[]) => {
      const { low, high } = rowHash(table, values)
      return hashText(low, high)
    }
    expect([
      text('runs', [1, 2, 20261123, 1_795_000_000_000, null]),
      text('accounts', ['é€😀', '', -1]),
    ]).toMatchInlineSnapshot(`
      [
        "25f209e7497713a8",
        "d76081825e2133b7",
      ]
    `)
  })

  it('tells rows apart by table, type, order and every bit', () => {
    const rows: [string, Value[]][] = [
      ['a', []],
      ['b', []],
      ['a', [null]],
      ['a', [0]],
      ['a', ['']],
      ['a', ['\0']],
      ['a', ['\0\0']],
      ['a', ['0']],
      ['a', [0, 0]],
      ['a', [1, 2]],
      ['a', [2, 1]],
      ['a', ['ab', 'c']],
      ['a', ['a', 'bc']],
      ['a', [2 ** 32]],
      ['a', [-1]],
      ['a', [2 ** 32 - 1]],
      ['a', [Number.MAX_SAFE_INTEGER]],
      ['a', [Number.MIN_SAFE_INTEGER]],
    ]
    const lows = rows.map(([table, values]) => rowHash(table, values).low)
    const highs = rows.map(([table, values]) => rowHash(table, values).high)
    expect(new Set(lows).size).toBe(rows.length)
    expect(new Set(highs).size).toBe(rows.length)
  })

  it('of many is the state’s, in whatever order, and another one without any of them', () => {
    const world = railway()
    held(world, world.ann, world.runId)
    const rows = rowsOf(world.state)
    expect(hashOfRows(rows)).toBe(stateHash(world.state))
    expect(hashOfRows(rows.toReversed())).toBe(stateHash(world.state))
    for (const row of rows)
      expect(hashOfRows(rows.filter((it) => it !== row))).not.toBe(stateHash(world.state))
  })

  it('spreads: one more in a number flips about half of the bits of each lane', () => {
    const bits = (lane: number) => lane.toString(2).replaceAll('0', '').length
    let low = 0
    let high = 0
    for (let i = 0; i < 1_000; i++) {
      const [a, b] = [rowHash('t', [i, 'x']), rowHash('t', [i + 1, 'x'])]
      low += bits((a.low ^ b.low) >>> 0)
      high += bits((a.high ^ b.high) >>> 0)
    }
    expect(Math.abs(low / 1_000 - 16)).toBeLessThan(0.5)
    expect(Math.abs(high / 1_000 - 16)).toBeLessThan(0.5)
  })

  it('is the same for equal values, whatever they are', () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value), (values) => {
        expect(rowHash('t', [...values])).toEqual(rowHash('t', values))
      }),
    )
  })
})
