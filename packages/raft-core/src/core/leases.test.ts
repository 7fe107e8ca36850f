/**
 * What reads by lease rest on (dissertation §6.4.1): who has heard from a leader helps to replace it
 * only when an election timeout has passed since, whatever it is told and asked meanwhile, also when
 * it has started again in between. And what a leader is told of its rounds.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  heartbeat,
  MEMBERS,
  receive,
  requestVote,
} from '../../test/messages.ts'
import type { Message } from '../types.ts'
import { CORE_DEFAULTS } from './config.ts'

const { electionMinTicks } = CORE_DEFAULTS

const tick = (host: CoreHost, count: number): void => {
  for (let i = 0; i < count; i++) host.step({ type: 'tick' })
}

const votes = (host: CoreHost): Message[] =>
  host.takeSent().filter((m) => m.type === 'requestVoteReply' && m.granted)

/** Has heard from n2, which leads term 1, just now. */
function follower(): CoreHost {
  const host = new CoreHost('n1', MEMBERS, { leaseReads: true })
  tick(host, electionMinTicks)
  receive(host, heartbeat())
  host.takeSent()
  return host
}

describe('with lease reads', () => {
  it('a node that has just started votes only when the promise of its past life is over', () => {
    const host = new CoreHost('n1', MEMBERS, { leaseReads: true })
    for (let passed = 0; passed < electionMinTicks; passed++) {
      receive(host, requestVote({ term: 5 }), requestVote({ term: 5, preVote: true }))
      expect(votes(host)).toEqual([])
      host.step({ type: 'campaign' })
      expect(host.core.role).toBe('follower')
      tick(host, 1)
    }
    receive(host, requestVote({ term: 5 }))
    expect(votes(host)).toHaveLength(1)
  })

  it('without lease reads it votes at once', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, requestVote({ term: 5 }))
    expect(votes(host)).toHaveLength(1)
  })

  it('a follower does not forget its leader, neither when told to nor when its stream closes', () => {
    const host = follower()
    host.step({ type: 'forgetLeader' })
    host.step({ type: 'peerLost', peer: 'n2' })
    expect(host.core.status().leader).toBe('n2')
    receive(host, requestVote({ from: 'n3', term: 2 }))
    tick(host, electionMinTicks - 1)
    receive(host, requestVote({ from: 'n3', term: 2 }))
    expect(votes(host)).toEqual([])
    expect(host.core.role).toBe('follower')
  })

  it('a follower that is told to campaign does not while it has heard from a leader', () => {
    const host = follower()
    host.step({ type: 'campaign' })
    expect(host.core.role).toBe('follower')
    receive(host, requestVote({ from: 'n3', term: 2 }))
    expect(votes(host)).toEqual([])
  })

  it('a newer term that is heard of does not end the promise to the leader of the older one', () => {
    const host = follower()
    receive(host, appendReply({ from: 'n3', term: 2, success: false }))
    expect(host.core.status()).toMatchObject({ term: 2, leader: undefined })
    receive(host, requestVote({ from: 'n3', term: 2 }), requestVote({ from: 'n3', term: 3 }))
    expect(votes(host)).toEqual([])
    tick(host, electionMinTicks)
    receive(host, requestVote({ from: 'n3', term: 3 }))
    expect(votes(host)).toHaveLength(1)
  })

  it('a candidate that the leader sent is heard all the same', () => {
    const host = follower()
    receive(host, requestVote({ from: 'n3', term: 2, transfer: true }))
    expect(votes(host)).toHaveLength(1)
  })

  it('a leader is told when its rounds began and when a majority had confirmed them', () => {
    const cluster = new CoreCluster(3, { leaseReads: true })
    const leader = cluster.host('n1')
    leader.step({ type: 'confirmLeadership' })
    cluster.tick(2 * electionMinTicks)
    expect(leader.core.role).toBe('leader')
    expect(leader.event('roundStarted')).toBeUndefined()
    cluster.filter = () => false
    leader.step({ type: 'confirmLeadership' })
    leader.step({ type: 'confirmLeadership' })
    leader.step({ type: 'readIndex', id: 1 })
    expect(leader.event('roundStarted')).toEqual({ type: 'roundStarted', sequence: 3 })
    cluster.deliver()
    expect(leader.event('roundConfirmed')).toBeUndefined()
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    cluster.tick(CORE_DEFAULTS.heartbeatTicks)
    const confirmed = leader.events.filter(({ type }) => type === 'roundConfirmed')
    expect(confirmed).toEqual([{ type: 'roundConfirmed', sequence: 3 }])
    expect(leader.event('readReady')).toMatchObject({ id: 1 })
  })

  it('a round is not confirmed by who has lost its log, nor by a leader alone', () => {
    const cluster = new CoreCluster(3, { leaseReads: true })
    cluster.tick(2 * electionMinTicks)
    const leader = cluster.host('n1')
    const { term } = leader.core.status()
    const hear = (incarnation: string, readSequence: number) =>
      leader.step({
        type: 'message',
        incarnation,
        message: appendReply({ term, matchIndex: 1, readSequence }),
      })
    hear('a'.repeat(32), 0)
    leader.step({ type: 'confirmLeadership' })
    hear('b'.repeat(32), 1)
    expect(leader.event('peerSetApart')).toMatchObject({ peer: 'n2' })
    expect(leader.event('roundConfirmed')).toBeUndefined()
  })

  it('a round that waits for the first commit of a term that ends is not begun', () => {
    const host = new CoreHost('n1', MEMBERS, { leaseReads: true })
    tick(host, electionMinTicks)
    host.step({ type: 'confirmLeadership' })
    receive(host, append())
    expect(host.event('roundStarted')).toBeUndefined()
  })
})

describe('a round for its own sake', () => {
  it('is nothing that is kept: any number of them may wait for a majority', () => {
    const cluster = new CoreCluster(3, { checkQuorum: false })
    const leader = cluster.elect('n1')
    cluster.filter = () => false
    for (let i = 0; i < 3; i++) {
      leader.step({ type: 'confirmLeadership' })
      cluster.deliver()
    }
    leader.step({ type: 'readIndex', id: 1 })
    cluster.deliver()
    expect(leader.event('readReady')).toBeUndefined()
    cluster.filter = () => true
    cluster.tick(CORE_DEFAULTS.heartbeatTicks)
    expect(leader.event('readReady')).toMatchObject({ id: 1 })
    // Not wanted by anybody without lease reads, so nobody is told.
    expect(leader.event('roundConfirmed')).toBeUndefined()
  })
})
