/**
 * Every rule of Figure 2 of "In Search of an Understandable Consensus Algorithm" (extended version),
 * each by its own words. Where this implementation asks for more (PreVote, CheckQuorum, durability),
 * the tests are beside the file that does.
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
  voteReply,
} from '../../test/messages.ts'
import type { Message } from '../types.ts'

const last = (host: CoreHost): Message | undefined => host.takeSent().at(-1)

describe('Persistent state on all servers (updated on stable storage before responding to RPCs)', () => {
  it('currentTerm: initialized to 0 on first boot, increases monotonically', () => {
    const host = new CoreHost('n1', MEMBERS)
    expect(host.core.status().term).toBe(0)
    receive(host, append({ term: 5 }), append({ term: 3 }))
    expect(host.core.status().term).toBe(5)
    host.restart()
    expect(host.core.status().term).toBe(5)
  })

  it('votedFor: a vote leaves only when it is durable, and a restart remembers it', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, requestVote({ term: 1 }))
    expect(host.takeSent()).toEqual([])
    host.completeWrites()
    expect(last(host)).toMatchObject({ type: 'requestVoteReply', granted: true })
    host.restart()
    receive(host, requestVote({ term: 1, from: 'n3' }))
    expect(last(host)).toMatchObject({ granted: false })
  })

  it('log[]: an append is acknowledged only when its entries are durable', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 1, 1) }))
    expect(host.takeSent()).toEqual([])
    host.completeWrites()
    expect(last(host)).toMatchObject({ success: true, matchIndex: 2 })
    host.restart()
    expect(host.core.status().lastIndex).toBe(2)
  })
})

describe('Volatile state on all servers', () => {
  it('commitIndex: index of highest log entry known to be committed, increases monotonically', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1, 1), leaderCommit: 2 }))
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 1 }))
    expect(host.core.status().commitIndex).toBe(2)
  })

  it('lastApplied: increases monotonically, one entry after the other', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1, 1, 1), leaderCommit: 1 }))
    expect(host.applied.map(({ index }) => index)).toEqual([1])
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }))
    expect(host.applied.map(({ index }) => index)).toEqual([1, 2, 3])
  })
})

describe('Volatile state on leaders (reinitialized after election)', () => {
  it('nextIndex[]: initialized to leader last log index + 1', () => {
    const host = hostWith([1, 1, 1], 1)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 2 }), voteReply({ term: 2 }))
    const appends = host.takeSent().filter((m) => m.type === 'appendEntries')
    expect(appends).toMatchObject([
      { to: 'n2', prevLogIndex: 3, prevLogTerm: 1 },
      { to: 'n3', prevLogIndex: 3, prevLogTerm: 1 },
    ])
  })

  it('matchIndex[]: initialized to 0, increases monotonically', () => {
    const host = leaderWith([1], 1)
    expect(host.core.status().peers.map(({ matchIndex }) => matchIndex)).toEqual([0, 0])
    receive(host, appendReply({ term: 2, matchIndex: 2 }), appendReply({ term: 2, matchIndex: 1 }))
    expect(host.core.status().peers[0]).toMatchObject({ matchIndex: 2 })
  })
})

describe('AppendEntries RPC, receiver implementation', () => {
  it('1. Reply false if term < currentTerm', () => {
    const host = hostWith([1, 2], 3)
    receive(host, append({ term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: entries(3, 2) }))
    expect(last(host)).toMatchObject({ term: 3, success: false })
    expect(host.core.status()).toMatchObject({ lastIndex: 2, leader: undefined })
  })

  it('2. Reply false if log doesn’t contain an entry at prevLogIndex whose term matches prevLogTerm', () => {
    const host = hostWith([1, 1], 2)
    receive(host, append({ term: 2, prevLogIndex: 3, prevLogTerm: 2 }))
    expect(last(host)).toMatchObject({ success: false, matchIndex: 3, hintIndex: 2, hintTerm: 1 })
    receive(host, append({ term: 2, prevLogIndex: 2, prevLogTerm: 2 }))
    expect(last(host)).toMatchObject({ success: false, matchIndex: 2 })
    expect(terms(host)).toEqual([1, 1])
  })

  it('3. If an existing entry conflicts with a new one, delete it and all that follow it', () => {
    const host = hostWith([1, 2, 2, 2], 2)
    receive(host, append({ term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 3) }))
    expect(terms(host)).toEqual([1, 3])
    expect(last(host)).toMatchObject({ success: true, matchIndex: 2 })
  })

  it('4. Append any new entries not already in the log', () => {
    const host = hostWith([1, 1], 1)
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1, 1) }))
    expect(terms(host)).toEqual([1, 1, 1])
  })

  it('5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 3 }))
    expect(host.core.status().commitIndex).toBe(1)
    receive(
      host,
      append({
        term: 2,
        prevLogIndex: 1,
        prevLogTerm: 1,
        entries: entries(2, 2),
        leaderCommit: 9,
      }),
    )
    expect(host.core.status().commitIndex).toBe(2)
  })
})

describe('RequestVote RPC, receiver implementation', () => {
  it('1. Reply false if term < currentTerm', () => {
    const host = hostWith([1], 3)
    receive(host, requestVote({ term: 2, lastLogIndex: 9, lastLogTerm: 2 }))
    expect(last(host)).toMatchObject({ granted: false, term: 3 })
  })

  it('2. If votedFor is null or candidateId, and the log is at least as up-to-date, grant vote', () => {
    const host = hostWith([1, 1], 1)
    receive(host, requestVote({ term: 2, lastLogIndex: 2, lastLogTerm: 1 }))
    expect(last(host)).toMatchObject({ granted: true, term: 2 })
    receive(host, requestVote({ term: 2, from: 'n3', lastLogIndex: 5, lastLogTerm: 1 }))
    expect(last(host)).toMatchObject({ granted: false })
    receive(host, requestVote({ term: 2, lastLogIndex: 2, lastLogTerm: 1 }))
    expect(last(host)).toMatchObject({ granted: true })
  })

  it.each([
    ['a shorter log of the same term', 1, 2, false],
    ['a longer log of an older term', 9, 1, false],
    ['a shorter log of a newer term', 1, 3, true],
    ['the same log', 2, 2, true],
    ['a longer log of the same term', 3, 2, true],
  ])('2. up-to-date (§5.4.1): %s', (_, lastLogIndex, lastLogTerm, granted) => {
    const host = hostWith([1, 2], 3)
    receive(host, requestVote({ term: 4, lastLogIndex, lastLogTerm }))
    expect(last(host)).toMatchObject({ granted })
  })
})

describe('Rules for all servers', () => {
  it('If commitIndex > lastApplied, apply log[lastApplied] to the state machine', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.propose('n1', 'a', 'b')
    cluster.deliver()
    expect(commands(cluster.host('n1').applied)).toEqual(['a', 'b'])
  })

  it.each([
    ['AppendEntries', append({ term: 7 })],
    ['AppendEntries reply', appendReply({ term: 7, success: false })],
    ['RequestVote', requestVote({ term: 7, transfer: true })],
    ['RequestVote reply', voteReply({ term: 7, granted: false })],
  ])('If a %s contains term T > currentTerm, set currentTerm = T, convert to follower', (_, m) => {
    const host = leaderWith([1], 1)
    receive(host, m)
    expect(host.core.status()).toMatchObject({ role: 'follower', term: 7 })
  })
})

describe('Rules for followers', () => {
  it('Respond to RPCs from candidates and leaders', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, requestVote({ term: 1 }))
    expect(last(host)).toMatchObject({ type: 'requestVoteReply', to: 'n2' })
    receive(host, append({ term: 1 }))
    expect(last(host)).toMatchObject({ type: 'appendEntriesReply', to: 'n2' })
  })

  it('If election timeout elapses without AppendEntries from current leader, convert to candidate', () => {
    const host = new CoreHost('n1', MEMBERS, { electionJitter: () => 0 })
    for (let i = 0; i < 49; i++) host.step({ type: 'tick' })
    expect(host.core.role).toBe('follower')
    host.step({ type: 'tick' })
    expect(host.core.role).toBe('preCandidate')
    receive(host, voteReply({ preVote: true, term: 1 }))
    expect(host.core.role).toBe('candidate')
  })

  it('If election timeout elapses without granting vote to candidate, convert to candidate', () => {
    const host = new CoreHost('n1', MEMBERS, { electionJitter: () => 0 })
    for (let i = 0; i < 40; i++) host.step({ type: 'tick' })
    receive(host, requestVote({ term: 1 }))
    for (let i = 0; i < 49; i++) host.step({ type: 'tick' })
    expect(host.core.role).toBe('follower')
    host.step({ type: 'tick' })
    expect(host.core.role).toBe('preCandidate')
  })
})

describe('Rules for candidates', () => {
  const candidate = (): CoreHost => {
    const host = hostWith([1], 1)
    host.step({ type: 'campaign' })
    host.takeSent()
    receive(host, voteReply({ preVote: true, term: 2 }))
    return host
  }

  it('On conversion: increment currentTerm, vote for self, reset election timer, send RequestVote', () => {
    const host = candidate()
    expect(host.core.status()).toMatchObject({ role: 'candidate', term: 2, votedFor: 'n1' })
    expect(host.takeSent()).toMatchObject([
      { type: 'requestVote', to: 'n2', term: 2, preVote: false, lastLogIndex: 1, lastLogTerm: 1 },
      { type: 'requestVote', to: 'n3', term: 2, preVote: false, lastLogIndex: 1, lastLogTerm: 1 },
    ])
  })

  it('If votes received from majority of servers: become leader', () => {
    const host = candidate()
    receive(host, voteReply({ term: 2, from: 'n3' }))
    expect(host.core.role).toBe('leader')
  })

  it('If AppendEntries received from new leader: convert to follower', () => {
    const host = candidate()
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1 }))
    expect(host.core.status()).toMatchObject({ role: 'follower', leader: 'n2', votedFor: 'n1' })
  })

  it('If election timeout elapses: start new election', () => {
    const host = candidate()
    for (let i = 0; i < 101; i++) host.step({ type: 'tick' })
    expect(host.core.role).toBe('preCandidate')
    receive(host, voteReply({ preVote: true, term: 3 }))
    expect(host.core.status()).toMatchObject({ role: 'candidate', term: 3 })
  })
})

describe('Rules for leaders', () => {
  it('Upon election: send initial AppendEntries to each server; repeat during idle periods', () => {
    const host = hostWith([1], 1)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 2 }), voteReply({ term: 2 }))
    const sentTo = (type: Message['type']) =>
      host.takeSent().flatMap((m) => (m.type === type ? [m.to] : []))
    expect(sentTo('appendEntries')).toEqual(['n2', 'n3'])
    for (let i = 0; i < 5; i++) host.step({ type: 'tick' })
    // An empty AppendEntries of the paper is a message of its own here: it says nothing of the log.
    expect(sentTo('heartbeat')).toEqual(['n2', 'n3'])
  })

  it('If command received from client: append to local log, respond after entry applied', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'propose', id: 9, commands: [bytes('a')] })
    expect(leader.event('proposed')).toMatchObject({ id: 9, accepted: 1, firstIndex: 2, term: 1 })
    expect(commands(leader.applied)).toEqual([])
    cluster.deliver()
    expect(commands(leader.applied)).toEqual(['a'])
  })

  it('If last log index ≥ nextIndex for a follower: send log entries starting at nextIndex', () => {
    const host = leaderWith([1], 1)
    receive(host, appendReply({ term: 2, matchIndex: 2 }))
    host.takeSent()
    host.step({ type: 'propose', id: 1, commands: [bytes('a'), bytes('b')] })
    const sent = host.takeSent()
    expect(sent).toMatchObject([
      { to: 'n2', prevLogIndex: 2, entries: [{ index: 3 }, { index: 4 }] },
    ])
  })

  it('If successful: update nextIndex and matchIndex for follower', () => {
    const host = leaderWith([1], 1)
    receive(host, appendReply({ term: 2, matchIndex: 2 }))
    expect(host.core.status().peers[0]).toMatchObject({ matchIndex: 2, nextIndex: 3 })
  })

  it('If AppendEntries fails because of log inconsistency: decrement nextIndex and retry', () => {
    const host = leaderWith([1, 1, 1], 1)
    receive(
      host,
      appendReply({ term: 2, success: false, matchIndex: 3, hintIndex: 1, hintTerm: 1 }),
    )
    expect(last(host)).toMatchObject({
      to: 'n2',
      prevLogIndex: 1,
      entries: [{ index: 2 }, { index: 3 }],
    })
  })

  it('If a majority of matchIndex[i] ≥ N > commitIndex and log[N].term == currentTerm: set commitIndex = N', () => {
    const host = leaderWith([1, 1], 1)
    receive(host, appendReply({ term: 2, matchIndex: 2 }))
    expect(host.core.status().commitIndex).toBe(0)
    receive(host, appendReply({ term: 2, matchIndex: 3 }))
    expect(host.core.status().commitIndex).toBe(3)
  })
})
