import { expect, it } from 'vitest'
import { KeyIndex } from './key-index.ts'

it.each([[[0, 0, 0, 0]], [[1, 2, 3, 4]], [[0xdead_beef, 7, 0, 1]]])(
  'finds every key and hardly ever another, whatever the secret %j is',
  (salt) => {
    const index = new KeyIndex()
    const keyOf = (id: number) => `a:${id % 9} HoldSeats ${String(id).padStart(22, '0')}`
    for (let id = 1; id <= 50_000; id++) index.add(keyOf(id), id, salt)
    let others = 0
    for (let id = 1; id <= 50_000; id++) {
      const found = index.find(keyOf(id), salt)
      expect(found.includes(id)).toBe(true)
      others += found.length - 1
      others += index.find(`${keyOf(id)}x`, salt).length
    }
    expect(others).toBeLessThan(20)
  },
)
