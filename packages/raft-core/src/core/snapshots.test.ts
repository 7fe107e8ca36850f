import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  entries,
  MEMBERS,
  receive,
  requestVote,
  voteReply,
} from '../../test/messages.ts'
import { ConfigError, InvariantError } from '../errors.ts'
import type { InstallSnapshot } from '../types.ts'
import type { CoreOptions } from './config.ts'
import { membershipOf } from './membership.ts'
import { RaftCore } from './raft-core.ts'

const install = (index: number, term: number, messageTerm = term): InstallSnapshot => ({
  type: 'installSnapshot',
  from: 'n2',
  to: 'n1',
  term: messageTerm,
  mark: { index, term, membership: membershipOf(MEMBERS), configIndex: 0 },
  genesis: undefined,
})

function clusterWith(count: number, config: Partial<CoreOptions> = {}): CoreCluster {
  const cluster = new CoreCluster(3, config)
  cluster.elect('n1')
  for (let i = 0; i < count; i++) cluster.propose('n1', `c${i}`)
  cluster.deliver()
  return cluster
}

const cut = (cluster: CoreCluster, id: string): void => {
  cluster.filter = ({ from, to }) => from !== id && to !== id
}

/** `id` misses an entry that its leader has compacted away: it needs a snapshot. It stays cut off. */
function leaveBehind(cluster: CoreCluster, id: string): CoreHost {
  const leader = cluster.host('n1')
  cut(cluster, id)
  cluster.propose('n1', 'x')
  cluster.deliver()
  leader.compact()
  return leader
}

describe('compaction', () => {
  it('forgets what is applied, keeps the rest, and starts again from there', () => {
    const cluster = clusterWith(10)
    for (const host of cluster.hosts.values()) host.compact()
    expect(cluster.host('n1').core.status()).toMatchObject({ firstIndex: 12, lastIndex: 11 })
    cluster.propose('n1', 'later')
    cluster.deliver()
    for (const host of cluster.hosts.values()) {
      expect(host.disk.entries.map(({ index }) => index)).toEqual([12])
      host.restart()
    }
    cluster.tick(300)
    for (const host of cluster.hosts.values()) expect(commands(host.applied)).toHaveLength(11)
  })

  it('never goes beyond what is applied, nor back', () => {
    const cluster = clusterWith(3)
    const leader = cluster.host('n1')
    leader.snapshot()
    leader.step({ type: 'compact', index: 1000 })
    expect(leader.core.status().firstIndex).toBe(5)
    leader.step({ type: 'compact', index: 2 })
    expect(leader.core.status().firstIndex).toBe(5)
  })

  it('a machine behind the beginning of its log is refused, with both numbers', () => {
    const cluster = clusterWith(3)
    const leader = cluster.host('n1')
    leader.compact()
    const options = { id: 'n1', electionJitter: () => 0, firstReadId: 1 }
    expect(() => new RaftCore(options, leader.disk.restored(), 2)).toThrow(ConfigError)
    expect(() => new RaftCore(options, leader.disk.restored(), 2)).toThrow(
      /begins behind 4.*applied 2/,
    )
  })
})

