import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const packageFolder = new URL('../', import.meta.url)
const page = readFileSync(new URL('../../docs/internals/raft-pitfalls.md', packageFolder), 'utf8')

/** Lines of the tables: `| A1 | mistake | guard | test |`. */
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^[A-H]\d+$/.test(cells[1] ?? ''))

const idsOf = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)

describe('the page of pitfalls', () => {
  it('has a line for each', () => {
    const expected = [
      ...idsOf('A', 13),
      ...idsOf('B', 11),
      ...idsOf('C', 10),
      ...idsOf('D', 8),
      ...idsOf('E', 7),
      ...idsOf('F', 11),
    ]
    const found = rows.map((cells) => cells[1])
    expect(expected.filter((id) => !found.includes(id))).toEqual([])
    expect(found.filter((id, i) => found.indexOf(id) !== i)).toEqual([])
  })

  it.each(rows)('%s %s: its tests are there', (...cells) => {
    const named = [...(cells[4] ?? '').matchAll(/`([^`]+\.test\.ts)`: ([^;]+)/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, file, title] of named) {
      const source = readFileSync(new URL(`src/${file}`, packageFolder), 'utf8')
      expect(source).toContain((title as string).trim())
    }
  })
})
