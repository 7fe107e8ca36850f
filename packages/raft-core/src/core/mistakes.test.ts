/** What can not be: of an embedder, of a disk, of a peer. The node stops rather than go on with it. */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import {
  append,
  appendReply,
  entries,
  forwardProposals,
  forwardReply,
  heartbeatReply,
  hostWith,
  leaderWith,
  MEMBERS,
  receive,
  snapshotChunk,
  snapshotRequest,
  timeoutNow,
} from '../../test/messages.ts'
import { ConfigError, InvariantError } from '../errors.ts'
import type { RestoredLog } from '../types.ts'
import { RaftCore } from './raft-core.ts'

describe('an embedder', () => {
  it('says of a batch exactly that it was applied, no more and no less', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualApply = true
    receive(host, append({ entries: entries(1, 1, 1), leaderCommit: 2 }))
    expect(() => host.core.step({ type: 'applied', index: 1 })).toThrow(InvariantError)
  })

  it('completes writes in order, and none twice', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1) }))
    expect(() => host.core.step({ type: 'appended', writeId: 1 })).toThrow(InvariantError)
  })

  it('restores what it was asked to', () => {
    const host = new CoreHost('n1', MEMBERS)
    expect(() => host.core.step({ type: 'restored', index: 3 })).toThrow(InvariantError)
  })

  it('does not begin with a log that is shorter than what was committed or applied', () => {
    const { disk, options } = hostWith([1, 1], 1)
    const restored = disk.restored()
    const begin = (fields: Partial<RestoredLog>, appliedIndex: number) => () =>
      new RaftCore(options, { ...restored, ...fields }, appliedIndex)
    const hardState = { term: 1, votedFor: undefined, commitIndex: 3 }
    expect(begin({ hardState }, 0)).toThrow(ConfigError)
    expect(begin({ hardState }, 0)).toThrow('log: ends at 2, but 3 was committed')
    expect(begin({}, 3)).toThrow('log: ends at 2, but the state machine has applied 3')
    expect(begin({ hardState: { ...hardState, term: 0, commitIndex: 0 } }, 0)).toThrow(
      InvariantError,
    )
  })

  it('may answer a read that nobody waits for any more', () => {
    const host = new CoreHost('n1', MEMBERS)
    expect(() => host.step({ type: 'entriesRead', readId: 7, entries: [] })).not.toThrow()
  })

  it('may name peers that there are not', () => {
    const host = leaderWith([1], 1)
    const before = host.core.status()
    host.step({ type: 'unreachable', peer: 'n9' })
    host.step({ type: 'snapshotDelivery', peer: 'n9', succeeded: false })
    host.step({ type: 'peerLost', peer: 'n9' })
    expect(host.core.status()).toEqual(before)
  })
})

describe('a disk', () => {
  /** Reads entry 2 and what follows, for n3. */
  function reading(): CoreHost {
    const cluster = new CoreCluster(3, { maxTailBytes: 1 })
    const leader = cluster.elect('n1')
    cluster.filter = ({ to }) => to !== 'n3'
    cluster.propose('n1', 'a', 'b', 'c')
    cluster.deliver()
    leader.manualReads = true
    cluster.filter = () => true
    cluster.tick(6)
    expect(leader.reads).toMatchObject([{ from: 2 }])
    return leader
  }

  it('gives the entries that were asked for', () => {
    for (const wrong of [entries(3, 1), entries(2, 9), []]) {
      const leader = reading()
      const readId = leader.reads[0]?.readId ?? 0
      const step = () => leader.core.step({ type: 'entriesRead', readId, entries: wrong })
      expect(step).toThrow(InvariantError)
    }
  })

  it('may give them when the follower has them already', () => {
    const leader = reading()
    receive(leader, appendReply({ from: 'n3', matchIndex: 4 }))
    leader.takeSent()
    leader.answerReads()
    expect(leader.takeSent().filter(({ to }) => to === 'n3')).toEqual([])
    expect(leader.core.status().peers[1]).toMatchObject({ matchIndex: 4, state: 'replicate' })
  })

  it('is not waited for when the entries are compacted meanwhile', () => {
    const leader = reading()
    const readId = leader.reads[0]?.readId ?? 0
    // Nothing of it is behind the new beginning of the log.
    leader.step({ type: 'compact', index: 1 })
    expect(leader.core.wantsRead(readId)).toBe(true)
    leader.compact()
    expect(leader.core.wantsRead(readId)).toBe(false)
    leader.takeSent()
    receive(leader, heartbeatReply({ from: 'n3' }))
    expect(leader.takeSent().at(-1)).toMatchObject({ type: 'installSnapshot', to: 'n3' })
  })
})

describe('a peer', () => {
  it('sends entries without gaps', () => {
    const host = new CoreHost('n1', MEMBERS)
    const [first, , third] = entries(1, 1, 1, 1)
    if (first === undefined || third === undefined) throw new Error('there are three')
    expect(() => receive(host, append({ entries: [first, third] }))).toThrow(InvariantError)
  })

  it('has nothing that was never sent', () => {
    const host = leaderWith([1], 1)
    expect(() => receive(host, appendReply({ term: 2, matchIndex: 9 }))).toThrow(InvariantError)
  })

  it('answers no round that was never begun', () => {
    const host = leaderWith([1], 1)
    const answer = heartbeatReply({ term: 2, readSequence: 1 })
    expect(() => receive(host, answer)).toThrow(InvariantError)
  })

  it('does not lead beside another one in a term', () => {
    const host = leaderWith([1], 1)
    expect(() => receive(host, append({ term: 2 }))).toThrow(InvariantError)
    const follower = hostWith([1], 1)
    receive(follower, append({ from: 'n2', prevLogIndex: 1, prevLogTerm: 1 }))
    expect(() => receive(follower, append({ from: 'n3' }))).toThrow(InvariantError)
  })

  it('has the committed entries that are here', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }))
    const other = append({ term: 2, prevLogIndex: 0, entries: entries(1, 1, 2) })
    expect(() => receive(host, other)).toThrow(InvariantError)
    const same = append({ term: 2, prevLogIndex: 0, entries: entries(1, 1, 1, 1) })
    const another = hostWith([1, 1, 1], 1)
    receive(another, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 }), same)
    expect(another.core.status().commitIndex).toBe(2)
  })

  it('may send what is the runtime’s business: only its term is of interest', () => {
    const messages = [snapshotRequest, snapshotChunk, forwardProposals, forwardReply]
    for (const [i, make] of messages.entries()) {
      const host = hostWith([1], 1)
      const before = host.core.status()
      receive(host, make({ term: 1 }))
      expect(host.core.status()).toEqual(before)
      receive(host, make({ term: 2 + i }))
      expect(host.core.status()).toMatchObject({ term: 2 + i, role: 'follower' })
    }
  })

  it('may send what is for another node', () => {
    const host = hostWith([1], 1)
    receive(host, timeoutNow({ to: 'n3' }), append({ to: 'n3', term: 9 }))
    expect(host.core.status()).toMatchObject({ term: 1, role: 'follower' })
  })
})
