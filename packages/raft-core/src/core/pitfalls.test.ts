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
  hostWith,
  leaderWith,
  MEMBERS,
  receive,
  requestVote,
  terms,
  timeoutNow,
  voteReply,
} from '../../test/messages.ts'
import { InvariantError } from '../errors.ts'
import type { Message } from '../types.ts'

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
    receive(host, append({ prevLogIndex: 2, prevLogTerm: 1, readSequence: 4 }))
    expect(ofType(host, 'appendEntriesReply')).toMatchObject([
      { success: true, matchIndex: 1, readSequence: 4 },
    ])
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

describe('B. Elections', () => {
  it('B2 an entry of an older term is not committed by counting (Figure 8)', () => {
    const host = leaderWith([1, 2], 3)
    receive(host, appendReply({ term: 4, matchIndex: 2 }))
    receive(host, appendReply({ term: 4, matchIndex: 2, from: 'n3' }))
    expect(host.core.status().commitIndex).toBe(0)
    receive(host, appendReply({ term: 4, matchIndex: 3 }))
    expect(host.core.status().commitIndex).toBe(3)
  })

  it('B4 a pre-vote of a lower term is answered with the newer term', () => {
    const host = hostWith([1], 5)
    receive(host, requestVote({ preVote: true, term: 3, lastLogIndex: 9, lastLogTerm: 2 }))
    expect(host.takeSent()).toMatchObject([{ granted: false, preVote: true, term: 5 }])
    const candidate = hostWith([1, 1], 1)
    candidate.step({ type: 'campaign' })
    receive(candidate, voteReply({ preVote: true, granted: false, term: 5 }))
    expect(candidate.core.status()).toMatchObject({ role: 'follower', term: 5 })
  })

  it('B4 a long log of an old term and a short log of a new one still elect', () => {
    const cluster = new CoreCluster(3)
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    cluster.elect('n1')
    cluster.propose('n1', 'a')
    cluster.deliver()
    cluster.host('n3').disk.hardState = { term: 9, votedFor: undefined, commitIndex: 0 }
    cluster.host('n3').restart()
    cluster.host('n2').restart()
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    cluster.tick(400)
    expect(cluster.host('n2').core.status()).toMatchObject({ role: 'leader' })
    expect(cluster.host('n2').core.status().term).toBeGreaterThan(9)
  })

  it('B5 a pre-candidate forgets its leader, so that two of them can help each other', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    cluster.tick(250)
    expect(cluster.host('n1').core.role).not.toBe('leader')
    expect(cluster.leader()).toBeDefined()
  })

  it('B5 a node that was cut off does not disturb the leader when it returns', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    cluster.tick(500)
    cluster.filter = () => true
    cluster.tick(200)
    expect(cluster.host('n1').core.status()).toMatchObject({ role: 'leader', term: 1 })
    expect(cluster.host('n3').core.status()).toMatchObject({ leader: 'n1', term: 1 })
  })

  it('B5 a follower of a higher term frees itself by answering the stale leader', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.host('n3').disk.hardState = { term: 4, votedFor: undefined, commitIndex: 0 }
    cluster.host('n3').restart()
    cluster.tick(300)
    expect(cluster.leader()?.core.status().term).toBeGreaterThan(4)
    for (const host of cluster.hosts.values()) expect(host.core.status().leader).toBeDefined()
  })

  it('B6 pre-votes are not votes, and votes are not pre-votes', () => {
    const host = hostWith([1], 1)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ term: 2 }))
    expect(host.core.role).not.toBe('leader')
    const candidate = hostWith([1], 1)
    candidate.manualDisk = true
    candidate.step({ type: 'campaign' })
    receive(candidate, voteReply({ preVote: true, term: 2 }))
    candidate.completeWrites()
    receive(candidate, voteReply({ preVote: true, term: 3, from: 'n3' }))
    expect(candidate.core.role).toBe('candidate')
  })

  it('B6 its own vote that becomes durable after a newer term began is not counted', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 1 }), voteReply({ term: 1 }))
    receive(host, append({ term: 2 }))
    host.completeWrites()
    expect(host.core.status()).toMatchObject({ role: 'follower', term: 2, leader: 'n2' })
  })

  it('B7 a leader that hears from no majority steps down, though it is still heard', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = ({ to }) => to !== 'n1'
    cluster.tick(52)
    expect(leader.event('steppedDown')).toMatchObject({ reason: 'quorumLost' })
    cluster.tick(200)
    expect(cluster.leader()?.id).not.toBe('n1')
  })

  it('B8 neither a leader nor a follower that hears from one helps another candidate', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    const asked = requestVote({ from: 'n3', term: 5, lastLogIndex: 9, lastLogTerm: 4 })
    for (const id of ['n1', 'n2']) {
      const host = cluster.host(id)
      host.takeSent()
      receive(host, { ...asked, to: id })
      receive(host, { ...asked, to: id, preVote: true })
      expect(host.core.status().term).toBe(1)
      expect(ofType(host, 'requestVoteReply').filter(({ granted }) => granted)).toEqual([])
    }
  })

  it('B9 answers that come after the decision change nothing; a repeated request is granted again', () => {
    const host = leaderWith([1], 1)
    receive(host, voteReply({ term: 2, granted: false, from: 'n3' }))
    receive(host, voteReply({ term: 2, preVote: true, granted: true, from: 'n3' }))
    expect(host.core.status()).toMatchObject({ role: 'leader', term: 2 })
  })

  it('a follower whose leader’s stream closed campaigns soon, and others let it', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.tick(3)
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    for (const id of ['n2', 'n3']) cluster.host(id).step({ type: 'peerLost', peer: 'n1' })
    cluster.tick(12)
    const others = [cluster.host('n2'), cluster.host('n3')]
    expect(others.some(({ core }) => core.role === 'leader')).toBe(true)
  })
})

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

  it('C6 a probe that was lost is asked again with the next heartbeat', () => {
    const host = leaderWith([1, 1], 1)
    for (let i = 0; i < 5; i++) host.step({ type: 'tick' })
    expect(ofType(host, 'appendEntries')).toMatchObject([
      { to: 'n2', prevLogIndex: 2, entries: [] },
      { to: 'n3', prevLogIndex: 2, entries: [] },
    ])
    receive(host, appendReply({ term: 2, matchIndex: 2 }))
    expect(ofType(host, 'appendEntries')).toMatchObject([{ to: 'n2', entries: [{ index: 3 }] }])
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
})

