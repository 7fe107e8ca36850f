import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Value } from '../rows.ts'
import { packRow, unpackRow } from './pack.ts'
import { PackedRows } from './packed-rows.ts'

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefA') }),
  fc.constant(null),
)

it('a row comes back from its bytes as it was', () => {
  const long: Value[] = ['x'.repeat(70_000), 'Ω'.repeat(9_000), '00'.repeat(5_000), 2 ** 53 - 1]
  expect(unpackRow(packRow(long), 0, packRow(long).length)).toEqual(long)
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), (values) => {
      const bytes = packRow(values).slice()
      expect(unpackRow(bytes, 0, bytes.length)).toEqual(values)
    }),
  )
})

it('rows by id come back as they were set last, whether they grew or not', () => {
  const row = fc.record({ id: fc.integer({ min: 1, max: 9_000 }), values: fc.array(value) })
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const packed = new PackedRows()
      const plain = new Map<number, readonly Value[]>()
      for (const { id, values } of rows) {
        packed.set(id, values)
        plain.set(id, values)
        for (const [other, expected] of plain) expect(packed.get(other)).toEqual(expected)
      }
      expect(packed.has(9_001)).toBe(false)
    }),
  )
})
