/** Elections while a change of the membership is known to some only (pitfalls F2, F3). */
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
import { makeEntry } from '../codec/entry.ts'
import { encodeMembershipChange } from '../codec/membership-change.ts'
import type { Entry, MemberChange } from '../types.ts'

const config = (index: number, term: number, ...changes: MemberChange[]): Entry =>
  makeEntry(
    index,
    term,
    'config',
    encodeMembershipChange({ changes, transition: 'auto', context: new Uint8Array(0) }),
  )

/** One of `founders`, with this log, in `term`; nothing of it is known to be committed. */
function hostOf(id: string, founders: string[], log: Entry[], term: number): CoreHost {
  const host = new CoreHost(id, founders)
  host.disk.entries = log
  host.disk.hardState = { term, votedFor: undefined, commitIndex: 0 }
  host.restart()
  return host
}

const removal = {
  changes: [{ type: 'remove', id: 'n1' }],
  transition: 'auto',
  context: new Uint8Array(0),
} as const

describe('elections across changes', () => {
  /**
   * n1 leads n2, removes itself, and steps down once that is committed; n2 has not heard so. What n1
   * was given last has not reached n2: n1's log is longer.
   */
  function orphaned(commitInVotes: boolean): CoreHost {
    const cluster = new CoreCluster(2, { commitInVotes })
    const [leader, left] = [cluster.elect('n1'), cluster.host('n2')]
    leader.core.step({ type: 'changeMembership', id: 1, change: removal, ifConfig: undefined })
    leader.settle()
    const appends = leader.takeSent()
    cluster.filter = ({ to }) => to !== 'n2'
    cluster.propose('n1', 'more')
    cluster.deliver()
    receive(left, ...appends)
    cluster.deliver()
    expect(leader.core.status()).toMatchObject({ role: 'follower', members: ['n2'] })
    expect(left.core.status()).toMatchObject({ members: ['n1', 'n2'] })
    cluster.filter = () => true
    cluster.tick(1000)
    return left
  }

  it('F3 a node that is the only voter, and does not know it, learns it from a refused vote', () => {
    const left = orphaned(true)
    expect(left.core.status()).toMatchObject({ role: 'leader', members: ['n2'] })
  })

  it('F3 without that it would wait for ever for one that no longer votes', () => {
    expect(orphaned(false).core.status()).toMatchObject({ leader: undefined, term: 1 })
  })

  it('F3 a refused pre-vote comes in the older term of the voter; what it says to be committed counts all the same', () => {
    // n2 does not know that n1 was removed: it is the only voter.
    const log = [
      makeEntry(1, 1, 'noop', new Uint8Array(0)),
      config(2, 1, { type: 'addVoter', id: 'n2' }),
      config(3, 1, { type: 'remove', id: 'n1' }),
    ]
    const host = hostOf('n2', ['n1'], log, 2)
    receive(
      host,
      append({ from: 'n1', to: 'n2', term: 2, leaderCommit: 2, prevLogIndex: 3, prevLogTerm: 1 }),
    )
    host.step({ type: 'forgetLeader' })
    expect(host.core.status()).toMatchObject({ members: ['n1', 'n2'], commitIndex: 2 })
    host.step({ type: 'campaign' })
    expect(host.core.role).toBe('preCandidate')
    // n1 has a longer log, is no member any more, and has not heard of term 2 or 3.
    const refusal = { from: 'n1', to: 'n2', preVote: true, granted: false, term: 1 }
    receive(host, voteReply({ ...refusal, commitIndex: 3, commitTerm: 1 }))
    expect(host.core.status()).toMatchObject({ members: ['n2'], commitIndex: 3 })
    for (let i = 0; i < 100; i++) host.step({ type: 'tick' })
    expect(host.core.role).toBe('leader')
  })

  it('F3 a candidate of an older term tells what it knows to be committed as well', () => {
    const host = hostOf('n1', MEMBERS, entries(1, 1, 1), 5)
    receive(host, requestVote({ term: 3, commitIndex: 2, commitTerm: 1 }))
    expect(host.core.status()).toMatchObject({ term: 5, commitIndex: 2 })
  })

  it('what a vote says of an entry that is not here, or is another one, commits nothing', () => {
    const host = hostOf('n1', MEMBERS, entries(1, 1, 1), 5)
    for (const [commitIndex, commitTerm] of [
      [3, 1],
      [2, 2],
    ] as const) {
      receive(host, voteReply({ term: 5, commitIndex, commitTerm }))
      receive(host, requestVote({ term: 6, commitIndex, commitTerm }))
    }
    expect(host.core.status().commitIndex).toBe(0)
  })

  it('a candidate that learns of its own removal does not win with the votes for it', () => {
    const log = [
      makeEntry(1, 1, 'noop', new Uint8Array(0)),
      config(2, 1, { type: 'remove', id: 'n1' }),
    ]
    const host = hostOf('n1', MEMBERS, log, 1)
    host.step({ type: 'campaign' })
    // Both of those that stay: its own vote is none among them.
    receive(host, voteReply({ preVote: true, term: 2 }))
    expect(host.core.role).toBe('preCandidate')
    receive(host, voteReply({ from: 'n3', preVote: true, term: 2 }))
    expect(host.core.role).toBe('candidate')
    receive(host, voteReply({ from: 'n3', term: 2, granted: false, commitIndex: 2, commitTerm: 1 }))
    expect(host.core.status()).toMatchObject({ role: 'follower', members: ['n2', 'n3'] })
    receive(host, voteReply({ term: 2 }), voteReply({ from: 'n3', term: 2 }))
    expect(host.core.role).toBe('follower')
  })

  describe('F12 who is removed by an entry of the log decides nothing more, committed or not', () => {
    const log = () => [
      makeEntry(1, 1, 'noop', new Uint8Array(0)),
      config(2, 1, { type: 'remove', id: 'n3' }),
    ]

    it('a node that starts again without the news that it was committed needs the others that stay to lead', () => {
      const host = hostOf('n1', MEMBERS, log(), 1)
      host.step({ type: 'campaign' })
      // n3 is empty by now, and grants everything to everybody.
      receive(host, voteReply({ from: 'n3', preVote: true, term: 2 }))
      expect(host.core.status()).toMatchObject({ role: 'preCandidate', members: MEMBERS })
      receive(host, voteReply({ preVote: true, term: 2 }))
      receive(host, voteReply({ from: 'n3', term: 2 }))
      expect(host.core.role).toBe('candidate')
      receive(host, voteReply({ term: 2 }))
      expect(host.core.role).toBe('leader')
    })

    it('and commits nothing with the acknowledgement of who was removed', () => {
      const host = hostOf('n1', MEMBERS, log(), 1)
      host.step({ type: 'campaign' })
      for (const from of ['n2', 'n3']) {
        receive(host, voteReply({ from, preVote: true, term: 2 }), voteReply({ from, term: 2 }))
      }
      expect(host.core.role).toBe('leader')
      const { lastIndex: matchIndex } = host.core.status()
      receive(host, appendReply({ from: 'n3', term: 2, matchIndex }))
      expect(host.core.status().commitIndex).toBe(0)
      receive(host, appendReply({ from: 'n2', term: 2, matchIndex }))
      expect(host.core.status()).toMatchObject({ commitIndex: matchIndex, members: ['n1', 'n2'] })
    })

    it('a leader commits a removal, and confirms reads, with a majority of those that stay', () => {
      const cluster = new CoreCluster(3)
      const leader = cluster.elect('n1')
      cluster.filter = ({ to }) => to !== 'n2'
      const change = { ...removal, changes: [{ type: 'remove', id: 'n3' }] } as const
      leader.core.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
      leader.core.step({ type: 'readIndex', id: 7 })
      cluster.tick(5)
      expect(leader.core.status()).toMatchObject({ role: 'leader', members: MEMBERS })
      expect(leader.event('readReady')).toBeUndefined()
      cluster.filter = () => true
      cluster.tick(20)
      expect(leader.core.status().members).toEqual(['n1', 'n2'])
      expect(leader.event('readReady')).toMatchObject({ id: 7 })
    })

    it('a learner that the log makes a voter may stand for election: its log may be the longest of those needed', () => {
      // n1 is the only voter, and lost the end of its log, which n2 has.
      const promotion = [
        makeEntry(1, 1, 'noop', new Uint8Array(0)),
        config(2, 1, { type: 'addLearner', id: 'n2' }),
        config(3, 1, { type: 'addVoter', id: 'n2' }),
      ]
      const host = hostOf('n2', ['n1'], promotion, 1)
      receive(
        host,
        append({ from: 'n1', to: 'n2', term: 1, leaderCommit: 2, prevLogIndex: 3, prevLogTerm: 1 }),
      )
      expect(host.core.status().membership).toMatchObject({ voters: ['n1'], learners: ['n2'] })
      host.step({ type: 'forgetLeader' })
      host.step({ type: 'campaign' })
      receive(host, voteReply({ from: 'n1', to: 'n2', preVote: true, term: 2 }))
      receive(host, voteReply({ from: 'n1', to: 'n2', term: 2 }))
      expect(host.core.role).toBe('leader')
    })

    it('a voter that got no log so far is waited for only once it belongs to the group', () => {
      const cluster = new CoreCluster(1)
      const leader = cluster.elect('n1')
      const change = { ...removal, changes: [{ type: 'addVoter', id: 'n2' }] } as const
      leader.core.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
      cluster.tick(1)
      expect(leader.core.status().members).toEqual(['n1', 'n2'])
    })
  })

  it('a learner knows that there is no leader when it has not heard from one for long', () => {
    const cluster = new CoreCluster(1)
    cluster.elect('n1')
    const learner = cluster.join('n2')
    cluster.host('n1').step({
      type: 'changeMembership',
      id: 1,
      change: {
        changes: [{ type: 'addLearner', id: 'n2' }],
        transition: 'auto',
        context: new Uint8Array(0),
      },
      ifConfig: undefined,
    })
    cluster.deliver()
    expect(learner.core.status().leader).toBe('n1')
    cluster.filter = () => false
    learner.step({ type: 'readIndex', id: 1 })
    for (let i = 0; i < 101; i++) learner.step({ type: 'tick' })
    expect(learner.core.status()).toMatchObject({ role: 'follower', leader: undefined })
    expect(learner.core.status().ticksWithoutLeader).toBeGreaterThanOrEqual(0)
    learner.step({ type: 'readIndex', id: 2 })
    expect(learner.event('readFailed')).toMatchObject({ id: 2, reason: 'noLeader' })
  })

  it('a leader that was forgotten is found again by its next message', () => {
    const cluster = new CoreCluster(3)
    cluster.elect('n1')
    const host = cluster.host('n2')
    host.step({ type: 'forgetLeader' })
    expect(host.core.status().leader).toBeUndefined()
    receive(host, requestVote({ from: 'n3', to: 'n2', term: 2, lastLogIndex: 9, lastLogTerm: 1 }))
    expect(host.takeSent().at(-1)).toMatchObject({ type: 'requestVoteReply', granted: true })
    const other = cluster.host('n3')
    other.step({ type: 'forgetLeader' })
    cluster.propose('n1', 'a')
    cluster.filter = ({ to }) => to !== 'n2'
    cluster.deliver()
    expect(other.core.status().leader).toBe('n1')
    expect(commands(other.disk.entries)).toEqual(['a'])
    cluster.host('n1').step({ type: 'forgetLeader' })
    expect(cluster.host('n1').core.role).toBe('leader')
  })
})
