import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import { append, entries, MEMBERS, receive } from '../../test/messages.ts'
import { InvariantError } from '../errors.ts'

describe('a healthy cluster', () => {
  it.each([1, 3, 5])('of %i elects one leader and commits what it is given', (size) => {
    const cluster = new CoreCluster(size)
    cluster.tick(120)
    const leader = cluster.leader()
    expect(leader).toBeDefined()
    if (leader === undefined) return
    cluster.propose(leader.id, 'a', 'b')
    cluster.deliver()
    cluster.tick(5)
    for (const host of cluster.hosts.values()) {
      expect(commands(host.applied)).toEqual(['a', 'b'])
      expect(host.core.status().leader).toBe(leader.id)
    }
  })

  it('keeps its leader as long as it hears from it', () => {
    const cluster = new CoreCluster(3)
    cluster.tick(1000)
    expect(cluster.leader()?.core.status().term).toBe(1)
  })

  it('answers a linearizable read on the leader and on a follower', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    cluster.propose('n1', 'a')
    cluster.deliver()
    leader.step({ type: 'readIndex', id: 7 })
    cluster.host('n2').step({ type: 'readIndex', id: 8 })
    expect(leader.event('readReady')).toBeUndefined()
    cluster.deliver()
    expect(leader.event('readReady')).toEqual({ type: 'readReady', id: 7, index: 2 })
    expect(cluster.host('n2').event('readReady')).toEqual({ type: 'readReady', id: 8, index: 2 })
  })

  it('hands leadership over', () => {
    const cluster = new CoreCluster(3)
    const leader = cluster.elect('n1')
    leader.step({ type: 'transferLeadership', id: 5, to: 'n3' })
    cluster.deliver()
    expect(cluster.leader()?.id).toBe('n3')
    expect(leader.event('transferEnded')).toMatchObject({ id: 5, result: 'transferred' })
  })

  it('does not take a write for durable that it never gave out', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 1) }))
    expect(() => host.step({ type: 'appended', writeId: 99 })).toThrow(InvariantError)
  })

  it('starts again from its log', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    cluster.propose('n1', 'a', 'b', 'c', 'd', 'e')
    cluster.deliver()
    for (const host of cluster.hosts.values()) host.restart()
    cluster.tick(150)
    cluster.propose(cluster.leader()?.id ?? '', 'f')
    cluster.deliver()
    cluster.tick(5)
    for (const host of cluster.hosts.values()) {
      expect(commands(host.applied)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    }
  })
})
