/**
 * Members that lost their logs, and names that are given to another life once the old one was removed
 * (pitfalls C7 and F9): who is set apart, who is not, and what a restart remembers of it.
 */
import { describe, expect, it } from 'vitest'
import { CoreCluster, type CoreHost } from '../../test/core-cluster.ts'
import { appendReply, hostWith, installSnapshot, markAt, voteReply } from '../../test/messages.ts'
import type { MemberChange, Message } from '../types.ts'
import { membershipOf } from './membership.ts'

const FIRST = 'a'.repeat(32)
const SECOND = 'b'.repeat(32)
const THIRD = 'c'.repeat(32)

function hear(host: CoreHost, incarnation: string, message: Message): void {
  host.step({ type: 'message', incarnation, message })
}

/** n3 says that it has everything: a promise. */
function acknowledge(leader: CoreHost, incarnation: string): void {
  const { term, lastIndex } = leader.core.status()
  hear(leader, incarnation, appendReply({ from: 'n3', term, matchIndex: lastIndex }))
}

function change(cluster: CoreCluster, ...changes: MemberChange[]): void {
  cluster.leader()?.step({
    type: 'changeMembership',
    id: 1,
    change: { changes, transition: 'auto', context: new Uint8Array(0) },
    ifConfig: undefined,
  })
  cluster.deliver()
}

/** n1 leads; n3 is known by its first life, which has promised. It says nothing by itself. */
function cluster(): { cluster: CoreCluster; leader: CoreHost } {
  const three = new CoreCluster(3)
  three.filter = ({ from }) => from !== 'n3'
  const leader = three.elect('n1')
  acknowledge(leader, FIRST)
  leader.step({ type: 'propose', id: 1, commands: [] })
  expect(leader.disk.peers.get('n3')).toBe(FIRST)
  return { cluster: three, leader }
}

const isApart = (host: CoreHost): boolean =>
  host.core.status().peers.some(({ id, state }) => id === 'n3' && state === 'apart')

/** Leads again after a restart, by the vote of n2. */
function restart(host: CoreHost, group: CoreCluster): void {
  host.restart()
  host.events = []
  group.tick(60)
  group.elect('n1')
  expect(host.core.role).toBe('leader')
}

describe('a member that comes back without its log', () => {
  it('is set apart, also after the leader started again', () => {
    const { cluster: group, leader } = cluster()
    restart(leader, group)
    acknowledge(leader, SECOND)
    expect(leader.event('peerSetApart')).toMatchObject({ peer: 'n3', incarnation: SECOND })
    expect(isApart(leader)).toBe(true)
  })

  it('is welcome once the old life was removed, also when that is compacted away and long ago', () => {
    const { cluster: group, leader } = cluster()
    change(group, { type: 'remove', id: 'n3' })
    leader.compact()
    restart(leader, group)
    change(group, { type: 'addVoter', id: 'n3' })
    acknowledge(leader, SECOND)
    expect(leader.event('peerSetApart')).toBeUndefined()
    expect(isApart(leader)).toBe(false)
  })

  it('is welcome once it was removed and added, and both are compacted away', () => {
    const { cluster: group, leader } = cluster()
    change(group, { type: 'remove', id: 'n3' })
    change(group, { type: 'addVoter', id: 'n3' })
    leader.compact()
    restart(leader, group)
    acknowledge(leader, SECOND)
    expect(leader.event('peerSetApart')).toBeUndefined()
  })

  it('is welcome when the log was compacted by a version that did not note removals', () => {
    const { cluster: group, leader } = cluster()
    change(group, { type: 'remove', id: 'n3' })
    leader.compact()
    leader.disk.peers.set('n3', FIRST)
    restart(leader, group)
    change(group, { type: 'addVoter', id: 'n3' })
    acknowledge(leader, SECOND)
    expect(leader.event('peerSetApart')).toBeUndefined()
  })

  it('is set apart when it was removed, added, and lost its log once more; a restart, which applies the removal again, does not forget that', () => {
    const { cluster: group, leader } = cluster()
    change(group, { type: 'remove', id: 'n3' })
    change(group, { type: 'addLearner', id: 'n3' })
    acknowledge(leader, SECOND)
    change(group, { type: 'addVoter', id: 'n3' })
    expect(leader.disk.peers.get('n3')).toBe(SECOND)
    expect(leader.core.status().firstIndex).toBe(1)
    restart(leader, group)
    acknowledge(leader, THIRD)
    expect(leader.event('peerSetApart')).toMatchObject({ peer: 'n3', incarnation: THIRD })
  })

  it('is forgotten by who learns of its removal by a snapshot', () => {
    const host = hostWith([], 1)
    hear(host, FIRST, voteReply({ from: 'n3', granted: true, term: 1 }))
    hear(host, FIRST, {
      ...installSnapshot({
        term: 1,
        mark: markAt(7, 1, { membership: membershipOf(['n1', 'n2']), configIndex: 5 }),
      }),
    })
    expect(host.disk.peers.get('n3')).toBe('0'.repeat(32))
  })

  it('does not elect with the vote of the life that is lost', () => {
    const candidate = hostWith([1], 1)
    candidate.manualDisk = true
    candidate.step({ type: 'campaign' })
    hear(candidate, FIRST, voteReply({ from: 'n3', preVote: true, term: 2 }))
    // Its own vote is not durable yet, so the other one does not decide.
    hear(candidate, FIRST, voteReply({ from: 'n3', term: 2 }))
    expect(candidate.core.role).toBe('candidate')
    hear(candidate, SECOND, appendReply({ from: 'n3', term: 2, success: false }))
    expect(candidate.event('peerSetApart')).toMatchObject({ incarnation: SECOND })
    candidate.completeWrites()
    expect(candidate.core.role).toBe('candidate')
  })
})
