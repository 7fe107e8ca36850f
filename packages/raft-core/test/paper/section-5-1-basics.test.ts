/** §5.1 of "In Search of an Understandable Consensus Algorithm" (extended version): Raft basics. */
import { describe, expect, it } from 'vitest'
import { CoreHost } from '../core-cluster.ts'
import {
  append,
  appendReply,
  heartbeat,
  hostWith,
  leaderWith,
  MEMBERS,
  receive,
  requestVote,
  voteReply,
} from '../messages.ts'
import { Network } from './network.ts'

describe('roles', () => {
  it('when servers start up, they begin as followers', () => {
    const network = new Network(5)
    for (const { core } of network.hosts.values()) expect(core.role).toBe('follower')
  })

  it('followers are passive: they issue no requests on their own', () => {
    const host = hostWith([1, 1], 1)
    for (let i = 0; i < 49; i++) host.step({ type: 'tick' })
    expect(host.takeSent()).toEqual([])
  })

  it('in normal operation there is exactly one leader and all of the other servers are followers', () => {
    const network = new Network(5)
    network.tick(200)
    expect(network.leaders()).toHaveLength(1)
    const roles = [...network.hosts.values()].map(({ core }) => core.role)
    expect(roles.filter((role) => role === 'follower')).toHaveLength(4)
  })

  it('a client that contacts a follower is told so, and where the leader is', () => {
    const network = new Network()
    network.elect('n1')
    network.commit('n2', 'a')
    expect(network.host('n2').event('proposed')).toMatchObject({
      accepted: 0,
      refusal: 'notLeader',
    })
    expect(network.status('n2').leader).toBe('n1')
    expect(network.status('n2').lastIndex).toBe(1)
  })
})

describe('terms', () => {
  it('terms are numbered with consecutive integers, and each begins with an election', () => {
    // Without CheckQuorum nobody protects the leader that there is.
    const network = new Network(3, { checkQuorum: false })
    expect(network.status('n1').term).toBe(0)
    for (const [i, id] of ['n1', 'n2', 'n3', 'n1'].entries()) {
      network.elect(id)
      expect(network.leaders()).toEqual([{ id, term: i + 1 }])
    }
  })

  it('there is at most one leader in a given term', () => {
    const network = new Network(5, { preVote: false })
    for (const id of ['n1', 'n2', 'n3']) network.host(id).step({ type: 'campaign' })
    network.deliver()
    expect(network.leaders().length).toBeLessThanOrEqual(1)
  })

  it('terms act as a logical clock: a smaller current term is updated to the larger value', () => {
    const host = hostWith([1], 1)
    receive(host, append({ term: 4, prevLogIndex: 1, prevLogTerm: 1 }))
    expect(host.core.status().term).toBe(4)
    expect(host.disk.hardState).toMatchObject({ term: 4, votedFor: undefined })
  })

  const LATER = { term: 9, prevLogIndex: 1, prevLogTerm: 1 }
  const candidate = (): CoreHost => {
    const host = hostWith([1], 1)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 2 }))
    return host
  }

  it.each([
    ['candidate', 'an append', candidate, append(LATER)],
    ['candidate', 'a refused vote', candidate, voteReply({ term: 9, granted: false })],
    ['leader', 'an append', () => leaderWith([1], 1), append(LATER)],
    ['leader', 'a heartbeat', () => leaderWith([1], 1), heartbeat({ term: 9 })],
    ['leader', 'an answer', () => leaderWith([1], 1), appendReply({ term: 9, success: false })],
  ])('a %s that discovers by %s that its term is out of date reverts to follower', (...it) => {
    const [, , make, message] = it
    const host = make()
    receive(host, message)
    expect(host.core.status()).toMatchObject({ role: 'follower', term: 9 })
  })

  it.each([
    ['an append', append({ term: 2 }), { type: 'appendEntriesReply', success: false, term: 5 }],
    [
      'a heartbeat',
      heartbeat({ term: 2 }),
      { type: 'appendEntriesReply', success: false, term: 5 },
    ],
    ['a vote', requestVote({ term: 2 }), { type: 'requestVoteReply', granted: false, term: 5 }],
  ])('a request with a stale term number is rejected: %s', (_, request, answer) => {
    const host = hostWith([1, 5], 5)
    receive(host, request)
    expect(host.takeSent()).toMatchObject([answer])
    expect(host.core.status()).toMatchObject({ term: 5, leader: undefined, votedFor: undefined })
  })

  it('some terms have no leader: another one begins', () => {
    const network = new Network(4, { preVote: false })
    network.cut('n1', 'n3')
    network.cut('n2', 'n4')
    network.cut('n1', 'n4')
    network.cut('n2', 'n3')
    network.host('n1').step({ type: 'campaign' })
    network.host('n3').step({ type: 'campaign' })
    network.deliver()
    expect(network.leaders()).toEqual([])
    network.recover()
    network.tick(110)
    const [leader] = network.leaders()
    expect(leader?.term).toBeGreaterThan(1)
  })

  it('a restart forgets neither the term nor the vote', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, requestVote({ term: 3, from: 'n3' }))
    host.restart()
    expect(host.core.status()).toMatchObject({ term: 3, votedFor: 'n3', role: 'follower' })
  })
})
