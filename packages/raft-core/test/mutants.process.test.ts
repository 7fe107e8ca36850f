import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'

// The hunts take turns; that each of them can be made at all is seen every time.
it.each(MUTANTS)('the place of a planted bug is there, once: $name', ({ file, from, to }) => {
  const text = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')
  expect(text.split(from)).toHaveLength(2)
  expect(to).not.toBe(from)
})
