import { expect, it } from 'vitest'
import type { RaftError } from '../errors.ts'
import { Proposal, Proposals } from './proposals.ts'

const rethrow = (error: unknown): never => {
  throw error
}

it('a leadership that flickers does not put off for ever what became of a command', () => {
  const proposals = new Proposals<string>(rethrow)
  const answers: string[] = []
  const propose = (name: string, index: number, term: number, deadline: number): void => {
    const done = (error: RaftError | undefined) => answers.push(`${name}: ${error?.code}`)
    proposals.add(new Proposal<string>(new Uint8Array(1), deadline, done))
    for (const queued of proposals.takeQueued()) proposals.appended(queued, index, term)
  }
  propose('first', 5, 1, 4_000)
  proposals.settle(1_000)
  // It leads again before that is decided, takes another command, and is replaced again.
  propose('second', 7, 3, 4_900)
  proposals.settle(1_900)
  proposals.expire(1_000)
  expect(answers).toContain('first: outcomeUnknown')
  proposals.expire(1_900)
  expect(answers).toContain('second: outcomeUnknown')
  expect(proposals.count).toBe(0)
})

it('a snapshot that takes the place of entries leaves the outcome of their commands unknown', () => {
  const proposals = new Proposals<string>(rethrow)
  const answers: string[] = []
  for (const [i, name] of ['settling', 'in the log', 'behind it'].entries()) {
    const done = (error: RaftError | undefined) => answers.push(`${name}: ${error?.code}`)
    proposals.add(new Proposal<string>(new Uint8Array(1), 1_000, done))
    for (const queued of proposals.takeQueued()) proposals.appended(queued, 5 + i * 2, 1)
    if (i === 0) proposals.settle(1_000)
  }
  proposals.skipTo(8)
  expect(answers.toSorted()).toEqual(['in the log: outcomeUnknown', 'settling: outcomeUnknown'])
  expect(proposals.count).toBe(1)
})