describe('snapshots', () => {
  it('a follower whose entries are gone gets a snapshot and goes on from there', () => {
    const cluster = clusterWith(3)
    cut(cluster, 'n3')
    for (let i = 0; i < 20; i++) cluster.propose('n1', `d${i}`)
    cluster.deliver()
    cluster.host('n1').compact()
    cluster.propose('n1', 'last')
    cluster.deliver()
    cluster.filter = () => true
    cluster.tick(20)
    const late = cluster.host('n3')
    expect(late.restores).toHaveLength(1)
    expect(commands(late.applied)).toEqual(commands(cluster.host('n1').applied))
    expect(cluster.host('n1').core.status().peers[1]).toMatchObject({ state: 'replicate' })
    late.restart()
    cluster.tick(10)
    expect(commands(late.applied)).toEqual(commands(cluster.host('n1').applied))
  })

  it('one is asked for when the newest does not reach the log', () => {
    const cluster = clusterWith(3)
    const leader = cluster.host('n1')
    cut(cluster, 'n3')
    cluster.propose('n1', 'more')
    cluster.deliver()
    // A machine that keeps its own state durable: compacted without a snapshot.
    leader.step({ type: 'compact', index: leader.core.status().appliedIndex })
    expect(leader.snapshots.size).toBe(0)
    cluster.filter = () => true
    cluster.tick(20)
    expect(leader.snapshots.size).toBe(1)
    expect(commands(cluster.host('n3').applied)).toEqual(['c0', 'c1', 'c2', 'more'])
  })

  it('a new member gets one, with the genesis and the membership in it (D4)', () => {
    const cluster = clusterWith(5)
    const leader = cluster.host('n1')
    leader.compact()
    const joiner = cluster.join('n4')
    leader.step({
      type: 'changeMembership',
      id: 1,
      change: {
        changes: [{ type: 'addLearner', id: 'n4', promote: true }],
        transition: 'auto',
        context: new Uint8Array(0),
      },
      ifConfig: undefined,
    })
    cluster.deliver()
    cluster.tick(20)
    expect(joiner.disk.genesis?.clusterId).toBe('c'.repeat(32))
    expect(joiner.core.status().membership.voters).toEqual(['n1', 'n2', 'n3', 'n4'])
    expect(commands(joiner.applied)).toHaveLength(5)
  })

  it('an offer that was lost is repeated; the log behind it is kept meanwhile (D6)', () => {
    const cluster = clusterWith(3)
    const leader = leaveBehind(cluster, 'n3')
    let offers = 0
    cluster.filter = (m) => {
      if (m.type === 'installSnapshot') offers++
      return m.type !== 'installSnapshot'
    }
    cluster.tick(20)
    expect(offers).toBe(1)
    expect(leader.core.status().peers[1]).toMatchObject({
      state: 'snapshot',
      pendingSnapshotIndex: 5,
    })
    cluster.propose('n1', 'y', 'z')
    cluster.deliver()
    leader.step({ type: 'compact', index: leader.core.status().appliedIndex })
    expect(leader.core.status().firstIndex).toBe(6)
    cluster.tick(100)
    expect(offers).toBeGreaterThan(1)
    cluster.filter = () => true
    cluster.tick(100)
    expect(commands(cluster.host('n3').applied)).toEqual(['c0', 'c1', 'c2', 'x', 'y', 'z'])
  })

  it('D6 repeated offers of newer snapshots do not take the log from behind the first one', () => {
    const cluster = clusterWith(3)
    const leader = leaveBehind(cluster, 'n3')
    const offered: InstallSnapshot[] = []
    cluster.filter = (m) => {
      if (m.type === 'installSnapshot') offered.push(m)
      return m.type !== 'installSnapshot'
    }
    // A slow fetch of the first one, while the leader goes on, and compacts.
    for (let i = 0; i < 6; i++) {
      cluster.propose('n1', `y${i}`)
      cluster.tick(30)
      leader.compact()
    }
    const first = offered[0] as InstallSnapshot
    expect(offered.at(-1)?.mark.index).toBeGreaterThan(first.mark.index)
    cluster.filter = ({ type }) => type !== 'installSnapshot'
    const late = cluster.host('n3')
    late.snapshots.set(first.mark.index, leader.snapshots.get(first.mark.index) ?? [])
    late.step({ type: 'message', message: first })
    cluster.deliver()
    cluster.tick(10)
    expect(commands(late.applied)).toEqual(commands(leader.applied))
  })

  it('D6 the log is not removed before a follower that has had a snapshot has read it, however fast it grows', () => {
    const cluster = clusterWith(3, { maxAppendBytes: 400, maxInflightMessages: 1 })
    const leader = leaveBehind(cluster, 'n3')
    const late = cluster.host('n3')
    const offered: InstallSnapshot[] = []
    cluster.filter = (m) => {
      if (m.type === 'installSnapshot') offered.push(m)
      return m.type !== 'installSnapshot'
    }
    const lag: number[] = []
    // The log grows, and is cut as far as it goes, while the follower fetches, and while it reads what came meanwhile.
    for (let turn = 0; turn < 600; turn++) {
      if (turn === 100) {
        const first = offered[0] as InstallSnapshot
        late.snapshots.set(first.mark.index, leader.snapshots.get(first.mark.index) ?? [])
        late.step({ type: 'message', message: first })
      }
      cluster.propose('n1', `y${turn}`)
      for (const host of cluster.hosts.values()) host.step({ type: 'tick' })
      cluster.deliver(6)
      leader.compact()
      lag.push(leader.core.status().lastIndex - late.core.status().lastIndex)
    }
    expect(Math.max(...lag)).toBeGreaterThan(100)
    expect(lag.at(-1)).toBeLessThan(10)
    expect(late.restores).toEqual([offered[0]?.mark.index])
    // Then it is one like the others.
    cluster.tick(10)
    leader.compact()
    const { firstIndex, appliedIndex } = leader.core.status()
    expect(firstIndex).toBe(appliedIndex + 1)
  })

  it('an offer that nobody takes up does not hold the log for ever', () => {
    const cluster = new CoreCluster(3, { keepEntriesForOffers: 10 })
    const leader = cluster.elect('n1')
    cut(cluster, 'n3')
    cluster.propose('n1', 'x')
    cluster.deliver()
    leader.compact()
    cluster.filter = ({ type }) => type !== 'installSnapshot'
    cluster.tick(20)
    for (let i = 0; i < 30; i++) cluster.propose('n1', `y${i}`)
    cluster.deliver()
    leader.compact()
    const { firstIndex, appliedIndex } = leader.core.status()
    expect(firstIndex).toBe(appliedIndex - 10 + 1)
  })

  it('D1 takes the place of entries that conflict with it, as a whole', () => {
    const cluster = clusterWith(0)
    const host = cluster.host('n1')
    cut(cluster, 'n1')
    cluster.propose('n1', 'never', 'committed', 'at', 'all')
    expect(host.core.status().lastIndex).toBe(5)
    host.snapshots.set(3, [])
    receive(host, install(3, 4))
    expect(host.core.status()).toMatchObject({ firstIndex: 4, lastIndex: 3, commitIndex: 3 })
    expect(host.sent.at(-1)).toMatchObject({ type: 'appendEntriesReply', matchIndex: 3 })
    expect(host.disk.entries).toEqual([])
  })

  it('D2 an old one is not installed; one that the log agrees with only tells what is committed', () => {
    const host = new CoreCluster(3).host('n1')
    host.step({ type: 'message', message: install(0, 0, 1) })
    expect(host.restores).toEqual([])
    const cluster = clusterWith(4)
    const follower = cluster.host('n3')
    const { commitIndex } = follower.core.status()
    follower.step({
      type: 'message',
      message: { ...install(2, 1), from: 'n1', to: 'n3' },
    })
    expect(follower.core.status()).toMatchObject({ commitIndex, firstIndex: 1 })
    expect(follower.sent.at(-1)).toMatchObject({ success: true, matchIndex: commitIndex })
    expect(follower.restores).toEqual([])
  })

  it('D3 nothing is applied while the state is replaced, and no answer goes out before it is durable', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    host.manualRestore = true
    receive(host, install(7, 2))
    expect(host.restores).toEqual([])
    expect(host.sent.filter(({ type }) => type === 'appendEntriesReply')).toEqual([])
    host.completeWrites()
    expect(host.restores).toEqual([7])
    expect(host.sent.at(-1)).toMatchObject({ type: 'appendEntriesReply', matchIndex: 7 })
    expect(host.core.status()).toMatchObject({ isRestoring: true, appliedIndex: 0 })
    host.snapshots.set(7, [])
    host.restore(7)
    host.settle()
    expect(host.core.status()).toMatchObject({ isRestoring: false, appliedIndex: 7 })
  })

  it('D3 a newer one that comes while an older one is restored wins', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualRestore = true
    receive(host, install(7, 2), install(9, 2))
    expect(host.restores).toEqual([7])
    host.step({ type: 'restored', index: 7 })
    expect(host.restores).toEqual([7, 9])
    host.step({ type: 'restored', index: 9 })
    expect(host.core.status()).toMatchObject({ isRestoring: false, appliedIndex: 9, lastIndex: 9 })
  })

  it('D7 a node whose state is being replaced does not campaign', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualRestore = true
    receive(host, install(7, 2))
    for (let i = 0; i < 300; i++) host.step({ type: 'tick' })
    expect(host.core.role).toBe('follower')
    host.step({ type: 'restored', index: 7 })
    for (let i = 0; i < 300; i++) host.step({ type: 'tick' })
    expect(host.core.role).not.toBe('follower')
  })

  it('D8 a crash before the log says so leaves everything as it was', () => {
    const cluster = clusterWith(2)
    const host = cluster.host('n3')
    host.manualDisk = true
    const { lastIndex } = host.core.status()
    host.step({ type: 'message', message: { ...install(50, 3), from: 'n1', to: 'n3' } })
    host.restart()
    expect(host.core.status()).toMatchObject({ firstIndex: 1, lastIndex })
  })

  it('D5 what the embedder knows of a delivery is used: a failed one is probed again', () => {
    const cluster = clusterWith(2)
    const leader = leaveBehind(cluster, 'n3')
    cluster.filter = (m) => m.type !== 'installSnapshot'
    cluster.tick(10)
    leader.step({ type: 'snapshotDelivery', peer: 'n3', succeeded: false })
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'probe', isPaused: true })
    cluster.filter = () => true
    cluster.tick(10)
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'replicate' })
  })

  it('D5 an old offer is not repeated when the log has been compacted beyond it: a newer one is made', () => {
    const cluster = clusterWith(3)
    const leader = leaveBehind(cluster, 'n3')
    cluster.filter = (m) => m.type !== 'installSnapshot'
    cluster.tick(20)
    expect(leader.core.status().peers[1]).toMatchObject({ pendingSnapshotIndex: 5 })
    // n3 is away for so long that nothing is kept for it; a machine with a state of its own needs no snapshot.
    cut(cluster, 'n3')
    cluster.propose('n1', 'y')
    cluster.tick(60)
    leader.step({ type: 'compact', index: leader.core.status().appliedIndex })
    expect(leader.core.status().firstIndex).toBe(7)
    cluster.filter = () => true
    cluster.tick(120)
    expect(commands(cluster.host('n3').applied)).toEqual(['c0', 'c1', 'c2', 'x', 'y'])
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'replicate' })
  })

  it('D6 the log behind a first offer is not kept when it is gone already, only that behind a later one', () => {
    const cluster = clusterWith(3)
    const leader = cluster.host('n1')
    const away = (command: string): void => {
      cut(cluster, 'n3')
      cluster.propose('n1', command)
      cluster.tick(60)
    }
    const back = (): void => {
      cluster.filter = (m) => m.type !== 'installSnapshot'
      cluster.tick(60)
    }
    away('five')
    leader.compact()
    back()
    expect(leader.core.status().peers[1]).toMatchObject({ pendingSnapshotIndex: 5 })
    away('six')
    leader.compact()
    cluster.propose('n1', 'seven')
    cluster.tick(1)
    leader.snapshot()
    back()
    expect(leader.core.status().peers[1]).toMatchObject({ pendingSnapshotIndex: 7 })
    cluster.propose('n1', 'eight')
    cluster.tick(1)
    leader.step({ type: 'compact', index: 8 })
    expect(leader.core.status().firstIndex).toBe(8)
  })

  it('D5 a late refusal changes nothing while a snapshot is on its way', () => {
    const cluster = clusterWith(3)
    const leader = leaveBehind(cluster, 'n3')
    cluster.filter = (m) => m.type !== 'installSnapshot'
    cluster.tick(20)
    const refusal = appendReply({
      from: 'n3',
      success: false,
      matchIndex: 5,
      hintIndex: 1,
      hintTerm: 1,
    })
    receive(leader, refusal)
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'snapshot', nextIndex: 6 })
  })

  it('what has arrived is built upon, when the embedder says so', () => {
    const cluster = clusterWith(3)
    const leader = leaveBehind(cluster, 'n3')
    cluster.filter = (m) => m.type !== 'installSnapshot'
    cluster.tick(20)
    leader.step({ type: 'snapshotDelivery', peer: 'n3', succeeded: true })
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'probe', nextIndex: 6 })
    leader.step({ type: 'snapshotDelivery', peer: 'n3', succeeded: true })
    leader.step({ type: 'snapshotDelivery', peer: 'n9', succeeded: true })
    expect(leader.core.status().peers[1]).toMatchObject({ state: 'probe', nextIndex: 6 })
  })

  it('D2 one that stands for an entry that is here tells that it is committed, and nothing is replaced', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 2, 2, 2), term: 2 }))
    receive(host, install(2, 2))
    expect(host.core.status()).toMatchObject({ commitIndex: 2, lastIndex: 3, isRestoring: false })
    const sent = () => host.takeSent().filter(({ type }) => type === 'appendEntriesReply')
    expect(sent()).toEqual([])
    host.completeWrites()
    expect(sent()).toMatchObject([{ matchIndex: 3 }, { matchIndex: 2 }])
    expect(host.core.status().appliedIndex).toBe(2)
  })

  it('a candidate that is given one follows who sent it', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.step({ type: 'campaign' })
    receive(host, voteReply({ preVote: true, term: 1 }))
    expect(host.core.role).toBe('candidate')
    receive(host, install(7, 1))
    expect(host.core.status()).toMatchObject({ role: 'follower', leader: 'n2', appliedIndex: 7 })
    receive(host, voteReply({ from: 'n3', term: 1 }))
    expect(host.core.role).toBe('follower')
  })

  it('a mark is given of what is applied, not of what is to come', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1, 1), leaderCommit: 1 }))
    expect(host.core.markAt(1)).toMatchObject({ index: 1, term: 1 })
    expect(() => host.core.markAt(2)).toThrow(InvariantError)
  })

  it('an older snapshot than the newest that is stored is not offered', () => {
    const cluster = clusterWith(3)
    const leader = cluster.host('n1')
    leader.snapshot()
    const older = { ...leader.core.markAt(4), index: 2 }
    leader.step({ type: 'snapshotSaved', mark: older })
    expect(leader.core.status().snapshotIndex).toBe(4)
  })

  it('C4 an append behind an entry that is compacted away is no conflict: nothing is removed', () => {
    const cluster = clusterWith(4)
    const host = cluster.host('n3')
    host.compact()
    cluster.propose('n1', 'after')
    cluster.deliver()
    cluster.tick(6)
    const { lastIndex, commitIndex } = host.core.status()
    host.takeSent()
    host.step({
      type: 'message',
      message: { ...append({ term: 1, prevLogIndex: 1, prevLogTerm: 1 }), from: 'n1', to: 'n3' },
    })
    expect(host.core.status()).toMatchObject({ lastIndex, commitIndex })
    expect(host.takeSent()).toMatchObject([{ success: true, matchIndex: commitIndex }])
  })

  it('B11 a node that waits to be added remembers its vote over a restart', () => {
    const cluster = new CoreCluster(3)
    const joiner = cluster.join('n4')
    const asked = requestVote({ term: 3, to: 'n4', lastLogIndex: 5, lastLogTerm: 2 })
    receive(joiner, asked)
    expect(joiner.takeSent()).toMatchObject([{ granted: true, term: 3 }])
    joiner.restart()
    receive(joiner, { ...asked, from: 'n3' })
    expect(joiner.takeSent()).toMatchObject([{ granted: false, term: 3 }])
  })
})
