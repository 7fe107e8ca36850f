/**
 * Mistakes that other Raft implementations made, from their issues (research `raft.md` §4, whose
 * numbers the tests carry). One test for each that can be made in this part.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import { append, appendReply, leaderWith, MEMBERS, receive } from '../../test/messages.ts'
import type { Message, ReadIndexRequest } from '../types.ts'

const ofType = <T extends Message['type']>(host: CoreHost, type: T) =>
  host.takeSent().filter((m): m is Extract<Message, { type: T }> => m.type === type)

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

  it('E1 so are those that followers ask for', () => {
    const leader = new CoreCluster(3, { maxPendingReads: 1 }).elect('n1')
    const ask = (readId: number): ReadIndexRequest => ({
      type: 'readIndexRequest',
      from: 'n2',
      to: 'n1',
      term: 1,
      readId,
    })
    for (const readId of [1, 2]) leader.step({ type: 'message', message: ask(readId) })
    expect(leader.takeSent().filter(({ type }) => type === 'readIndexReply')).toMatchObject([
      { to: 'n2', readId: 2, readIndex: 0 },
    ])
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
