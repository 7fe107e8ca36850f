import { expect, test } from 'vitest'
import { createTurns } from './compressions.ts'

test('so many at once and no more, in the order in which they came, whatever becomes of them', async () => {
  const turn = createTurns(2)
  let running = 0
  let most = 0
  const begun: number[] = []
  const ends = await Promise.allSettled(
    Array.from({ length: 9 }, (_, at) =>
      turn(async () => {
        begun.push(at)
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 1))
        running -= 1
        if (at % 3 === 0) throw new Error('no')
      }),
    ),
  )
  expect(most).toBe(2)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(3)
})
