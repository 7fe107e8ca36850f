import { expect, it } from 'vitest'
import type { RaftError } from '../errors.ts'
import { type Proposal, Proposals } from './proposals.ts'

it('a leadership that flickers does not put off for ever what became of a command', () => {
  const proposals = new Proposals<string>()
  const answers: string[] = []
  const propose = (name: string, index: number, term: number, deadline: number): void => {
    const proposal: Proposal<string> = {
      ...{ data: new Uint8Array(1), deadline, index: 0, term: 0 },
      ...{ answered: false, timer: undefined },
      done: (error: RaftError | undefined) => answers.push(`${name}: ${error?.code}`),
    }
    proposals.add(proposal)
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
