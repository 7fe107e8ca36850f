/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, type CoreHost } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  hostWith,
  receive,
  timeoutNow,
  transferRefused,
} from '../../test/messages.ts'
import type { MemberChange, Message } from '../types.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

const change = (leader: CoreHost, one: MemberChange): void =>
  leader.step({
    type: 'changeMembership',
    id: 1,
    change: { changes: [one], transition: 'auto', context: new Uint8Array(0) },
    ifConfig: undefined,
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

  it('is refused for who can not lead: a learner, a stranger, this node, one that lost its log', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.join('n4')
    change(leader, { type: 'addLearner', id: 'n4' })
    cluster.deliver()
    const { term, lastIndex } = leader.core.status()
    const acknowledged = appendReply({ from: 'n3', term, matchIndex: lastIndex })
    for (const incarnation of ['a'.repeat(32), 'b'.repeat(32)]) {
      leader.step({ type: 'message', message: acknowledged, incarnation })
    }
    for (const to of ['n4', 'n9', 'n1', 'n3']) {
      leader.step({ type: 'transferLeadership', id: 1, to })
      expect(leader.event('transferEnded')).toMatchObject({ result: 'badTarget', leader: 'n1' })
      leader.events = []
    }
    expect(leader.core.status().transferringTo).toBeUndefined()
  })

  it('without a target goes to the voter that has most, and to nobody if none was heard from', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.filter = ({ from }) => from !== 'n2'
    cluster.propose('n1', 'a')
    cluster.deliver()
    leader.step({ type: 'transferLeadership', id: 1, to: undefined })
    expect(leader.core.status().transferringTo).toBe('n3')
    const alone = new CoreCluster(1).elect('n1')
    alone.step({ type: 'transferLeadership', id: 2, to: undefined })
    expect(alone.event('transferEnded')).toMatchObject({ id: 2, result: 'badTarget' })
  })

  it('ends at once when the target says that it will not campaign', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    receive(leader, transferRefused({ from: 'n2' }))
    expect(leader.event('transferEnded')).toBeUndefined()
    receive(leader, transferRefused({ from: 'n3' }))
    expect(leader.event('transferEnded')).toMatchObject({ result: 'refused', leader: 'n1' })
    cluster.propose('n1', 'a')
    expect(leader.event('proposed')).toMatchObject({ accepted: 1 })
  })

  it('is taken back by the user, once', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'abortTransfer' })
    expect(leader.event('transferEnded')).toBeUndefined()
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    leader.step({ type: 'abortTransfer' })
    leader.step({ type: 'abortTransfer' })
    const ended = leader.events.filter(({ type }) => type === 'transferEnded')
    expect(ended).toEqual([{ type: 'transferEnded', id: 1, result: 'aborted', leader: 'n1' }])
  })

  it('is taken back when the target is no voter any more', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    // The change is in the log when the transfer begins, and is applied before the target has all.
    change(leader, { type: 'remove', id: 'n3' })
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    cluster.filter = ({ to }) => to !== 'n3'
    cluster.deliver()
    expect(leader.event('transferEnded')).toMatchObject({ result: 'aborted' })
  })

  it('is over, but not by it, when somebody else leads', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    receive(leader, append({ from: 'n2', term: 2 }))
    expect(leader.event('transferEnded')).toMatchObject({ result: 'lost', leader: 'n2' })
  })

  it('is over when nobody is known to lead within its time', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    cluster.filter = () => false
    receive(leader, appendReply({ from: 'n2', term: 2, success: false }))
    leader.step({ type: 'abortTransfer' })
    expect(leader.event('transferEnded')).toBeUndefined()
    cluster.tick(50)
    expect(leader.event('transferEnded')).toMatchObject({ result: 'lost' })
  })

  it('says it again with every heartbeat, for it may be lost', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    expect(ofType(leader, 'timeoutNow')).toHaveLength(1)
    leader.step({ type: 'tick' })
    expect(ofType(leader, 'timeoutNow')).toHaveLength(0)
    for (let i = 0; i < 10; i++) leader.step({ type: 'tick' })
    expect(ofType(leader, 'timeoutNow')).toHaveLength(2)
  })

  it('no change of the membership is taken up meanwhile', () => {
    const leader = new CoreCluster(3).elect('n1')
    leader.step({ type: 'transferLeadership', id: 1, to: 'n3' })
    change(leader, { type: 'remove', id: 'n2' })
    expect(leader.event('membershipProposed')).toMatchObject({ refusal: 'transferring' })
  })

  it('a candidate or a leader pays no heed to a TimeoutNow', () => {
    const host = hostWith([1], 1)
    host.step({ type: 'campaign' })
    receive(host, timeoutNow())
    expect(host.core.role).toBe('preCandidate')
  })
})
