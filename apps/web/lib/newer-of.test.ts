import { expect, it } from 'vitest'
import { newerOf } from './newer-of'

it('takes what is as new or newer, and keeps what is newer', () => {
  const at = (index: bigint) => ({ index })
  expect(newerOf(undefined, at(3n))).toEqual(at(3n))
  expect(newerOf(at(3n), at(4n))).toEqual(at(4n))
  expect(newerOf(at(4n), at(3n))).toEqual(at(4n))
  const again = at(4n)
  expect(newerOf(at(4n), again)).toBe(again)
})
