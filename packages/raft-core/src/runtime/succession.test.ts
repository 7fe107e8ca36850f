import { describe, expect, it } from 'vitest'
import { NodeCluster } from '../../test/node-cluster.ts'
import { membershipOf } from '../core/membership.ts'
import { randomStream } from '../testing/random.ts'
import { placeInLine } from './succession.ts'

/** Messages, and the news that a stream closed behind them, take `ms`, more or less. */
function slowDown(cluster: NodeCluster, ms: number, seed: number): void {
  const random = randomStream(seed, 'latency')
  for (const { transport } of cluster.nodes.values()) {
    const { onReceive, onPeerLost } = transport
    transport.onReceive = (from, batch) => {
      cluster.clock.setTimer(ms * (0.5 + random()), () => onReceive?.(from, batch))
    }
    transport.onPeerLost = (peer) => {
      cluster.clock.setTimer(ms * (1.5 + random()), () => onPeerLost?.(peer))
    }
  }
}

describe('when the leader’s stream closes', () => {
  it.each([3, 5])('votes are not divided: one of %d leads in the very next term, soon', (size) => {
    for (let seed = 1; seed <= 25; seed++) {
      const cluster = new NodeCluster(size, {}, {}, seed)
      slowDown(cluster, 2, seed)
      const id = cluster.leaderIdAfterElection()
      const { term } = cluster.leader().node.status()
      cluster.kill(id)
      for (const { events } of cluster.nodes.values()) events.length = 0
      cluster.clock.advance(200)
      expect(cluster.leader().node.status().term, `seed ${seed}`).toBe(term + 1)
      const campaigned = [...cluster.nodes.values()].filter(({ events }) =>
        events.some((event) => event.type === 'roleChanged' && event.role === 'preCandidate'),
      )
      // Whoever comes later in line sees that it is not needed.
      expect(campaigned).toHaveLength(1)
    }
  })

  it('for one follower alone, nobody helps to replace a leader that lives', () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const { term } = cluster.leader().node.status()
    for (const { transport, node } of cluster.nodes.values()) {
      if (node.status().id === id) continue
      transport.onPeerLost?.(id)
      cluster.clock.advance(1000)
      expect(cluster.leaderId()).toBe(id)
      expect(cluster.leader().node.status().term).toBe(term)
      expect(node.status().leader).toBe(id)
    }
  })

  it('with lease reads everybody waits for as long as a lease may hold', () => {
    const cluster = new NodeCluster(3, { leaseReads: true })
    const id = cluster.leaderIdAfterElection()
    cluster.kill(id)
    cluster.clock.advance(450)
    expect(() => cluster.leaderId()).toThrow('no leader')
    cluster.clock.advance(2000)
    expect(cluster.leaderId()).not.toBe(id)
  })
})

describe('the line of those who may campaign', () => {
  const membership = membershipOf(['a', 'b', 'c', 'd'])

  it('has every voter but the lost one once, and another first in each term', () => {
    for (let term = 1; term < 9; term++) {
      const places = ['a', 'b', 'd'].map((self) => placeInLine(membership, 'c', self, term))
      expect(places.toSorted()).toEqual([0, 1, 2])
      expect(places[0]).toBe(term % 3)
    }
  })

  it('has the voters of both halves of a joint configuration, and no learner', () => {
    const joint = { ...membershipOf(['a']), votersOutgoing: ['a', 'b'], learners: ['l'] }
    const places = ['a', 'b'].map((self) => placeInLine(joint, 'x', self, 1))
    expect(places.toSorted()).toEqual([0, 1])
    expect(placeInLine(joint, 'x', 'l', 1)).toBeUndefined()
  })
})
