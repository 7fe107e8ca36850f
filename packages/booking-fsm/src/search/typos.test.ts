import fc from 'fast-check'
import { expect, it } from 'vitest'
import { slipsAllowed, slipsBetween } from './typos.ts'

/** By the definition: what is left when a letter is wrong, missing, too many, or swapped with the next. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const options = [
    distance(a.slice(1), b) + 1,
    distance(a, b.slice(1)) + 1,
    distance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ]
  if (a.length > 1 && a[0] === b[1] && a[1] === b[0]) {
    options.push(distance(a.slice(2), b.slice(2)) + 1)
  }
  return Math.min(...options)
}

it('counts slips against the best beginning, as the definition does', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
  fc.assert(
    fc.property(word, word, fc.nat(2), fc.nat(3), (typed, text, most, start) => {
      const from = Math.min(start, text.length)
      const tail = text.slice(from)
      const beginnings = Array.from({ length: tail.length + 1 }, (_, i) => tail.slice(0, i))
      const least = Math.min(...beginnings.map((it) => distance(typed, it)))
      const expected = least <= most ? least : undefined
      expect(slipsBetween(typed, `${text}abc`, from, text.length, most)).toBe(expected)
    }),
    { numRuns: 500 },
  )
})

it('forgives nothing in three letters, one slip in seven, two in more', () => {
  expect([3, 4, 7, 8, 80].map(slipsAllowed)).toEqual([0, 1, 1, 2, 2])
})
