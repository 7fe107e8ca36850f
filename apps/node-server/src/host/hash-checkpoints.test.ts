import { expect, test } from 'vitest'
import { everyEntries, HashCheckpoints } from './hash-checkpoints.ts'
import { haveCommonIndex } from './hash-verdict.ts'

/** Applies entries in runs of such a length, as one node does. */
function applied(upTo: number, run: number): HashCheckpoints {
  const checkpoints = new HashCheckpoints({ index: 0, stateHash: '0' })
  for (let index = 1; index <= upTo; index += 1) {
    if (index % everyEntries === 0) checkpoints.passed(index, `${index}`)
    if (index % run === 0 || index === upTo) checkpoints.paused(index, `${index}`)
  }
  return checkpoints
}

test('are kept by rising index, each once, and not more than 256', () => {
  const all = applied(100_000, 1).all()
  expect(all.length).toBeLessThanOrEqual(256)
  const indexes = all.map(({ index }) => index)
  expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
  expect(indexes.at(-1)).toBe(100_000)
})

test('have an index in common, however two nodes cut the log into runs and however one lags', () => {
  for (const [one, other, lag] of [
    [1, 1, 0],
    [7, 11, 0],
    [1, 1_000, 0],
    [13, 17, 5_000],
    [1, 3, 64],
  ] as const)
    expect(haveCommonIndex(applied(50_000, one).all(), applied(50_000 - lag, other).all())).toBe(
      true,
    )
})

test('begin with what a node started from', () => {
  expect(new HashCheckpoints({ index: 7, stateHash: 'a' }).all()).toEqual([
    { index: 7, stateHash: 'a' },
  ])
})
