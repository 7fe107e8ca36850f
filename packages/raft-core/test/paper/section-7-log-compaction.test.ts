/** §7 Log compaction. */
import { describe, expect, it } from 'vitest'
import type { CoreHost } from '../core-cluster.ts'
import { append, entries, hostWith, installSnapshot, markAt, receive, terms } from '../messages.ts'
import { Network } from './network.ts'

/** n1 leads, has committed a to e, and keeps nothing of it but a snapshot; n3 has missed all of it. */
function compacted(): Network {
  const network = new Network(3)
  network.elect('n1')
  network.isolate('n3')
  network.commit('n1', ...'abcde')
  network.host('n1').compact()
  return network
}

const snapshotFor = (host: CoreHost, index: number, term: number): void => {
  host.snapshots.set(index, entries(1, ...new Array<number>(index).fill(term)))
  receive(host, installSnapshot({ term: 3, mark: markAt(index, term) }))
}

describe('taking snapshots', () => {
  it('each server takes snapshots independently', () => {
    const network = new Network(3)
    network.elect('n1')
    network.commit('n1', 'a', 'b')
    network.host('n2').compact()
    expect(network.ids.map((id) => network.status(id).firstIndex)).toEqual([1, 4, 1])
    network.commit('n1', 'c')
    for (const id of network.ids) expect(network.applied(id)).toEqual(['a', 'b', 'c'])
  })

  it('covering just the committed entries in its log: what is not applied can not be compacted', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }))
    host.step({ type: 'compact', index: 3 })
    expect(host.core.status().firstIndex).toBeLessThanOrEqual(3)
    expect(terms(host).at(-1)).toBe(1)
  })

  it('the last included index and term support the consistency check for the entry behind the snapshot', () => {
    const host = hostWith([1, 2], 2)
    receive(host, append({ term: 2, prevLogIndex: 2, prevLogTerm: 2, leaderCommit: 2 }))
    host.compact()
    host.takeSent()
    expect(host.disk.entries).toEqual([])
    receive(host, append({ term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: entries(3, 2) }))
    expect(host.takeSent()).toMatchObject([{ success: true, matchIndex: 3 }])
  })

  it('the snapshot also includes the latest configuration as of the last included index', () => {
    const network = compacted()
    const changes = [{ type: 'addLearner', id: 'n4' } as const]
    const change = { changes, transition: 'auto' as const, context: new Uint8Array(0) }
    network.host('n1').step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
    network.deliver()
    network.host('n1').compact()
    expect(network.host('n1').disk.base.membership.learners).toEqual(['n4'])
    network.host('n1').restart()
    expect(network.status('n1').membership.learners).toEqual(['n4'])
  })

  it('a restarted server goes on from its snapshot', () => {
    const network = compacted()
    const host = network.host('n1')
    host.restart()
    expect(network.applied('n1')).toEqual([...'abcde'])
    expect(host.core.status()).toMatchObject({ firstIndex: 7, appliedIndex: 6 })
  })
})

describe('InstallSnapshot', () => {
  it('the leader sends a snapshot when it has discarded the next entry that a follower needs', () => {
    const network = compacted()
    network.recover()
    network.tick(20)
    expect(network.host('n3').restores).toEqual([6])
    expect(network.applied('n3')).toEqual([...'abcde'])
  })

  it('a follower that keeps up needs none', () => {
    const network = compacted()
    network.commit('n1', 'f')
    expect(network.host('n2').restores).toEqual([])
    expect(network.applied('n2')).toEqual([...'abcdef'])
  })

  it('the follower then receives what is behind the snapshot as usual', () => {
    const network = compacted()
    network.commit('n1', 'f', 'g')
    network.recover()
    network.tick(20)
    expect(network.applied('n3')).toEqual([...'abcdefg'])
    expect(network.status('n1').peers).toMatchObject([
      { state: 'replicate' },
      { state: 'replicate' },
    ])
  })

  it('1. a snapshot of an older term is rejected', () => {
    const host = hostWith([5], 5)
    host.snapshots.set(9, [])
    receive(host, installSnapshot({ term: 3, mark: markAt(9, 3) }))
    expect(host.restores).toEqual([])
    expect(host.core.status()).toMatchObject({ lastIndex: 1, term: 5 })
  })

  it('6. if an existing entry has the same index and term, what follows it is retained', () => {
    const host = hostWith([1, 1, 1, 1], 2)
    snapshotFor(host, 2, 1)
    expect(host.core.status()).toMatchObject({ lastIndex: 4, commitIndex: 2 })
    expect(terms(host).slice(-2)).toEqual([1, 1])
  })

  it.each([
    ['it is shorter', [1]],
    ['it conflicts', [1, 2, 2, 2, 2]],
  ])('7. otherwise the entire log is discarded: %s', (_, log) => {
    const host = hostWith(log, 2)
    snapshotFor(host, 3, 3)
    expect(host.core.status()).toMatchObject({ firstIndex: 4, lastIndex: 3, commitIndex: 3 })
    expect(host.disk.entries).toEqual([])
  })

  it('8. the state machine is reset using the snapshot contents', () => {
    const host = hostWith([1], 1)
    snapshotFor(host, 3, 2)
    expect(host.restores).toEqual([3])
    expect(host.applied).toHaveLength(3)
    expect(host.core.status().appliedIndex).toBe(3)
  })

  it('a snapshot of what is applied already changes nothing', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }))
    snapshotFor(host, 2, 1)
    expect(host.restores).toEqual([])
    expect(host.core.status()).toMatchObject({ appliedIndex: 3, lastIndex: 3 })
  })
})
