/** §5.3: log replication. */
import { describe, expect, it } from 'vitest'
import { bytes, type CoreHost } from '../core-cluster.ts'
import {
  append,
  appendReply,
  entries,
  heartbeat,
  hostWith,
  leaderWith,
  receive,
  terms,
} from '../messages.ts'
import { Network } from './network.ts'

const propose = (host: CoreHost, ...list: string[]): void =>
  host.step({ type: 'propose', id: 1, commands: list.map(bytes) })

describe('the life of a command', () => {
  it('the leader appends it to its log and issues AppendEntries in parallel to each of the others', () => {
    const network = new Network(5)
    const leader = network.elect('n1')
    leader.takeSent()
    propose(leader, 'a')
    expect(leader.takeSent()).toMatchObject(
      ['n2', 'n3', 'n4', 'n5'].map((to) => ({
        ...{ type: 'appendEntries', to, prevLogIndex: 1, prevLogTerm: 1 },
        entries: [{ index: 2, term: 1, data: bytes('a') }],
      })),
    )
  })

  it('each log entry stores a command, the term in which it was received, and its index', () => {
    const host = leaderWith([1], 1)
    propose(host, 'a', 'b')
    expect(host.disk.entries.slice(2)).toMatchObject([
      { index: 3, term: 2, kind: 'command', data: bytes('a') },
      { index: 4, term: 2, kind: 'command', data: bytes('b') },
    ])
  })

  // How many of the other servers have it.
  it.each([
    [1, 0, true],
    [3, 0, false],
    [3, 1, true],
    [5, 1, false],
    [5, 2, true],
    [5, 4, true],
  ])('of %i servers, with %i besides the leader that have it, it is committed: %s', (...row) => {
    const [size, others, committed] = row
    const network = new Network(size)
    const leader = network.elect('n1')
    for (const id of network.ids.slice(1 + others)) network.isolate(id)
    network.commit('n1', 'a')
    expect(leader.core.status().commitIndex).toBe(committed ? 2 : 1)
    expect(network.applied('n1')).toEqual(committed ? ['a'] : [])
  })

  it('an acknowledgement of one server, repeated, is no majority', () => {
    const network = new Network(5)
    const leader = network.elect('n1')
    propose(leader, 'a')
    const one = appendReply({ from: 'n2', matchIndex: 2 })
    receive(leader, one, one, one)
    expect(leader.core.status().commitIndex).toBe(1)
  })

  it('committing it commits all preceding entries, also those created by previous leaders', () => {
    const host = leaderWith([1, 1, 2], 2)
    receive(host, appendReply({ term: 3, matchIndex: 4 }))
    expect(host.core.status().commitIndex).toBe(4)
    expect(host.applied.map(({ term }) => term)).toEqual([1, 1, 2, 3])
  })

  it('the leader includes the highest index it knows to be committed in future AppendEntries', () => {
    const host = leaderWith([], 0)
    receive(host, appendReply({ matchIndex: 1 }))
    host.takeSent()
    propose(host, 'a')
    expect(host.takeSent()).toMatchObject([{ type: 'appendEntries', to: 'n2', leaderCommit: 1 }])
  })

  it('also in heartbeats, but nothing that the receiver has not acknowledged', () => {
    const host = leaderWith([], 0)
    receive(host, appendReply({ matchIndex: 1 }))
    host.takeSent()
    for (let i = 0; i < 5; i++) host.step({ type: 'tick' })
    const beats = host.takeSent().filter(({ type }) => type === 'heartbeat')
    expect(beats).toMatchObject([
      { to: 'n2', leaderCommit: 1 },
      { to: 'n3', leaderCommit: 0 },
    ])
  })

  it('once a follower learns that an entry is committed, it applies it, in log order', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, heartbeat({ leaderCommit: 2 }))
    expect(host.applied.map(({ index }) => index)).toEqual([1, 2])
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }))
    expect(host.applied.map(({ index }) => index)).toEqual([1, 2, 3])
  })

  it('but no further than the message shows that the logs agree: what is behind may not be the leader’s', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 3 }))
    expect(host.applied.map(({ index }) => index)).toEqual([1])
  })

  it('what a follower has acknowledged it keeps: an older answer that comes late changes nothing', () => {
    const host = leaderWith([1, 1], 1)
    receive(host, appendReply({ term: 2, matchIndex: 3 }), appendReply({ term: 2, matchIndex: 1 }))
    expect(host.core.status().peers[0]).toMatchObject({ matchIndex: 3, nextIndex: 4 })
  })

  it('if followers crash or messages are lost, the leader retries until all of them store all entries', () => {
    const network = new Network()
    network.elect('n1')
    network.isolate('n3')
    network.commit('n1', 'a', 'b')
    expect(network.applied('n1')).toEqual(['a', 'b'])
    network.recover()
    network.tick(20)
    expect(network.applied('n3')).toEqual(['a', 'b'])
  })

  it('a new entry is replicated with a single round of messages; one slow follower does not matter', () => {
    const network = new Network(5)
    const leader = network.elect('n1')
    network.isolate('n5')
    propose(leader, 'a')
    network.deliver(2)
    expect(network.applied('n1')).toEqual(['a'])
  })
})

