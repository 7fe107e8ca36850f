/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  hostWith,
  leaderWith,
  MEMBERS,
  receive,
  requestVote,
  voteReply,
} from '../../test/messages.ts'
import type { Message } from '../types.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

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

  it('B7 it looks for its majority as often as it is told to, and not before a timeout has passed', () => {
    for (const quorumCheckTicks of [1, 70]) {
      const cluster = new CoreCluster(3, { quorumCheckTicks })
      const leader = cluster.elect('n1')
      cluster.tick(10)
      cluster.filter = () => false
      let ticks = 0
      while (leader.core.role === 'leader' && ticks < 500) {
        leader.step({ type: 'tick' })
        ticks++
      }
      expect(leader.event('steppedDown')).toMatchObject({ reason: 'quorumLost' })
      expect(ticks).toBeGreaterThanOrEqual(50)
      if (quorumCheckTicks === 1) expect(ticks).toBeLessThan(60)
      else expect((10 + ticks) % quorumCheckTicks).toBe(0)
    }
    const without = new CoreCluster(3, { checkQuorum: false })
    const leader = without.elect('n1')
    without.filter = () => false
    for (let i = 0; i < 500; i++) leader.step({ type: 'tick' })
    expect(leader.core.role).toBe('leader')
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