describe('E. Reads', () => {
  it('E1 a new leader’s reads wait for its first commit, and are not dropped', () => {
    const host = leaderWith([1], 1)
    host.step({ type: 'readIndex', id: 1 })
    receive(host, appendReply({ term: 2, matchIndex: 0, readSequence: 0 }))
    expect(host.event('readReady')).toBeUndefined()
    receive(host, appendReply({ term: 2, matchIndex: 2 }))
    receive(host, appendReply({ term: 2, matchIndex: 2, readSequence: 1 }))
    expect(host.event('readReady')).toEqual({ type: 'readReady', id: 1, index: 2 })
  })

  it('E1 the waiting reads are bounded', () => {
    const host = new CoreHost('n1', MEMBERS, { maxPendingReads: 2 })
    receive(host, append())
    for (const id of [1, 2, 3]) host.core.step({ type: 'readIndex', id })
    host.settle()
    expect(host.event('readFailed')).toMatchObject({ id: 3, reason: 'overloaded' })
  })

  it('E2 reads fail when the leader changes', () => {
    const host = leaderWith([1], 1)
    host.step({ type: 'readIndex', id: 1 })
    receive(host, append({ term: 3 }))
    expect(host.event('readFailed')).toEqual({
      type: 'readFailed',
      id: 1,
      reason: 'leaderChanged',
    })
  })

  it('E2 a follower’s reads fail when it learns of another leader', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append())
    host.step({ type: 'readIndex', id: 1 })
    receive(host, append({ term: 2, from: 'n3' }))
    expect(host.event('readFailed')).toMatchObject({ id: 1, reason: 'leaderChanged' })
  })

  it('E2 a read whose request or answer was lost fails after an election timeout', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append())
    host.step({ type: 'readIndex', id: 1 })
    for (let i = 0; i < 50; i++) {
      host.step({ type: 'tick' })
      receive(host, append())
    }
    expect(host.event('readFailed')).toMatchObject({ id: 1, reason: 'timeout' })
  })

  it('E3 a message that was answered before the read does not confirm it', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = () => false
    leader.step({ type: 'readIndex', id: 1 })
    receive(leader, appendReply({ matchIndex: 1, readSequence: 0 }))
    expect(leader.event('readReady')).toBeUndefined()
    receive(leader, appendReply({ matchIndex: 1, readSequence: 1 }))
    expect(leader.event('readReady')).toMatchObject({ id: 1 })
  })

  it('E3 a leader that was replaced answers no read', () => {
    const cluster = new CoreCluster(3)
    const old = cluster.elect('n1')
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    for (const id of ['n2', 'n3']) cluster.host(id).step({ type: 'peerLost', peer: 'n1' })
    for (let i = 0; i < 20; i++) {
      for (const id of ['n2', 'n3']) cluster.host(id).step({ type: 'tick' })
      cluster.deliver()
    }
    expect(old.core.role).toBe('leader')
    old.step({ type: 'readIndex', id: 1 })
    cluster.filter = () => true
    cluster.tick(30)
    expect(old.event('readReady')).toBeUndefined()
    expect(old.event('readFailed')).toMatchObject({ id: 1 })
  })

  it('E3 an answer for an earlier life is not taken for this one’s', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append())
    host.step({ type: 'readIndex', id: 1 })
    const asked = ofType(host, 'readIndexRequest')[0]
    host.restart()
    receive(host, append())
    host.step({ type: 'readIndex', id: 1 })
    host.step({
      type: 'message',
      message: {
        type: 'readIndexReply',
        from: 'n2',
        to: 'n1',
        term: 1,
        readId: asked?.readId ?? 0,
        readIndex: 1,
      },
    })
    expect(host.event('readReady')).toBeUndefined()
  })
})

