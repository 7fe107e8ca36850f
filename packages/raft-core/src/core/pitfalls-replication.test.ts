/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { bytes, CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  entries,
  heartbeat,
  heartbeatReply,
  hostWith,
  leaderWith,
  MEMBERS,
  receive,
  requestVote,
  terms,
  voteReply,
} from '../../test/messages.ts'
import { InvariantError } from '../errors.ts'
import type { Message } from '../types.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

describe('C. Replication', () => {
  it('C1 a message that comes late or twice removes nothing', () => {
    const host = new CoreHost('n1', MEMBERS)
    const early = append({ entries: entries(1, 1) })
    receive(host, append({ entries: entries(1, 1, 1, 1) }), early, append())
    expect(terms(host)).toEqual([1, 1, 1])
    expect(ofType(host, 'appendEntriesReply').at(-2)).toMatchObject({ matchIndex: 1 })
  })

  it('C1 a committed entry is never overwritten: the node stops instead', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1, 1), leaderCommit: 2 }))
    const conflict = append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 2) })
    expect(() => receive(host, conflict)).toThrow(InvariantError)
  })

  it('C2 a heartbeat does not commit what the leader has not confirmed', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ term: 2, leaderCommit: 3 }))
    expect(host.core.status().commitIndex).toBe(0)
    const leader = leaderWith([1], 1)
    receive(leader, appendReply({ term: 2, matchIndex: 2 }))
    leader.takeSent()
    for (let i = 0; i < 5; i++) leader.step({ type: 'tick' })
    // n3 has acknowledged nothing: it is told of no commit index.
    expect(ofType(leader, 'heartbeat')).toMatchObject([{ leaderCommit: 2 }, { leaderCommit: 0 }])
  })

  it('C2 a heartbeat beyond the log of a node that lost it changes nothing', () => {
    const host = hostWith([1], 1)
    receive(host, heartbeat({ term: 2, leaderCommit: 9 }))
    expect(host.core.status().commitIndex).toBe(0)
    expect(ofType(host, 'heartbeatReply')).toHaveLength(1)
  })

  it('C3 an index outside the log has no term, and no match', () => {
    const host = hostWith([1], 1)
    receive(host, append({ term: 2, prevLogIndex: 7, prevLogTerm: 0 }))
    expect(ofType(host, 'appendEntriesReply')).toMatchObject([{ success: false }])
  })

  it('C5 a divergent tail of thousands of entries is found in a few rounds', () => {
    const cluster = new CoreCluster(2)
    const [ours, theirs] = [cluster.host('n1'), cluster.host('n2')]
    const run = (term: number, count: number) => Array.from({ length: count }, () => term)
    ours.disk.entries = entries(1, 1, 1, ...run(4, 2000), ...run(7, 2000))
    theirs.disk.entries = entries(1, 1, 1, ...run(2, 2000), ...run(3, 2000), ...run(5, 900))
    for (const host of [ours, theirs]) {
      host.disk.hardState = { term: 7, votedFor: undefined, commitIndex: 0 }
      host.restart()
    }
    let refusals = 0
    cluster.filter = (m) => {
      if (m.type === 'appendEntriesReply' && !m.success) refusals++
      return true
    }
    cluster.elect('n1')
    // The host of these tests reads three entries at a time.
    cluster.deliver(10_000)
    expect(refusals).toBeLessThanOrEqual(4)
    expect(terms(theirs)).toEqual(terms(ours))
  })

  it('C6 a full window whose acknowledgements were lost still sends a heartbeat, and recovers', () => {
    const cluster = new CoreCluster(2, { maxInflightMessages: 2 })
    const leader = cluster.elect('n1')
    cluster.filter = (m) => m.type !== 'appendEntriesReply'
    for (const command of ['a', 'b', 'c']) {
      cluster.propose('n1', command)
      cluster.deliver()
    }
    expect(leader.core.status().peers[0]).toMatchObject({ inflightMessages: 2, matchIndex: 1 })
    cluster.filter = () => true
    cluster.tick(6)
    expect(leader.core.status()).toMatchObject({ commitIndex: 4 })
    expect(leader.core.status().peers[0]).toMatchObject({ matchIndex: 4, inflightMessages: 0 })
  })

  it('C6 a full window whose appends were lost recovers as well', () => {
    const cluster = new CoreCluster(2, { maxInflightMessages: 2 })
    const leader = cluster.elect('n1')
    cluster.filter = (m) => m.type !== 'appendEntries'
    for (const command of ['a', 'b', 'c']) {
      cluster.propose('n1', command)
      cluster.deliver()
    }
    cluster.filter = () => true
    cluster.tick(12)
    expect(leader.core.status().peers[0]).toMatchObject({ state: 'replicate', matchIndex: 4 })
  })

  it('C6 a probe that was lost is asked again when a heartbeat is answered', () => {
    const host = leaderWith([1, 1], 1)
    for (let i = 0; i < 5; i++) host.step({ type: 'tick' })
    expect(host.takeSent()).toMatchObject([
      { type: 'heartbeat', to: 'n2', leaderCommit: 0 },
      { type: 'heartbeat', to: 'n3', leaderCommit: 0 },
    ])
    receive(host, heartbeatReply({ term: 2 }))
    expect(host.takeSent()).toMatchObject([
      { type: 'appendEntries', to: 'n2', prevLogIndex: 2, entries: [{ index: 3 }] },
    ])
  })

  it('C6 refusals that come late do not move a follower back', () => {
    const host = leaderWith([1, 1], 1)
    receive(host, appendReply({ term: 2, matchIndex: 3 }))
    receive(
      host,
      appendReply({ term: 2, success: false, matchIndex: 2, hintIndex: 0, hintTerm: 0 }),
    )
    expect(host.core.status().peers[0]).toMatchObject({ state: 'replicate', nextIndex: 4 })
  })

  it('C7 a member that lost its log is set apart: its acknowledgements and votes do not count', () => {
    const host = leaderWith([1], 1)
    const from = (incarnation: string, message: Message) =>
      host.step({ type: 'message', message, incarnation })
    from('old', appendReply({ term: 2, matchIndex: 2 }))
    expect(host.core.status().commitIndex).toBe(2)
    host.step({ type: 'propose', id: 1, commands: [bytes('a')] })
    from('new', appendReply({ term: 2, matchIndex: 3 }))
    expect(host.core.status().commitIndex).toBe(2)
    expect(host.event('peerSetApart')).toEqual({
      type: 'peerSetApart',
      peer: 'n2',
      incarnation: 'new',
    })
    host.takeSent()
    for (let i = 0; i < 10; i++) host.step({ type: 'tick' })
    expect(host.takeSent().filter(({ to }) => to === 'n2')).toEqual([])
    from('new', requestVote({ term: 9, transfer: true, lastLogIndex: 99, lastLogTerm: 8 }))
    expect(host.core.status().term).toBe(2)
  })

  it('C7 what a member acknowledged before it lost its log does not count afterwards', () => {
    const host = leaderWith([1], 1)
    host.manualDisk = true
    host.step({ type: 'propose', id: 1, commands: [bytes('a')] })
    const ack = appendReply({ term: 2, matchIndex: 3 })
    host.step({ type: 'message', message: ack, incarnation: 'old' })
    host.step({ type: 'message', message: ack, incarnation: 'new' })
    host.completeWrites()
    expect(host.core.status()).toMatchObject({ durableIndex: 3, commitIndex: 2 })
  })

  it('C7 an acknowledgement of an earlier leadership does not count in this one', () => {
    const host = leaderWith([1], 1)
    receive(host, append({ term: 3, from: 'n3', prevLogIndex: 1, prevLogTerm: 1 }))
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 4 }), voteReply({ term: 4 }))
    receive(host, appendReply({ term: 2, matchIndex: 3 }))
    expect(host.core.status()).toMatchObject({ role: 'leader', term: 4, commitIndex: 0 })
  })

  it('C7 a member that is new, and promised nothing yet, is welcome', () => {
    const host = leaderWith([1], 1)
    const message = appendReply({ term: 2, success: false, matchIndex: 1, from: 'n3' })
    host.step({ type: 'message', message, incarnation: 'first' })
    host.step({ type: 'message', message, incarnation: 'second' })
    expect(host.event('peerSetApart')).toBeUndefined()
  })

  it('C9 a commit index that did not advance in time follows with the next message', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.propose('n1', 'a')
    cluster.deliver()
    // No tick has passed: the news did not wait for a heartbeat.
    for (const host of cluster.hosts.values()) expect(host.core.status().commitIndex).toBe(2)
  })

  it('C10 the bound on uncommitted bytes refuses, lets one large command in, and does not leak', () => {
    const cluster = new CoreCluster(3, { maxUncommittedBytes: 300 })
    const leader = cluster.elect('n1')
    for (let round = 0; round < 20; round++) {
      cluster.propose('n1', 'x'.repeat(500), 'y')
      expect(leader.event('proposed')).toMatchObject({ accepted: 1, refusal: 'overloaded' })
      cluster.deliver()
      expect(leader.core.status().uncommittedBytes).toBe(0)
    }
  })

  it('a command that is too large is refused, and those behind it', () => {
    const leader = new CoreCluster(3, { maxEntryBytes: 4 }).elect('n1')
    leader.step({ type: 'propose', id: 9, commands: [bytes('four'), bytes('fiver'), bytes('x')] })
    expect(leader.event('proposed')).toMatchObject({ id: 9, accepted: 1, refusal: 'tooLarge' })
  })

  it('messages that were lost, says the embedder: it is found out again where the logs agree', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = ({ to }) => to !== 'n2'
    cluster.propose('n1', 'a', 'b')
    cluster.deliver()
    expect(leader.core.status().peers[0]).toMatchObject({ state: 'replicate', nextIndex: 4 })
    leader.step({ type: 'unreachable', peer: 'n2' })
    expect(leader.core.status().peers[0]).toMatchObject({ state: 'probe', nextIndex: 2 })
    leader.step({ type: 'unreachable', peer: 'n2' })
    cluster.filter = () => true
    cluster.tick(6)
    expect(leader.core.status().peers[0]).toMatchObject({ state: 'replicate', matchIndex: 3 })
  })

  it('entries that left the memory are read from the log and sent', () => {
    const cluster = new CoreCluster(3, { maxTailBytes: 200, maxAppendBytes: 100 })
    cluster.elect('n1')
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    for (let i = 0; i < 50; i++) {
      cluster.propose('n1', `c${i}`)
      cluster.deliver()
    }
    expect(cluster.host('n1').core.status().tailBytes).toBeLessThanOrEqual(200)
    cluster.filter = () => true
    cluster.tick(30)
    expect(commands(cluster.host('n3').applied)).toHaveLength(50)
  })

  it('a log that does not answer is asked once, however often a follower is told to be unreachable', () => {
    const cluster = new CoreCluster(3, { maxTailBytes: 200, maxAppendBytes: 100 })
    const leader = cluster.elect('n1')
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    for (let i = 0; i < 50; i++) cluster.propose('n1', `c${i}`)
    cluster.deliver()
    let asked = 0
    const { core } = leader
    for (let i = 0; i < 20; i++) {
      const { term } = core.status()
      core.step({ type: 'unreachable', peer: 'n3' })
      core.step({
        type: 'message',
        message: { type: 'heartbeatReply', from: 'n3', to: 'n1', term, readSequence: 0 },
      })
      core.step({
        type: 'message',
        message: appendReply({ term, from: 'n3', matchIndex: 1, success: i > 0 }),
      })
      asked += core.takeOutput().read.length
    }
    expect(asked).toBe(1)
  })
})