describe('the consistency check', () => {
  // The follower has an entry of term 1 and one of term 2.
  it.each([
    ['what it has', 1, 1, true, 1],
    ['the end of its log', 2, 2, true, 2],
    ['the beginning', 0, 0, true, 0],
    ['another term at that index', 2, 1, false, 2],
    ['an index behind its log', 3, 3, false, 3],
  ])('the entry before the new ones is %s', (_, prevLogIndex, prevLogTerm, success, matchIndex) => {
    const host = hostWith([1, 2], 2)
    receive(host, append({ term: 3, prevLogIndex, prevLogTerm }))
    expect(host.takeSent()).toMatchObject([{ type: 'appendEntriesReply', success, matchIndex }])
    expect(terms(host)).toEqual([1, 2])
  })

  // What comes, and what the log of terms 1, 2 is afterwards.
  it.each([
    [2, 2, [3], [1, 2, 3]],
    [1, 1, [3, 4], [1, 3, 4]],
    [0, 0, [1], [1, 2]],
    [0, 0, [3], [3]],
    [1, 1, [2], [1, 2]],
    [1, 1, [2, 2], [1, 2, 2]],
  ])('behind entry %i of term %i come entries of terms %j: the log has %j', (...row) => {
    const [prevLogIndex, prevLogTerm, come, log] = row
    const host = hostWith([1, 2], 2)
    const these = entries(prevLogIndex + 1, ...come)
    receive(host, append({ term: 4, prevLogIndex, prevLogTerm, entries: these }))
    expect(terms(host)).toEqual(log)
    expect(host.takeSent()).toMatchObject([
      { success: true, matchIndex: prevLogIndex + come.length },
    ])
  })
})

describe('bringing followers’ logs into consistency', () => {
  /** Figure 7: the leader of term 8 has these entries; a follower may be missing some, have more, or both. */
  const LEADER = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]

  it.each([
    ['(a) misses an entry', [1, 1, 1, 4, 4, 5, 5, 6, 6]],
    ['(b) misses many', [1, 1, 1, 4]],
    ['(c) has one more', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    ['(d) has a term more', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    ['(e) misses some and has others', [1, 1, 1, 4, 4, 4, 4]],
    ['(f) led in two terms and committed nothing', [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
  ])('the follower %s', (_, log) => {
    const network = new Network()
    for (const [id, own] of [
      ['n1', LEADER],
      ['n2', log],
      ['n3', LEADER],
    ] as const) {
      const host = network.host(id)
      host.disk.entries = entries(1, ...own)
      host.disk.hardState = { term: 7, votedFor: undefined, commitIndex: 0 }
      host.restart()
    }
    network.elect('n1')
    network.tick(10)
    expect(terms(network.host('n2'))).toEqual([...LEADER, 8])
    expect(network.host('n2').applied).toEqual(network.host('n1').applied)
  })

  const MANY = (term: number) => new Array<number>(100).fill(term)

  it.each([
    ['the leader', [1, ...MANY(3)], [1, ...MANY(2)]],
    ['the follower', [1, ...MANY(1)], [1, ...MANY(3)]],
  ])(
    'with one rejected AppendEntries for each conflicting term, not for each entry: skipped by %s',
    (...row) => {
      const [, leaders, followers] = row
      const network = new Network()
      for (const [id, log, term] of [
        ['n1', leaders, 4],
        ['n2', followers, 3],
        ['n3', leaders, 4],
      ] as const) {
        const host = network.host(id)
        host.disk.entries = entries(1, ...log)
        host.disk.hardState = { term, votedFor: undefined, commitIndex: 0 }
        host.restart()
      }
      // n2 would not vote for n1 if its own log ends in a later term; n3 does.
      network.cut('n1', 'n2')
      network.elect('n1')
      network.recover()
      let refused = 0
      const { filter } = network
      network.filter = (message) => {
        if (message.type === 'appendEntriesReply' && !message.success) refused++
        return filter(message)
      }
      network.tick(20)
      expect(terms(network.host('n2'))).toEqual(terms(network.host('n1')))
      expect(refused).toBeGreaterThan(0)
      expect(refused).toBeLessThanOrEqual(2)
    },
  )

  it('until the logs agree, the leader may send AppendEntries without entries, to save bandwidth', () => {
    const host = leaderWith([1, 1, 1], 1)
    propose(host, ...'abcdefgh')
    expect(host.takeSent()).toEqual([])
    expect(host.core.status().peers).toMatchObject([
      { state: 'probe', inflightMessages: 0, isPaused: true },
      { state: 'probe', inflightMessages: 0, isPaused: true },
    ])
  })

  it('a leader never overwrites or deletes entries in its own log', () => {
    const host = leaderWith([1, 1, 1], 1)
    propose(host, 'a')
    const before = [...host.disk.entries]
    for (const hintIndex of [2, 1, 0]) {
      const fields = { term: 2, success: false, matchIndex: hintIndex + 1, hintIndex }
      receive(host, appendReply({ ...fields, hintTerm: hintIndex === 0 ? 0 : 1 }))
    }
    expect(host.disk.entries).toEqual(before)
  })
})
