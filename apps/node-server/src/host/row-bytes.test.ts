import { expect, test } from 'vitest'
import { bytesOf } from './row-bytes.ts'

test('a row weighs what it is made of and its texts, whatever its type', () => {
  expect(bytesOf([])).toBe(0)
  const small = bytesOf([{ type: 'upsert', table: 'sessions', values: ['a', 1, null, 1] }])
  expect(small).toBe(96 + 4 * 8 + 1)
  const long = { type: 'upsert', table: 'sessions', values: ['a'.repeat(5_000), 1, 1, 1] } as const
  expect(bytesOf([long])).toBe(small + 4_999)
  expect(bytesOf([long, { type: 'delete', table: 'sessions', key: ['ab'] }])).toBe(
    small + 4_999 + 96 + 8 + 2,
  )
})
