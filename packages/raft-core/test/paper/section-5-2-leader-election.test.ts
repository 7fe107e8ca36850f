/** §5.2: leader election. With PreVote (dissertation §9.6) each election has a round of questions before it. */
import { describe, expect, it } from 'vitest'
import { CoreHost } from '../core-cluster.ts'
import {
  append,
  heartbeat,
  hostWith,
  MEMBERS,
  receive,
  requestVote,
  voteReply,
} from '../messages.ts'
import { Network } from './network.ts'

const ticks = (host: CoreHost, count: number): void => {
  for (let i = 0; i < count; i++) host.step({ type: 'tick' })
}

/** n1 of `size`, in its first election; the pre-vote is won. */
function candidateOf(size: number): CoreHost {
  const network = new Network(size, { preVote: false })
  const host = network.host('n1')
  host.step({ type: 'campaign' })
  return host
}

describe('staying a follower', () => {
  it.each([
    ['heartbeats from a leader', () => heartbeat({ term: 1 })],
    ['appends from a leader', () => append({ term: 1 })],
  ])('a server remains a follower as long as it receives valid %s', (_, message) => {
    const host = new CoreHost('n1', MEMBERS, { electionJitter: () => 0 })
    for (let i = 0; i < 20; i++) {
      receive(host, message())
      ticks(host, 49)
    }
    expect(host.core.role).toBe('follower')
  })

  it('leaders send periodic heartbeats to all followers to maintain their authority', () => {
    const network = new Network(5)
    network.elect('n1')
    const leader = network.host('n1')
    leader.takeSent()
    ticks(leader, 5)
    const sent = leader.takeSent()
    expect(sent.map(({ type, to }) => [type, to])).toEqual(
      ['n2', 'n3', 'n4', 'n5'].map((id) => ['heartbeat', id]),
    )
    network.tick(2000)
    expect(network.leaders()).toEqual([{ id: 'n1', term: 1 }])
  })

  it('a message of an older term does not keep a follower patient', () => {
    const host = hostWith([1], 5)
    ticks(host, 30)
    receive(host, heartbeat({ term: 4 }), append({ term: 4 }))
    ticks(host, 70)
    expect(host.core.role).toBe('preCandidate')
  })
})

describe('beginning an election', () => {
  it('a follower increments its current term, votes for itself, and asks each of the others in parallel', () => {
    const host = candidateOf(5)
    expect(host.core.status()).toMatchObject({ role: 'candidate', term: 1, votedFor: 'n1' })
    expect(host.takeSent()).toMatchObject(
      ['n2', 'n3', 'n4', 'n5'].map((to) => ({ type: 'requestVote', to, term: 1 })),
    )
  })

  it('its own vote counts like any other: once it is durable', () => {
    const host = new CoreHost('n1', ['n1'])
    host.manualDisk = true
    host.step({ type: 'campaign' })
    expect(host.core.role).toBe('candidate')
    host.completeWrites()
    expect(host.core.role).toBe('leader')
  })
})

