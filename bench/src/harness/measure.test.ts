import { expect, test } from 'vitest'
import { type Case, compare, measure, roundOrder, summarise } from './measure.ts'
import type { Sample } from './sample.ts'

const sample = (operations: number, wallSeconds = 1, cpuSeconds = 0.5): Sample => ({
  ...{ operations, wallSeconds, cpuSeconds },
})

/** A case that writes down when it ran and how long it was told to. */
function recording(name: string, diary: string[], result = sample(10)): Case {
  return {
    name,
    unit: 'things',
    run: async (seconds) => {
      diary.push(`${name} ${seconds}`)
      return result
    },
  }
}

test('cases take turns, and another one begins each round', async () => {
  const diary: string[] = []
  const cases = [recording('a', diary), recording('b', diary), recording('c', diary)]
  await measure(cases, { seconds: 6, rounds: 3 })
  const order = diary.map((line) => line[0]).join('')
  expect(order.slice(0, 3)).toBe('abc')
  expect(order.slice(3)).toBe('abcbcacab')
})

test('every round order has every case once', () => {
  for (let round = 0; round < 7; round++) {
    expect([...roundOrder(4, round)].sort()).toEqual([0, 1, 2, 3])
  }
})

test('the rounds share the seconds, and the warm-up is not among the figures', async () => {
  const diary: string[] = []
  const [measured] = await measure([recording('a', diary)], { seconds: 8, rounds: 4 })
  expect(diary).toEqual(['a 2', 'a 2', 'a 2', 'a 2', 'a 2'])
  expect(measured?.rounds).toHaveLength(4)
})

test('short rounds are warmed up for longer', async () => {
  const diary: string[] = []
  await measure([recording('a', diary)], { seconds: 2, rounds: 20 })
  expect(diary.slice(0, 2)).toEqual(['a 0.5', 'a 0.1'])
})

test('progress counts warm-ups and rounds to the end', async () => {
  const seen: string[] = []
  const cases = [recording('a', []), recording('b', [])]
  await measure(cases, { seconds: 1, rounds: 2 }, (done, all) => seen.push(`${done}/${all}`))
  expect(seen).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6'])
})

test('rates are medians of rounds, by the clock and by the processor', () => {
  const samples = [sample(100, 1, 0.1), sample(400, 2, 0.1), sample(90, 3, 0.1)]
  expect(summarise('a', 'things', samples)).toMatchObject({
    perSecond: { median: 100, least: 30, most: 200 },
    perCpuSecond: 1000,
    cpuMicrosPerOperation: 1000,
    latencyMs: undefined,
  })
})

test('counts add up over the rounds, latencies are pooled', () => {
  const one = { ...sample(2), counts: { syncs: 3 }, latenciesMs: new Float64Array([5, 1]) }
  const two = { ...sample(2), counts: { syncs: 4 }, latenciesMs: new Float64Array([2]) }
  const { counts, latencyMs } = summarise('a', 'things', [one, two])
  expect(counts).toEqual({ syncs: 7 })
  expect(latencyMs).toMatchObject({ count: 3, p50: 2, max: 5 })
})

test('a comparison pairs the rounds', () => {
  const ours = summarise('a', 'things', [sample(100, 1, 1), sample(10, 1, 1), sample(50, 1, 1)])
  const theirs = summarise('b', 'things', [sample(50, 1, 2), sample(5, 1, 2), sample(25, 1, 2)])
  expect(compare(ours, theirs)).toEqual({ wall: 2, cpu: 4 })
})
