/** §5.4 and Figure 3: safety. */
import { describe, expect, it } from 'vitest'
import type { CoreOptions } from '../../src/core/index.ts'
import type { Message } from '../../src/types.ts'
import {
  appendReply,
  entries,
  hostWith,
  leaderWith,
  receive,
  requestVote,
  terms,
} from '../messages.ts'
import { Network } from './network.ts'

/** Everybody in `term`, with logs of these terms. */
function networkWith(
  term: number,
  logs: Readonly<Record<string, readonly number[]>>,
  options: Partial<CoreOptions> = {},
): Network {
  const network = new Network(Object.keys(logs).length, options)
  for (const [id, log] of Object.entries(logs)) {
    const host = network.host(id)
    host.disk.entries = entries(1, ...log)
    host.disk.hardState = { term, votedFor: undefined, commitIndex: 0 }
    host.restart()
  }
  return network
}

describe('§5.4.1 Election restriction', () => {
  // The voter's log has the terms 1, 2.
  it.each([
    ['the same log', 2, 2, true],
    ['a longer log', 3, 2, true],
    ['a later last term, though a shorter log', 1, 3, true],
    ['an earlier last term', 2, 1, false],
    ['an earlier last term, though a longer log', 9, 1, false],
    ['a shorter log', 1, 2, false],
    ['nothing', 0, 0, false],
  ])(
    'the voter denies its vote if its own log is more up-to-date; the candidate has %s',
    (...row) => {
      const [, lastLogIndex, lastLogTerm, granted] = row
      const host = hostWith([1, 2], 2)
      receive(host, requestVote({ term: 4, lastLogIndex, lastLogTerm }))
      expect(host.takeSent()).toMatchObject([{ type: 'requestVoteReply', granted }])
    },
  )

  it('a candidate must have every committed entry, or it can not win', () => {
    const network = new Network(5)
    network.elect('n1')
    network.isolate('n4', 'n5')
    network.commit('n1', 'a')
    network.recover()
    network.isolate('n1')
    network.elect('n5')
    expect(network.status('n5').role).not.toBe('leader')
    network.tick(150)
    const [leader] = network.leaders().filter(({ term }) => term > 1)
    expect(['n2', 'n3']).toContain(leader?.id)
    expect(network.applied('n5')).toEqual(['a'])
  })
})

describe('§5.4.2 Committing entries from previous terms', () => {
  it('only entries from the leader’s current term are committed by counting replicas', () => {
    const host = leaderWith([1, 1, 2], 2)
    receive(
      host,
      appendReply({ term: 3, matchIndex: 3 }),
      appendReply({ term: 3, from: 'n3', matchIndex: 3 }),
    )
    expect(host.core.status().commitIndex).toBe(0)
    receive(host, appendReply({ term: 3, matchIndex: 4 }))
    expect(host.core.status().commitIndex).toBe(4)
  })

  /**
   * Figure 8 up to (c): n1 led term 2, then n5 term 3, and neither committed anything behind entry 1;
   * now n1 leads term 4, and reaches n2 and n3.
   */
  const FIGURE_8 = { n1: [1, 2], n2: [1, 2], n3: [1], n4: [1], n5: [1, 3] }

  /** n1 is gone, n5 stands until it has learned the term and has the votes it can get. */
  function standN5(network: Network): void {
    network.recover()
    network.isolate('n1')
    for (const id of ['n2', 'n3', 'n4']) network.host(id).step({ type: 'forgetLeader' })
    for (let i = 0; i < 3 && network.status('n5').role !== 'leader'; i++) network.elect('n5')
  }

  it('Figure 8 (d): an entry of an old term that is on a majority can be overwritten: it was not committed', () => {
    const network = networkWith(3, FIGURE_8, { maxAppendBytes: 1 })
    network.isolate('n1', 'n2', 'n3')
    // What n1 adds in term 4 itself is lost wherever it would be accepted.
    const { filter } = network
    const addsTerm4 = (message: Message) =>
      message.type === 'appendEntries' &&
      message.entries.some(({ term }) => term === 4) &&
      network.host(message.to).disk.lastIndex === message.prevLogIndex
    network.filter = (message) => filter(message) && !addsTerm4(message)
    network.elect('n1')
    for (const id of ['n1', 'n2', 'n3']) {
      expect(terms(network.host(id)).slice(0, 2)).toEqual([1, 2])
    }
    expect(network.status('n1')).toMatchObject({ role: 'leader', term: 4, commitIndex: 0 })
    network.filter = filter
    standN5(network)
    expect(network.status('n5').role).toBe('leader')
    for (const id of ['n2', 'n3', 'n4']) {
      expect(terms(network.host(id)).slice(0, 2)).toEqual([1, 3])
    }
  })

  it('Figure 8 (e): with an entry of its own term on a majority, all before it is committed for ever', () => {
    const network = networkWith(3, FIGURE_8)
    network.isolate('n1', 'n2', 'n3')
    network.elect('n1')
    expect(network.status('n1')).toMatchObject({ role: 'leader', term: 4, commitIndex: 3 })
    standN5(network)
    expect(network.status('n5').role).not.toBe('leader')
    network.tick(200)
    for (const id of ['n2', 'n3', 'n4', 'n5']) {
      expect(terms(network.host(id)).slice(0, 2)).toEqual([1, 2])
    }
  })
})

