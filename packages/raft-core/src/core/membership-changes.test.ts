import { describe, expect, it } from 'vitest'
import { bytes, CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import { append, MEMBERS, receive, timeoutNow } from '../../test/messages.ts'
import { makeEntry } from '../codec/entry.ts'
import { encodeMembershipChange } from '../codec/membership-change.ts'
import type { MemberChange, MembershipTransition } from '../types.ts'

const change = (
  changes: readonly MemberChange[],
  transition: MembershipTransition = 'auto',
): Parameters<CoreHost['step']>[0] => ({
  type: 'changeMembership',
  id: 1,
  change: { changes, transition, context: new Uint8Array(0) },
  ifConfig: undefined,
})

const addVoter = (id: string): MemberChange => ({ type: 'addVoter', id })
const addLearner = (id: string): MemberChange => ({ type: 'addLearner', id })
const remove = (id: string): MemberChange => ({ type: 'remove', id })

function ask(cluster: CoreCluster, ...args: Parameters<typeof change>): CoreHost {
  const leader = cluster.leader()
  if (leader === undefined) throw new Error('nobody leads')
  leader.step(change(...args))
  cluster.deliver()
  return leader
}

const refusalOf = (host: CoreHost) => host.event('membershipProposed')?.refusal
const votersOf = (host: CoreHost) => host.core.status().membership.voters

function clusterOf(size: number): CoreCluster {
  const cluster = new CoreCluster(size)
  cluster.elect('n1')
  return cluster
}

describe('changes of the membership', () => {
  it('a node that waits to be added learns whose log it is, everything in it, and votes', () => {
    const cluster = clusterOf(3)
    cluster.propose('n1', 'a')
    const joiner = cluster.join('n4')
    ask(cluster, [addVoter('n4')])
    cluster.tick(10)
    expect(joiner.disk.genesis?.members).toEqual(['n1', 'n2', 'n3'])
    for (const host of cluster.hosts.values()) expect(votersOf(host)).toHaveLength(4)
    expect(commands(joiner.applied)).toEqual(['a'])
    // Three of four are needed now.
    cluster.filter = ({ from, to }) => !['n2', 'n3'].includes(from) && !['n2', 'n3'].includes(to)
    cluster.propose('n1', 'b')
    cluster.deliver()
    expect(commands(joiner.applied)).toEqual(['a'])
  })

  it('a node that waits to be added does not campaign, and grants no vote that it could give twice', () => {
    const cluster = clusterOf(3)
    const joiner = cluster.join('n4')
    cluster.tick(500)
    expect(joiner.core.status()).toMatchObject({ role: 'follower', term: 0 })
  })

  it('several steps go by way of a joint membership that the leader leaves by itself', () => {
    const cluster = clusterOf(3)
    for (const id of ['n4', 'n5']) cluster.join(id)
    const leader = ask(cluster, [addVoter('n4'), addVoter('n5'), remove('n3')])
    const seen = leader.events.flatMap((e) =>
      e.type === 'membershipChanged' ? [e.membership] : [],
    )
    expect(seen).toMatchObject([
      { voters: ['n1', 'n2', 'n4', 'n5'], votersOutgoing: ['n1', 'n2', 'n3'], autoLeave: true },
      { voters: ['n1', 'n2', 'n4', 'n5'], votersOutgoing: [] },
    ])
  })

  it('in a joint membership both halves must have an entry', () => {
    const cluster = clusterOf(3)
    for (const id of ['n4', 'n5']) cluster.join(id)
    const leader = ask(
      cluster,
      [addVoter('n4'), addVoter('n5'), remove('n2'), remove('n3')],
      'jointExplicit',
    )
    cluster.tick(5)
    expect(leader.core.status().membership).toMatchObject({ votersOutgoing: ['n1', 'n2', 'n3'] })
    const before = leader.core.status().commitIndex
    const without = (...ids: string[]) => {
      cluster.filter = ({ from, to }) => !ids.includes(from) && !ids.includes(to)
    }
    without('n2', 'n3')
    cluster.propose('n1', 'a')
    cluster.deliver()
    expect(leader.core.status().commitIndex).toBe(before)
    without('n3')
    cluster.tick(6)
    expect(leader.core.status().commitIndex).toBe(before + 1)
    without()
    ask(cluster, [addVoter('n6')])
    expect(refusalOf(leader)).toBe('joint')
    ask(cluster, [])
    expect(votersOf(leader)).toEqual(['n1', 'n4', 'n5'])
    ask(cluster, [])
    expect(refusalOf(leader)).toBe('notJoint')
  })

  it('a joint membership is left by the next leader when the one that entered it dies (F4)', () => {
    const cluster = clusterOf(3)
    for (const id of ['n4', 'n5']) cluster.join(id)
    const leader = cluster.host('n1')
    // The entry that leaves is never heard of.
    let isJoint = false
    cluster.filter = (m) => {
      if (m.from === 'n1' && isJoint) return false
      if (
        m.type === 'appendEntries' &&
        m.entries.filter(({ kind }) => kind === 'config').length > 1
      ) {
        return false
      }
      isJoint = leader.core.status().membership.autoLeave
      return true
    }
    leader.step(change([addVoter('n4'), addVoter('n5')]))
    cluster.deliver()
    cluster.tick(3)
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    cluster.tick(400)
    const next = [...cluster.hosts.values()].find((h) => h.id !== 'n1' && h.core.role === 'leader')
    expect(next?.core.status().membership).toMatchObject({ votersOutgoing: [], autoLeave: false })
    expect(next?.core.status().membership.voters).toHaveLength(5)
  })

  it('learners get everything and count for nothing', () => {
    const cluster = clusterOf(3)
    const learner = cluster.join('n4')
    const leader = ask(cluster, [addLearner('n4')])
    cluster.filter = ({ from, to }) => !['n2', 'n3'].includes(from) && !['n2', 'n3'].includes(to)
    cluster.propose('n1', 'a')
    cluster.deliver()
    expect(learner.disk.entries.at(-1)?.kind).toBe('command')
    expect(leader.core.status().commitIndex).toBe(leader.core.status().lastIndex - 1)
    cluster.tick(200)
    expect(learner.core.status()).toMatchObject({ role: 'follower' })
    expect(leader.core.role).not.toBe('leader')
  })

  it('a learner votes when it is asked: it may be a voter by what it has not heard (B10)', () => {
    const cluster = clusterOf(2)
    const learner = cluster.join('n3')
    ask(cluster, [addLearner('n3')])
    // n3 does not hear of its promotion being committed.
    cluster.filter = (m) => m.to !== 'n3' || m.type !== 'heartbeat'
    cluster.host('n1').step(change([addVoter('n3')]))
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    cluster.deliver()
    expect(learner.core.status().membership.learners).toEqual(['n3'])
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    cluster.tick(300)
    expect(cluster.host('n2').core.role).toBe('leader')
    cluster.tick(10)
    expect(learner.core.status().membership.voters).toEqual(['n1', 'n2', 'n3'])
  })

  it('a learner that has caught up is promoted by the leader, one that has not is not', () => {
    const cluster = clusterOf(3)
    for (let i = 0; i < 200; i++) cluster.propose('n1', `c${i}`)
    cluster.deliver()
    cluster.join('n4')
    cluster.filter = ({ to }) => to !== 'n4'
    const leader = ask(cluster, [{ type: 'addLearner', id: 'n4', promote: true }])
    cluster.tick(60)
    expect(leader.core.status().membership).toMatchObject({ learners: ['n4'], promote: ['n4'] })
    cluster.filter = () => true
    cluster.tick(20)
    expect(leader.core.status().membership).toMatchObject({ learners: [], promote: [] })
    expect(votersOf(leader)).toEqual(['n1', 'n2', 'n3', 'n4'])
  })

  it('what fewer voters have is committed as soon as there are fewer', () => {
    const cluster = clusterOf(4)
    const leader = cluster.host('n1')
    // The removal reaches all but n4, the command n2 alone.
    cluster.filter = ({ from, to }) => from !== 'n4' && to !== 'n4'
    leader.manualApply = true
    leader.step(change([remove('n4')]))
    cluster.deliver()
    cluster.filter = ({ from, to }) => ![from, to].some((id) => id === 'n3' || id === 'n4')
    cluster.propose('n1', 'a')
    cluster.deliver()
    const { commitIndex, lastIndex } = leader.core.status()
    expect(commitIndex).toBe(lastIndex - 1)
    leader.manualApply = false
    leader.finishApply()
    expect(leader.core.status()).toMatchObject({ commitIndex: lastIndex, members: MEMBERS })
    cluster.deliver()
    expect(cluster.host('n2').core.status().commitIndex).toBe(lastIndex)
  })

  it('one change at a time; only the leader; only if the membership is the one expected', () => {
    const cluster = clusterOf(3)
    cluster.join('n4')
    const leader = cluster.host('n1')
    const [follower] = [cluster.host('n2')]
    follower.step(change([addVoter('n4')]))
    expect(refusalOf(follower)).toBe('notLeader')
    leader.step(change([addVoter('n4')]))
    leader.step(change([remove('n2')]))
    expect(refusalOf(leader)).toBe('pending')
    cluster.deliver()
    const { configIndex, lastIndex } = leader.core.status()
    expect(configIndex).toBe(lastIndex)
    const conditional = change([remove('n4')])
    if (conditional.type !== 'changeMembership') return
    leader.step({ ...conditional, ifConfig: configIndex - 1 })
    expect(refusalOf(leader)).toBe('configChanged')
    leader.step({ ...conditional, ifConfig: configIndex })
    expect(refusalOf(leader)).toBeUndefined()
  })

  it('a refused change appends nothing', () => {
    const cluster = clusterOf(3)
    const leader = cluster.host('n1')
    const { lastIndex } = leader.core.status()
    for (const bad of [
      [remove('n9')],
      [addVoter('n2')],
      [addVoter('n4'), remove('n4')],
      [addVoter('n'.repeat(65))],
      [addVoter('')],
    ]) {
      ask(cluster, bad)
      expect(refusalOf(leader)).toBe('badChange')
    }
    ask(cluster, [remove('n1'), remove('n2'), remove('n3')])
    expect(refusalOf(leader)).toBe('noVoters')
    expect(leader.core.status().lastIndex).toBe(lastIndex)
  })

  it('F1 a new leader changes nothing before an entry of its own term is committed (Ongaro 2015)', () => {
    const cluster = clusterOf(3)
    cluster.filter = (m) => m.type !== 'appendEntriesReply'
    const next = cluster.host('n2')
    cluster.host('n1').step({ type: 'transferLeadership', id: 1, to: 'n2' })
    cluster.filter = (m) => m.type !== 'appendEntriesReply' || m.to === 'n1'
    cluster.deliver()
    cluster.tick(7)
    cluster.elect('n2')
    expect(next.core.role).toBe('leader')
    next.step(change([remove('n3')]))
    expect(refusalOf(next)).toBe('notReady')
    cluster.filter = () => true
    cluster.tick(10)
    next.step(change([remove('n3')]))
    expect(refusalOf(next)).toBeUndefined()
  })

  it('F2 who has not applied a committed change does not campaign, not even when told to', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    const data = encodeMembershipChange({
      changes: [remove('n3')],
      transition: 'auto',
      context: new Uint8Array(0),
    })
    receive(host, append({ entries: [makeEntry(1, 1, 'config', data)], leaderCommit: 1 }))
    expect(host.core.status()).toMatchObject({ commitIndex: 1, appliedIndex: 0 })
    receive(host, timeoutNow())
    expect(host.sent.at(-1)).toMatchObject({ type: 'transferRefused', to: 'n2' })
    host.step({ type: 'campaign' })
    expect(host.core.role).toBe('follower')
    host.completeWrites()
    expect(votersOf(host)).toEqual(['n1', 'n2'])
    receive(host, timeoutNow())
    expect(host.core.role).toBe('candidate')
  })

  it('F6 a leader that is removed hands over at once and steps down; the others go on', () => {
    const cluster = clusterOf(3)
    const leader = ask(cluster, [remove('n1')])
    expect(leader.core.role).toBe('follower')
    expect(leader.event('steppedDown')).toMatchObject({ reason: 'removed' })
    const next = cluster.leader()
    expect(next).toBeDefined()
    expect(next && votersOf(next)).toEqual(['n2', 'n3'])
    cluster.tick(500)
    expect(cluster.leader()?.id).toBe(next?.id)
    expect(leader.core.status()).toMatchObject({ role: 'follower' })
  })

  it('a removed node that does not know campaigns in vain', () => {
    const cluster = clusterOf(3)
    cluster.filter = ({ to }) => to !== 'n3'
    const leader = ask(cluster, [remove('n3')])
    const { term } = leader.core.status()
    cluster.filter = () => true
    cluster.tick(500)
    expect(leader.core.status()).toMatchObject({ role: 'leader', term })
  })

  it('F8 a change is in force after a restart exactly if it was applied, or is applied again', () => {
    const cluster = clusterOf(3)
    cluster.join('n4')
    ask(cluster, [addVoter('n4')])
    cluster.tick(6)
    for (const host of cluster.hosts.values()) host.restart()
    // Nothing is known to be committed but what the disks say.
    cluster.tick(300)
    for (const host of cluster.hosts.values()) {
      expect(votersOf(host)).toEqual(['n1', 'n2', 'n3', 'n4'])
    }
  })

  it('F9 a member that lost its log is set apart also after the leader started again, until it is added anew', () => {
    const cluster = clusterOf(3)
    const leader = cluster.host('n1')
    const hear = (incarnation: string): void => {
      const { term, lastIndex } = leader.core.status()
      leader.step({
        type: 'message',
        incarnation,
        message: {
          type: 'appendEntriesReply',
          from: 'n2',
          to: 'n1',
          term,
          success: true,
          matchIndex: lastIndex,
          hintIndex: 0,
          hintTerm: 0,
          readSequence: 0,
        },
      })
    }
    hear('first')
    leader.step({ type: 'propose', id: 1, commands: [bytes('a')] })
    hear('first')
    expect(leader.disk.peers.get('n2')).toBe('first')
    leader.restart()
    hear('second')
    expect(leader.event('peerSetApart')).toMatchObject({ peer: 'n2', incarnation: 'second' })
  })

  it('F3 an election does not hang on a change that only some have applied', () => {
    const cluster = clusterOf(3)
    cluster.join('n4')
    // n1 adds n4 and dies; n2 has the entry but does not know that it is committed; n3 has applied it.
    const leader = cluster.host('n1')
    cluster.filter = ({ to }) => to !== 'n2'
    leader.step(change([addVoter('n4')]))
    cluster.deliver()
    cluster.filter = ({ from, to }) => from !== 'n1' && to !== 'n1'
    cluster.tick(600)
    expect(cluster.leader()).toBeDefined()
    cluster.propose(cluster.leader()?.id ?? '', 'x')
    cluster.tick(20)
    expect(commands(cluster.host('n2').applied)).toEqual(['x'])
  })

  it('E4 a read waits for a majority of both halves, and learners are not asked', () => {
    const cluster = clusterOf(1)
    for (const id of ['n2', 'n3']) cluster.join(id)
    const leader = ask(cluster, [addLearner('n2')])
    cluster.tick(5)
    cluster.filter = () => false
    leader.step({ type: 'readIndex', id: 1 })
    expect(leader.event('readReady')).toMatchObject({ id: 1 })
    cluster.filter = () => true
    ask(cluster, [addVoter('n2'), addVoter('n3')], 'jointExplicit')
    cluster.tick(5)
    cluster.filter = () => false
    leader.step({ type: 'readIndex', id: 2 })
    cluster.deliver()
    expect(leader.event('readReady')).toMatchObject({ id: 1 })
    cluster.filter = ({ from, to }) => from !== 'n3' && to !== 'n3'
    cluster.tick(6)
    expect(leader.event('readReady')).toMatchObject({ id: 2 })
  })

  it('F7 of two voters either can be removed, the leader as well: the other goes on alone', () => {
    for (const gone of ['n1', 'n2']) {
      const cluster = clusterOf(2)
      ask(cluster, [remove(gone)])
      cluster.tick(300)
      const left = gone === 'n1' ? 'n2' : 'n1'
      expect(cluster.host(left).core.status()).toMatchObject({ role: 'leader', members: [left] })
      cluster.propose(left, 'alone')
      cluster.tick(1)
      expect(commands(cluster.host(left).applied)).toEqual(['alone'])
    }
  })

  it('F11 a slow learner holds up neither a decision nor the leaving of a joint membership', () => {
    const cluster = clusterOf(3)
    cluster.join('n4')
    cluster.join('n5')
    cluster.filter = ({ to }) => to !== 'n4'
    const leader = ask(cluster, [{ type: 'addLearner', id: 'n4', promote: true }, addVoter('n5')])
    cluster.tick(60)
    expect(leader.core.status().membership).toMatchObject({
      voters: ['n1', 'n2', 'n3', 'n5'],
      votersOutgoing: [],
      learners: ['n4'],
    })
  })
})