describe('how an election ends', () => {
  // Votes of the others: y(es), n(o), and silence. The candidate's own is a yes.
  it.each([
    [1, '', 'leader'],
    [2, 'y', 'leader'],
    [3, 'y', 'leader'],
    [3, 'ny', 'leader'],
    [3, 'n', 'candidate'],
    [3, 'nn', 'follower'],
    [3, '', 'candidate'],
    [4, 'y', 'candidate'],
    [4, 'yy', 'leader'],
    [4, 'nn', 'follower'],
    [5, 'yy', 'leader'],
    [5, 'nnyy', 'leader'],
    [5, 'ynn', 'candidate'],
    [5, 'nnn', 'follower'],
    [5, 'ynnn', 'follower'],
  ])('of %i servers, with the answers "%s": %s', (size, answers, role) => {
    const host = candidateOf(size)
    for (const [i, answer] of [...answers].entries()) {
      receive(host, voteReply({ from: `n${i + 2}`, granted: answer === 'y' }))
    }
    expect(host.core.role).toBe(role)
  })

  it('a vote counts once, however often it arrives', () => {
    const host = candidateOf(5)
    receive(host, voteReply(), voteReply(), voteReply())
    expect(host.core.role).toBe('candidate')
  })

  it('a vote of an earlier election does not count', () => {
    const host = hostWith([1], 3)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 4 }))
    expect(host.core.role).toBe('candidate')
    receive(host, voteReply({ term: 3 }), voteReply({ term: 3, from: 'n3' }))
    expect(host.core.role).toBe('candidate')
  })

  it('each server votes for at most one candidate in a given term, first come, first served', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, requestVote({ term: 1, from: 'n2' }), requestVote({ term: 1, from: 'n3' }))
    expect(host.takeSent()).toMatchObject([
      { to: 'n2', granted: true },
      { to: 'n3', granted: false },
    ])
    receive(host, requestVote({ term: 2, from: 'n3' }))
    expect(host.takeSent()).toMatchObject([{ to: 'n3', granted: true, term: 2 }])
  })

  it('once a candidate wins, it sends messages to all of the others to prevent new elections', () => {
    const host = candidateOf(3)
    host.takeSent()
    receive(host, voteReply())
    expect(host.takeSent().map(({ type, to }) => [type, to])).toEqual([
      ['appendEntries', 'n2'],
      ['appendEntries', 'n3'],
    ])
  })

  it.each([
    ['of its own term', 1],
    ['of a later term', 3],
  ])('a candidate recognizes a leader %s and returns to follower state', (_, term) => {
    const host = candidateOf(3)
    receive(host, append({ term }))
    expect(host.core.status()).toMatchObject({ role: 'follower', term, leader: 'n2' })
  })

  it('a candidate rejects a leader of an earlier term and continues in candidate state', () => {
    const host = hostWith([1], 4)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 5 }))
    host.takeSent()
    receive(host, append({ term: 4, prevLogIndex: 1, prevLogTerm: 1 }))
    expect(host.core.role).toBe('candidate')
    expect(host.takeSent()).toMatchObject([{ to: 'n2', success: false, term: 5 }])
  })
})

describe('split votes', () => {
  it('votes may be split so that no candidate obtains a majority; a new election follows', () => {
    const network = new Network(2, { preVote: false })
    for (const host of network.hosts.values()) host.step({ type: 'campaign' })
    network.deliver()
    expect(network.leaders()).toEqual([])
    network.tick(101)
    expect(network.leaders()).toHaveLength(1)
    expect(network.leaders()[0]?.term).toBeGreaterThan(1)
  })

  it('election timeouts are chosen from a fixed interval, anew for each election', () => {
    let drawn = 0
    const host = new CoreHost('n1', MEMBERS, { electionJitter: () => (drawn++ * 0.37) % 1 })
    const timeouts = new Set<number>()
    for (let since = 1; timeouts.size < 10; since++) {
      ticks(host, 1)
      if (host.takeSent().length === 0) continue
      expect(since).toBeGreaterThanOrEqual(50)
      expect(since).toBeLessThanOrEqual(100)
      timeouts.add(since)
      since = 0
    }
  })

  it('in most cases only a single server will time out', () => {
    const network = new Network(5)
    const asked = new Set<string>()
    const { filter } = network
    network.filter = (message) => {
      if (message.type === 'requestVote') asked.add(message.from)
      return filter(message)
    }
    network.tick(60)
    expect(network.leaders()).toHaveLength(1)
    expect(asked.size).toBe(1)
  })

  it('each candidate restarts its election timeout at the start of an election', () => {
    const host = new CoreHost('n1', MEMBERS, { electionJitter: () => 0 })
    ticks(host, 30)
    host.step({ type: 'campaign' })
    host.takeSent()
    ticks(host, 49)
    expect(host.takeSent()).toEqual([])
    ticks(host, 1)
    expect(host.takeSent()).toMatchObject([{ type: 'requestVote' }, { type: 'requestVote' }])
  })
})
