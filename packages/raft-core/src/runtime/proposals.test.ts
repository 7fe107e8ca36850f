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

/** Proposals with names, and what becomes of each. */
function named() {
  const proposals = new Proposals<string>(rethrow)
  const told: string[] = []
  const make = (name: string, deadline = 1_000) =>
    new Proposal<string>(new Uint8Array(1), deadline, (error, _index, _term, result) => {
      const reason = error !== undefined && 'reason' in error ? `/${error.reason}` : ''
      told.push(`${name}: ${error === undefined ? result : error.code + reason}`)
    })
  const append = (name: string, index: number, term: number, deadline?: number) => {
    const proposal = make(name, deadline)
    proposals.add(proposal)
    proposals.takeQueued()
    proposals.appended(proposal, index, term)
  }
  const entry = (index: number, term: number) =>
    ({ index, term, kind: 'command', data: new Uint8Array(1) }) as const
  return { proposals, told, make, append, entry }
}

it('a command whose caller has given up before it was offered is offered to nobody', () => {
  const { proposals, told, make } = named()
  const [patient, impatient] = [make('patient'), make('impatient')]
  proposals.add(impatient)
  proposals.add(patient)
  proposals.timeOut(impatient)
  expect(told).toEqual(['impatient: rejected/timeout'])
  expect(proposals.takeQueued()).toEqual([patient])
  expect(proposals.count).toBe(1)
})

it('two commands of two terms at one place are both decided by what is committed there', () => {
  const { proposals, told, append, entry } = named()
  append('old', 5, 1)
  proposals.settle(2_000)
  append('new', 5, 3)
  append('later', 6, 3)
  proposals.settle(2_000)
  // Nobody waits for what is before them.
  proposals.applied(entry(4, 1), 'another')
  expect(told).toEqual([])
  proposals.applied(entry(5, 3), 'done')
  expect(told).toEqual(['old: rejected/superseded', 'new: done'])
  proposals.skipTo(5)
  expect(told).toHaveLength(2)
  proposals.skipTo(6)
  expect(told.at(-1)).toBe('later: outcomeUnknown/leadershipLost')
})

it('a command at an index that was passed over has an unknown outcome', () => {
  const { proposals, told, append, entry } = named()
  append('passed over', 5, 1)
  proposals.applied(entry(7, 1), 'another')
  expect(told).toEqual(['passed over: outcomeUnknown/leadershipLost'])
  expect(proposals.count).toBe(0)
})

it('thousands of commands in flight are answered in order, with new ones coming', () => {
  const { proposals, told, append, entry } = named()
  for (let index = 1; index <= 3_000; index++) append(`${index}`, index, 1)
  for (let index = 1; index <= 2_000; index++) proposals.applied(entry(index, 1), 'done')
  append('3001', 3_001, 1)
  for (let index = 2_001; index <= 3_001; index++) proposals.applied(entry(index, 1), 'done')
  expect(told).toEqual(Array.from({ length: 3_001 }, (_, i) => `${i + 1}: done`))
  expect(proposals).toMatchObject({ count: 0, bytes: 0 })
})
