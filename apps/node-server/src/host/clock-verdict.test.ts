import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClockEstimate, clockLimitMs, judgeClock } from './clock-verdict.ts'

const peer = (offsetMs: number, uncertaintyMs = 1): ClockEstimate => ({
  id: `p${offsetMs}`,
  offsetMs,
  uncertaintyMs,
})
const within = (most: number) => fc.double({ min: -most, max: most, noNaN: true })
/** A peer whose true offset lies within its uncertainty of the estimate. */
const seen = (trueOffset: fc.Arbitrary<number>) =>
  fc
    .record({
      trueOffset,
      error: within(1),
      uncertaintyMs: fc.double({ min: 0, max: 500, noNaN: true }),
    })
    .map(({ trueOffset, error, uncertaintyMs }) =>
      peer(trueOffset + error * uncertaintyMs, uncertaintyMs),
    )
const sign = fc.constantFrom(-1, 1)

test.each([
  [1, [], 'fine'],
  [3, [], undefined],
  [3, [0, 0], 'fine'],
  [3, [0], 'fine'],
  [3, [60_000], undefined],
  [3, [60_000, 60_000], 'off'],
  [3, [-60_000, -60_100], 'off'],
  [3, [0, 60_000], 'fine'],
  [3, [5_000, 5_000], 'fine'],
  [5, [60_000, 60_000], 'off'],
  [5, [0, 60_000, 60_000], undefined],
  [5, [60_000, 60_000, 60_000], 'off'],
  [5, [0, 0, 60_000, 60_000], 'fine'],
] as const)('of %i members with peers at %j: %s', (members, offsets, state) => {
  expect(
    judgeClock(
      members,
      offsets.map((offset) => peer(offset)),
    )?.state,
  ).toBe(state)
})

test('says how far off, and whose clocks are fine', () => {
  expect(judgeClock(3, [peer(60_000), peer(60_100)])).toEqual({
    state: 'off',
    offsetMs: -60_000,
    fine: ['p60000', 'p60100'],
  })
  expect(judgeClock(3, [peer(0), peer(60_000)])?.fine).toEqual(['p0'])
})

test('what is off by less than its uncertainty beyond the limit is not off', () => {
  expect(judgeClock(3, [peer(5_400, 500), peer(5_400, 500)])).toBeUndefined()
  expect(judgeClock(3, [peer(5_600, 500), peer(5_600, 500)])?.state).toBe('off')
})

test('nothing is said without a majority of clocks', () => {
  fc.assert(
    fc.property(fc.array(seen(within(1e9))), fc.nat(9), (peers, more) => {
      expect(judgeClock(2 * (peers.length + 1) + more, peers)).toBeUndefined()
    }),
  )
})

test('a node whose clock agrees with a majority of all is never off, whatever the others say', () => {
  const clusters = fc
    .nat(4)
    .chain((half) =>
      fc.tuple(
        fc.array(seen(within(clockLimitMs)), { minLength: half, maxLength: half }),
        fc.array(seen(within(1e9)), { maxLength: half }),
      ),
    )
  fc.assert(
    fc.property(clusters, ([near, others]) => {
      const members = 2 * near.length + 1
      expect(judgeClock(members, [...near, ...others])?.state).not.toBe('off')
    }),
  )
})

test('a node that a majority is certainly ahead of, or behind, is off, whatever the others say', () => {
  const clusters = fc
    .tuple(fc.integer({ min: 1, max: 4 }), sign)
    .chain(([half, way]) =>
      fc.tuple(
        fc.array(
          seen(
            fc.double({ min: clockLimitMs + 1_001, max: 1e9, noNaN: true }).map((it) => way * it),
          ),
          { minLength: half + 1, maxLength: half + 1 },
        ),
        fc.array(seen(within(1e9)), { maxLength: half - 1 }),
      ),
    )
  fc.assert(
    fc.property(clusters, ([far, others]) => {
      const members = 2 * far.length - 1
      expect(judgeClock(members, [...others, ...far])?.state).toBe('off')
    }),
  )
})

test('the order of the answers does not count', () => {
  const shuffled = fc
    .array(seen(within(20_000)), { maxLength: 8 })
    .chain((peers) =>
      fc.tuple(fc.constant(peers), fc.shuffledSubarray(peers, { minLength: peers.length })),
    )
  fc.assert(
    fc.property(shuffled, ([peers, other]) => {
      const one = judgeClock(5, peers)
      const two = judgeClock(5, other)
      expect([two?.state, two?.offsetMs]).toEqual([one?.state, one?.offsetMs])
    }),
  )
})
