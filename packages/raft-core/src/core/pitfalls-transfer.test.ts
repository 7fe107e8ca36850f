/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, type CoreHost } from '../../test/core-cluster.ts'
import { append, hostWith, receive, timeoutNow } from '../../test/messages.ts'
import type { Message } from '../types.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

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
