import { expect, test } from 'vitest'
import type { FaultRecord } from './faults/fault.ts'
import type { TrafficCounts } from './traffic.ts'
import { whyWorthless } from './why-worthless.ts'

/** What two faults want at least. */
const done = { hold: 26, pay: 10, cancel: 4, release: 5, seatMap: 16, booking: 16 }
const traffic: TrafficCounts = {
  ...{ operations: 90, done, refusedForSeat: 1, notDone: 0, unanswered: 0 },
  ...{ resolved: {}, unresolved: 0, sentTwice: 0 },
}
const cut = (bytesDropped: number): FaultRecord => ({
  ...{ kind: 'power cut of all', fromMs: 0, toMs: 1, nodes: ['n1'] },
  proof: { bytesDropped },
})
const faults = [cut(0), cut(5)]
const judged = { compared: 100, undecided: 5 }

test('a run with enough traffic, cuts that took something, and a checker that decided proves something', () => {
  expect(whyWorthless(traffic, faults, judged)).toEqual([])
})

test.each(Object.entries(done))('with one %s fewer than %i it proves nothing', (kind, least) => {
  const fewer = { ...traffic, done: { ...done, [kind]: least - 1 } }
  expect(whyWorthless(fewer, faults, judged)).toEqual([
    `only ${least - 1} times ${kind}, and ${least} are the least`,
  ])
})

test('a call that never happened counts as none', () => {
  const { pay: _none, ...others } = done
  expect(whyWorthless({ ...traffic, done: others }, faults, judged)).toEqual([
    'only 0 times pay, and 10 are the least',
  ])
})

test('more faults want more traffic', () => {
  const twenty = Array.from({ length: 20 }, () => cut(1))
  expect(whyWorthless(traffic, twenty, judged)).toHaveLength(Object.keys(done).length)
})

test('when nobody wanted a seat that somebody else had it proves nothing', () => {
  expect(whyWorthless({ ...traffic, refusedForSeat: 0 }, faults, judged)).toEqual([
    'nobody wanted a seat that somebody else had',
  ])
})

test('power cuts that took nothing away prove nothing; without any there is nothing to take', () => {
  expect(whyWorthless(traffic, [cut(0), cut(0)], judged)).toEqual([
    'no power cut took anything away',
  ])
  const kill = { ...cut(0), kind: 'kill all', proof: { kills: 3 } }
  expect(whyWorthless(traffic, [kill, kill], judged)).toEqual([])
})

test('a checker that leaves more than one seat in twenty open proves nothing', () => {
  expect(whyWorthless(traffic, faults, { compared: 100, undecided: 6 })).toEqual([
    "the log's order leaves 6 of 100 seats on maps open",
  ])
})