describe('Figure 3: what is true at all times', () => {
  it('Election Safety: at most one leader can be elected in a given term', () => {
    const network = new Network(5, { preVote: false })
    const elected = new Map<number, string>()
    for (let i = 0; i < 40; i++) {
      if (i % 4 === 0) network.recover()
      if (i % 4 === 1) network.isolate(`n${1 + (i % 5)}`, `n${1 + ((i + 2) % 5)}`)
      for (const id of network.ids) {
        if ((i + Number(id[1])) % 3 === 0) network.host(id).step({ type: 'campaign' })
      }
      network.tick(7)
      for (const { id, term } of network.leaders()) {
        expect(elected.get(term) ?? id).toBe(id)
        elected.set(term, id)
      }
    }
    expect(elected.size).toBeGreaterThan(5)
  })

  it('Leader Append-Only: a leader only appends new entries', () => {
    const network = new Network(5)
    const leader = network.elect('n1')
    let before: number[] = []
    for (let i = 0; i < 20; i++) {
      network.isolate(`n${2 + (i % 4)}`)
      network.commit('n1', `c${i}`)
      network.recover()
      network.tick(3)
      const now = terms(leader)
      expect(now.slice(0, before.length)).toEqual(before)
      before = now
    }
  })

  it('Log Matching: two logs with an entry of the same index and term are identical up to it', () => {
    const network = new Network(5)
    network.elect('n1')
    network.commit('n1', 'a')
    network.isolate('n1', 'n2')
    network.propose('n1', 'lost 1', 'lost 2')
    network.tick(120)
    const next = network.leaders().find(({ id }) => id !== 'n1')?.id ?? ''
    network.commit(next, 'b', 'c')
    network.recover()
    network.tick(120)
    const logs = [...network.hosts.values()].map(({ disk }) => disk.entries)
    for (const one of logs) {
      for (const other of logs) {
        const same = one.findLastIndex(({ term }, i) => other[i]?.term === term)
        expect(one.slice(0, same + 1)).toEqual(other.slice(0, same + 1))
      }
    }
    expect(logs.map(({ length }) => length)).toEqual(new Array(5).fill(logs[0]?.length))
  })

  it('Leader Completeness: what is committed in a term is in the logs of the leaders of all later terms', () => {
    const network = new Network(5)
    network.elect('n1')
    const committed: string[] = []
    for (let i = 0; i < 8; i++) {
      const leader = network.leader()?.id ?? ''
      network.commit(leader, `c${i}`)
      if (network.applied(leader).includes(`c${i}`)) committed.push(`c${i}`)
      network.isolate(leader)
      network.tick(150)
      const later = network.leaders().find(({ id }) => id !== leader)?.id ?? ''
      expect(network.applied(later)).toEqual(committed)
      network.recover()
      network.tick(10)
    }
    expect(committed).toHaveLength(8)
  })

  it('State Machine Safety: no two servers apply different entries for the same index', () => {
    const network = new Network(5)
    const decided = new Map<number, string>()
    for (let i = 0; i < 30; i++) {
      network.recover()
      network.isolate(`n${1 + (i % 5)}`, `n${1 + ((i * 2) % 5)}`)
      for (const { id } of network.leaders()) network.propose(id, `${id}/${i}`)
      network.tick(25)
    }
    network.recover()
    network.tick(200)
    for (const { applied } of network.hosts.values()) {
      for (const { index, term, data } of applied) {
        const entry = `${term}:${data}`
        expect(decided.get(index) ?? entry).toBe(entry)
        decided.set(index, entry)
      }
    }
    expect(decided.size).toBeGreaterThan(20)
  })
})
