/** Reads and transfers that wait for the core, and what their callers are told. */
import { describe, expect, it } from 'vitest'
import type { ReadFailure, TransferResult } from '../core/io.ts'
import { ClosedError, NotLeaderError, type RaftError } from '../errors.ts'
import { AppliedWaiters } from './applied-waiters.ts'
import { Reads } from './reads.ts'
import { Transfers } from './transfers.ts'

const NO_LEADER = new NotLeaderError('n2', 'follower')

function reads() {
  const waiters = new AppliedWaiters()
  const pending = new Reads(waiters)
  const told: unknown[] = []
  const done = (error: RaftError | undefined, index: number) =>
    told.push(error === undefined ? index : [error.code, 'reason' in error ? error.reason : ''])
  return { waiters, pending, told, done }
}

describe('reads that the core can not answer', () => {
  it.each([
    ['noLeader', 'notLeader', 'follower'],
    ['leaderChanged', 'rejected', 'leaderChanged'],
    ['overloaded', 'overloaded', ''],
    ['timeout', 'rejected', 'timeout'],
  ] satisfies [ReadFailure, string, string][])('for %s say so', (reason, code, detail) => {
    const { pending, told, done } = reads()
    pending.add(done)
    pending.add(done)
    pending.failed(pending.ask(100), reason, NO_LEADER)
    expect(told).toEqual([
      [code, detail],
      [code, detail],
    ])
    expect(pending.count).toBe(0)
  })

  it('are told once, when they have waited too long and the answer comes after all', () => {
    const { pending, told, done, waiters } = reads()
    pending.add(done)
    const late = pending.ask(100)
    pending.add(done)
    const good = pending.ask(200)
    pending.expire(150)
    expect(told).toEqual([['rejected', 'timeout']])
    pending.ready(late, 7)
    pending.failed(late, 'noLeader', NO_LEADER)
    pending.ready(good, 8)
    waiters.release(8)
    expect(told).toEqual([['rejected', 'timeout'], 8])
    expect(pending.count).toBe(0)
  })

  it('are all told when the node ends, asked or not', () => {
    const { pending, told, done } = reads()
    pending.add(done)
    const asked = pending.ask(100)
    pending.add(done)
    pending.fail(new ClosedError())
    pending.ready(asked, 7)
    expect(told).toEqual([
      ['closed', ''],
      ['closed', ''],
    ])
    expect([pending.count, pending.hasQueued]).toEqual([0, false])
  })
})

describe('a transfer of leadership', () => {
  it.each([
    ['notLeader', 'notLeader', 'follower'],
    ['badTarget', 'rejected', 'badTarget'],
    ['busy', 'rejected', 'busy'],
    ['timeout', 'rejected', 'timeout'],
    ['refused', 'rejected', 'refused'],
    ['aborted', 'rejected', 'aborted'],
    ['lost', 'rejected', 'leaderChanged'],
  ] satisfies [TransferResult, string, string][])(
    'that ended with %s says so',
    (result, code, reason) => {
      const transfers = new Transfers()
      const told: unknown[] = []
      transfers.ask('n3', (error, leader) => told.push(error ?? leader))
      const [asked] = transfers.take() as unknown as [{ id: number; to: string }]
      expect(asked.to).toBe('n3')
      const ended = { type: 'transferEnded', id: asked.id, result, leader: undefined } as const
      transfers.ended(ended, NO_LEADER)
      transfers.ended(ended, NO_LEADER)
      expect(told).toMatchObject([{ code, reason }])
      transfers.fail(new ClosedError())
      expect(told).toHaveLength(1)
    },
  )
})
