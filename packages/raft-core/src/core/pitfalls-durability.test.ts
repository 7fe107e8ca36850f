/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import {
  append,
  entries,
  heartbeat,
  hostWith,
  MEMBERS,
  receive,
  requestVote,
  voteReply,
} from '../../test/messages.ts'
import type { Message } from '../types.ts'
import { CORE_DEFAULTS } from './config.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

describe('A. Durability', () => {
  it('A1 a candidate asks for votes only when its own vote is durable', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 1 }))
    expect(ofType(host, 'requestVote').filter(({ preVote }) => !preVote)).toEqual([])
    receive(host, voteReply({ term: 1 }))
    expect(host.core.role).toBe('candidate')
    host.completeWrites()
    expect(host.core.role).toBe('leader')
  })

  it('A2, A3 term, vote, truncation and entries are one write', () => {
    const host = hostWith([1, 1, 1], 1)
    host.manualDisk = true
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 2) }))
    expect(host.writes).toMatchObject([
      { truncateFrom: 2, entries: [{ index: 2, term: 2 }], hardState: { term: 2 } },
    ])
  })

  it('A2 a vote given in a term that was entered before is written as well', () => {
    const host = hostWith([1], 1)
    host.manualDisk = true
    receive(host, requestVote({ term: 2, from: 'n3' }))
    host.completeWrites()
    expect(ofType(host, 'requestVoteReply')).toMatchObject([{ granted: false, term: 2 }])
    receive(host, requestVote({ term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    expect(host.takeSent()).toEqual([])
    host.completeWrites()
    expect(ofType(host, 'requestVoteReply')).toMatchObject([{ granted: true }])
    host.restart()
    expect(host.core.status()).toMatchObject({ term: 2, votedFor: 'n2' })
  })

  it('A1 even a heartbeat is not answered in a term that is not durable', () => {
    const host = hostWith([1], 1)
    host.manualDisk = true
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1 }))
    expect(host.takeSent()).toEqual([])
    host.completeWrites()
    expect(ofType(host, 'appendEntriesReply')).toMatchObject([{ term: 2, matchIndex: 1 }])
  })

  it('A9 a leader whose disk is stuck names a successor and gives up leadership', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.manualDisk = true
    cluster.propose('n1', 'a')
    cluster.deliver()
    cluster.tick(52)
    expect(leader.event('steppedDown')).toMatchObject({ reason: 'storageStalled' })
    expect(cluster.leader()?.id).not.toBe('n1')
    cluster.tick(20)
    expect(commands(cluster.leader()?.applied ?? [])).toEqual(['a'])
    leader.completeWrites()
    leader.manualDisk = false
    cluster.tick(20)
    expect(commands(leader.applied)).toEqual(['a'])
  })

  it('A9 a slow disk alone does not silence a follower: heartbeats are answered at once', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1) }))
    host.manualDisk = true
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1) }))
    host.takeSent()
    receive(host, heartbeat({ leaderCommit: 1, readSequence: 4 }))
    expect(ofType(host, 'heartbeatReply')).toMatchObject([{ readSequence: 4 }])
    // An append is another matter: its answer says what is durable, of all that it is about.
    receive(host, append({ prevLogIndex: 2, prevLogTerm: 1 }))
    expect(ofType(host, 'appendEntriesReply')).toEqual([])
    host.completeWrites()
    expect(ofType(host, 'appendEntriesReply')).toMatchObject([{ matchIndex: 2 }, { matchIndex: 2 }])
  })

  it('A9 a leader that is busy sends heartbeats all the same: an append may wait for a disk', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.takeSent()
    const { heartbeatTicks } = CORE_DEFAULTS
    for (let tick = 0; tick < 4 * heartbeatTicks; tick++) {
      // In one turn, so that an append is due at the same time.
      leader.core.step({ type: 'propose', id: tick, commands: [new Uint8Array(1)] })
      leader.step({ type: 'tick' })
    }
    const toOne = ofType(leader, 'heartbeat').filter(({ to }) => to === 'n2')
    expect(toOne).toHaveLength(4)
  })

  it('A10 an old write’s completion does not make a newer entry at its index durable', () => {
    const host = hostWith([1], 1)
    host.manualDisk = true
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 2, 2) }))
    receive(host, append({ term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 3) }))
    // Again the same entry as at first, by a leader that had it: the terms alone would not tell.
    host.takeSent()
    host.completeWrites(1)
    expect(host.core.status().durableIndex).toBe(1)
    const claimed = ofType(host, 'appendEntriesReply').filter(({ term }) => term === 3)
    expect(claimed).toEqual([])
    host.completeWrites(1)
    expect(ofType(host, 'appendEntriesReply')).toMatchObject([{ term: 3, matchIndex: 2 }])
  })

  it('A11 a leader counts its own entry only when it is durable', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.manualDisk = true
    cluster.filter = (message) => message.to !== 'n3' && message.from !== 'n3'
    cluster.propose('n1', 'a')
    cluster.deliver()
    expect(leader.core.status()).toMatchObject({ commitIndex: 1, durableIndex: 1, lastIndex: 2 })
    leader.completeWrites()
    expect(leader.core.status().commitIndex).toBe(2)
  })

  it('A11 nothing is applied that is not durable here, though it is committed', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.manualDisk = true
    cluster.propose('n1', 'a')
    cluster.deliver()
    expect(leader.core.status()).toMatchObject({ commitIndex: 2, appliedIndex: 1 })
    leader.completeWrites()
    expect(leader.core.status().appliedIndex).toBe(2)
  })

  it('A12 a state machine that is further than the commit index on disk is believed', () => {
    const host = hostWith([1, 1, 1], 1)
    const other = new CoreHost('n1', MEMBERS)
    expect(host.core.status().commitIndex).toBe(0)
    other.disk.entries = host.disk.entries
    other.disk.hardState = { term: 1, votedFor: undefined, commitIndex: 1 }
    other.restart()
    expect(other.applied.map(({ index }) => index)).toEqual([1])
  })
})
