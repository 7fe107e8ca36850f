import { expect, it } from 'vitest'
import { IdTable } from './id-table.ts'

it('a table by ids gives what was put in, in the order of ids, over the borders of pages', () => {
  const table = new IdTable<string>()
  for (const id of [1_024, 1, 5_000, 1_023, 1]) table.set(id, `thing ${id}`)
  expect(table.size).toBe(4)
  expect([...table.values()]).toEqual(['thing 1', 'thing 1023', 'thing 1024', 'thing 5000'])
  expect(table.get(1_024)).toBe('thing 1024')
  for (const other of [0, 2, 6_000, -1, 0.5, 1e300, Number.NaN]) {
    expect(table.get(other)).toBeUndefined()
  }
})
