/** Pages of docs/internals that name what is tested: their tables are compared with the tests. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { quiet, quietBefore3 } from '../test/invariants/audit.ts'
import { checks } from '../test/invariants/watch.ts'
import { quietBefore3 as quietBefore3InModel, quiet as quietInModel } from '../test/model/audit.ts'
import { refusalsPage } from '../test/refusals.ts'
import { UNRECORDED, UNRECORDED_BELOW_3 } from './audit/keep.ts'
import { commandTypes, levelOf } from './dispatch.ts'

const packageFolder = new URL('../', import.meta.url)

/** The lines of a page's table that begin with a letter and a number: `| P1 | … |`, as cells. */
function rowsOf(page: string, letter: string): string[][] {
  return readFileSync(new URL(`../../docs/internals/${page}`, packageFolder), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => new RegExp(`^${letter}\\d+$`).test(cells[1] ?? ''))
}

const idsOf = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)

describe('the page of pitfalls', () => {
  const rows = rowsOf('booking-pitfalls.md', 'P')

  it('has a line for each', () => {
    expect(rows.map((cells) => cells[1])).toEqual(idsOf('P', 16))
  })

  it.each(rows)('%s %s: its tests are there, or it says why it can not occur', (...cells) => {
    const named = [...(cells[4] ?? '').matchAll(/`([^`]+\.test\.ts)`: ([^;]+)/g)]
    if (named.length === 0) expect(cells[3]).toMatch(/^Can not occur/)
    for (const [, file, title] of named) {
      const source = readFileSync(new URL(file as string, packageFolder), 'utf8')
      expect(source).toContain((title as string).trim())
    }
  })
})

describe('the page of invariants', () => {
  const rows = rowsOf('booking-invariants.md', 'I')

  it('has a line for each', () => {
    expect(rows.map((cells) => cells[1])).toEqual(idsOf('I', 31))
  })

  it.each(rows)('%s %s: is checked where it says', (...cells) => {
    const [, id = '', , where = ''] = cells
    expect(where.includes('`Watch`')).toBe(id in checks)
    if (!where.includes('`')) expect(where).toMatch(/^Waits for/)
    for (const [, test = ''] of where.matchAll(/`([^`]+\.test\.ts)`/g)) {
      expect(() => readFileSync(new URL(test, packageFolder))).not.toThrow()
    }
  })
})

describe('the page of rules', () => {
  const page = readFileSync(
    new URL('../../docs/internals/booking-rules.md', packageFolder),
    'utf8',
  ).replaceAll('\n', ' ')
  const named = (text = '') => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()

  it('names the commands that leave no record, as the invariant and the model do', () => {
    const [, list] = /answered `resolved`, and (.*?), which come in masses/.exec(page) ?? []
    expect(named(list)).toEqual([...UNRECORDED].sort())
    expect([...quiet].sort()).toEqual([...UNRECORDED].sort())
    expect([...quietInModel].sort()).toEqual([...UNRECORDED].sort())
    const [, before] = /Below level 3 neither are (.*?)\./.exec(page) ?? []
    for (const one of [named(before), [...quietBefore3].sort(), [...quietBefore3InModel].sort()]) {
      expect(one).toEqual([...UNRECORDED_BELOW_3].sort())
    }
  })

  it('names the commands of the first feature level, once', () => {
    const lists = [...page.matchAll(/not remembered\. Level 1: (.*?)\. All others are of level 2/g)]
    expect(lists).toHaveLength(1)
    const first = commandTypes.filter((type) => levelOf(type) === 1)
    expect(named(lists[0]?.[1])).toEqual([...first].sort())
  })
})

/** After a change: `UPDATE_REFERENCE=1 pnpm --filter @quorail/booking-fsm test:process src/pages`. */
it('docs/reference/refusals.md is the table of refusals', () => {
  const file = new URL('../../docs/reference/refusals.md', packageFolder)
  if (process.env.UPDATE_REFERENCE === '1') writeFileSync(file, refusalsPage())
  expect(readFileSync(file, 'utf8')).toBe(refusalsPage())
})
