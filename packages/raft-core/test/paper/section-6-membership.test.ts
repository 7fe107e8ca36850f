/** §6 Cluster membership changes, with what the dissertation (chapter 4) adds. */
import { describe, expect, it } from 'vitest'
import type { MemberChange, MembershipTransition } from '../../src/types.ts'
import { Network } from './network.ts'

const NO_CONTEXT = new Uint8Array(0)

function change(
  network: Network,
  leader: string,
  changes: readonly MemberChange[],
  transition: MembershipTransition = 'auto',
): void {
  network.host(leader).step({
    type: 'changeMembership',
    id: 1,
    change: { changes, transition, context: NO_CONTEXT },
    ifConfig: undefined,
  })
  network.deliver()
}

const refusal = (network: Network, id: string) =>
  network.host(id).event('membershipProposed')?.refusal

/** n1 leads n1, n2, n3; the group is about to be n3, n4, n5 and is joint until it is told to leave. */
function jointNetwork(): Network {
  const network = new Network(3)
  network.elect('n1')
  for (const id of ['n4', 'n5']) network.join(id)
  const changes: MemberChange[] = [
    { type: 'addVoter', id: 'n4' },
    { type: 'addVoter', id: 'n5' },
    { type: 'remove', id: 'n1' },
    { type: 'remove', id: 'n2' },
  ]
  change(network, 'n1', changes, 'jointExplicit')
  network.tick(10)
  return network
}

describe('joint consensus', () => {
  it('combines both the old and new configurations', () => {
    expect(jointNetwork().status('n1').membership).toMatchObject({
      voters: ['n3', 'n4', 'n5'],
      votersOutgoing: ['n1', 'n2', 'n3'],
    })
  })

  it('log entries are replicated to all servers in both configurations', () => {
    const network = jointNetwork()
    network.commit('n1', 'a')
    network.tick(10)
    for (const id of network.hosts.keys()) expect(network.applied(id)).toEqual(['a'])
  })

  it.each([
    ['only the new', ['n1', 'n2']],
    ['only the old', ['n4', 'n5']],
  ])('agreement requires separate majorities of both: %s one is not enough', (_, missing) => {
    const network = jointNetwork()
    // n1 leads; of the old ones n1 and n3 are enough, of the new ones n3 and one more.
    if (missing.includes('n1')) network.isolate('n1', 'n4', 'n5')
    else network.isolate('n1', 'n2', 'n3')
    network.commit('n1', 'a')
    expect(network.applied('n1')).toEqual([])
    network.recover()
    network.tick(10)
    expect(network.applied('n1')).toEqual(['a'])
  })

  it.each(['n2', 'n4'])('any server from either configuration may serve as leader: %s', (id) => {
    const network = jointNetwork()
    network.host('n1').step({ type: 'transferLeadership', id: 1, to: id })
    network.tick(5)
    expect(network.leaders().map((leader) => leader.id)).toEqual([id])
  })

  it('an election, too, takes both majorities', () => {
    const network = jointNetwork()
    network.isolate('n3', 'n4', 'n5')
    network.tick(300)
    expect(network.leaders()).toEqual([])
  })

  it('service goes on throughout the change', () => {
    const network = jointNetwork()
    network.commit('n1', 'during')
    change(network, 'n1', [])
    network.tick(150)
    const [leader] = network.leaders()
    network.commit(leader?.id ?? '', 'after')
    network.tick(10)
    for (const id of ['n3', 'n4', 'n5']) expect(network.applied(id)).toEqual(['during', 'after'])
  })
})

describe('three more issues', () => {
  it('new servers join as non-voting members: they get the entries, and are not considered for majorities', () => {
    const network = new Network(3)
    network.elect('n1')
    network.join('n4')
    change(network, 'n1', [{ type: 'addLearner', id: 'n4' }])
    network.tick(10)
    network.isolate('n1', 'n4')
    network.commit('n1', 'a')
    expect(network.applied('n1')).toEqual([])
    network.recover()
    network.tick(10)
    expect(network.applied('n4')).toEqual(['a'])
  })

  it('once they have caught up with the rest of the cluster, the reconfiguration can proceed', () => {
    const network = new Network(3)
    network.elect('n1')
    network.commit('n1', ...'abcdefgh')
    network.join('n4')
    change(network, 'n1', [{ type: 'addLearner', id: 'n4', promote: true }])
    network.tick(20)
    expect(network.status('n4').membership).toMatchObject({
      voters: ['n1', 'n2', 'n3', 'n4'],
      learners: [],
    })
  })

  it('a leader that is not part of the new configuration steps down once that is committed', () => {
    const network = new Network(3)
    network.elect('n1')
    change(network, 'n1', [{ type: 'remove', id: 'n1' }])
    expect(network.status('n1').role).toBe('follower')
    expect(network.host('n1').event('steppedDown')).toMatchObject({ reason: 'removed' })
    network.tick(110)
    expect(network.leaders()).toHaveLength(1)
    expect(network.status('n2').membership.voters).toEqual(['n2', 'n3'])
  })

  it('removed servers do not disrupt the cluster: they are not heard while there is a leader', () => {
    const network = new Network(4, { preVote: false })
    network.elect('n1')
    network.isolate('n4')
    change(network, 'n1', [{ type: 'remove', id: 'n4' }])
    network.recover()
    // It is told nothing any more, and campaigns in ever higher terms.
    network.tick(500)
    expect(network.status('n4').term).toBeGreaterThan(1)
    expect(network.leaders()).toEqual([{ id: 'n1', term: 1 }])
  })
})

describe('what keeps changes from overlapping', () => {
  it('there is one change at a time', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    network.isolate('n1')
    change(network, 'n1', [{ type: 'addLearner', id: 'n4' }])
    change(network, 'n1', [{ type: 'addLearner', id: 'n5' }])
    expect(refusal(network, 'n1')).toBe('pending')
    expect(leader.disk.entries.filter(({ kind }) => kind === 'config')).toHaveLength(1)
  })

  it('none before the leader has committed an entry of its own term (Ongaro, raft-dev 2015)', () => {
    const network = new Network(3)
    network.drop('appendEntries')
    network.elect('n1')
    change(network, 'n1', [{ type: 'addLearner', id: 'n4' }])
    expect(refusal(network, 'n1')).toBe('notReady')
  })

  it('the majorities of the old and of the new configuration always overlap', () => {
    const network = new Network(3)
    network.elect('n1')
    // n1 and n2 could commit a change that n3 does not know of; n3 must not win with an old majority.
    network.isolate('n1', 'n2')
    change(network, 'n1', [{ type: 'remove', id: 'n3' }])
    network.recover()
    network.isolate('n2', 'n3')
    network.elect('n3')
    network.tick(200)
    const leaders = network.leaders().map(({ id }) => id)
    expect(leaders).not.toContain('n3')
  })
})