describe('G. Leadership transfer', () => {
  it('waits until the target has everything, and refuses proposals meanwhile', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = ({ to }) => to !== 'n3'
    cluster.propose('n1', 'a')
    cluster.deliver()
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    expect(ofType(leader, 'timeoutNow')).toEqual([])
    cluster.propose('n1', 'b')
    expect(leader.event('proposed')).toMatchObject({ accepted: 0, refusal: 'transferring' })
    cluster.filter = () => true
    cluster.tick(12)
    expect(leader.event('transferEnded')).toMatchObject({ result: 'transferred', leader: 'n3' })
  })

  it('gives up after an election timeout, and the leader leads on', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = ({ to }) => to !== 'n3'
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    cluster.tick(50)
    expect(leader.event('transferEnded')).toMatchObject({ result: 'timeout', leader: 'n1' })
    cluster.propose('n1', 'a')
    expect(leader.event('proposed')).toMatchObject({ accepted: 1 })
  })

  it('works although the followers have heard from the leader just now', () => {
    const cluster = new CoreCluster(5)
    const leader = cluster.elect('n1')
    cluster.tick(5)
    leader.step({ type: 'transferLeadership', id: 1, to: 'n4' })
    cluster.deliver()
    expect(cluster.leader()?.id).toBe('n4')
    expect(cluster.leader()?.core.status().term).toBe(2)
  })

  it.each([['n1'], ['nobody']])('refuses %s as target', (to) => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to })
    expect(leader.event('transferEnded')).toMatchObject({ result: 'badTarget' })
  })

  it('refuses a second one, and one on a follower', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n2' })
    leader.step({ type: 'transferLeadership', id: 2, to: 'n3' })
    expect(leader.event('transferEnded')).toMatchObject({ id: 2, result: 'busy' })
    const follower = cluster.host('n3')
    follower.step({ type: 'transferLeadership', id: 3, to: undefined })
    expect(follower.event('transferEnded')).toMatchObject({ id: 3, result: 'notLeader' })
  })

  it('a TimeoutNow of an old leader is ignored', () => {
    const host = hostWith([1], 1)
    receive(host, append({ term: 3, from: 'n3', prevLogIndex: 1, prevLogTerm: 1 }))
    receive(host, timeoutNow({ term: 2, from: 'n3' }), timeoutNow({ term: 3, from: 'n2' }))
    expect(host.core.status()).toMatchObject({ role: 'follower', term: 3 })
  })
})
