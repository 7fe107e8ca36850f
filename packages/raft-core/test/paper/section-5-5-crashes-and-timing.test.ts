/** §5.5 Follower and candidate crashes, §5.6 Timing and availability. */
import { describe, expect, it } from 'vitest'
import { append, entries, hostWith, receive, requestVote, terms } from '../messages.ts'
import { Network } from './network.ts'

describe('§5.5 Follower and candidate crashes', () => {
  it('if a follower crashes, the leader retries; when it restarts, it gets what it has missed', () => {
    const network = new Network()
    network.elect('n1')
    network.isolate('n3')
    network.commit('n1', 'a', 'b')
    network.host('n3').restart()
    network.recover()
    network.tick(20)
    expect(network.applied('n3')).toEqual(['a', 'b'])
  })

  it('an AppendEntries that was done before the crash is done again, and changes nothing', () => {
    const host = hostWith([1], 1)
    const request = append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1, 1) })
    receive(host, request)
    const [first] = host.takeSent()
    host.restart()
    receive(host, request)
    expect(host.takeSent()).toEqual([first])
    expect(terms(host)).toEqual([1, 1, 1])
  })

  it('a RequestVote that was granted before the crash is granted again, to the same candidate', () => {
    const host = hostWith([1], 1)
    receive(host, requestVote({ term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    host.restart()
    host.takeSent()
    receive(host, requestVote({ term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    receive(host, requestVote({ term: 2, lastLogIndex: 1, lastLogTerm: 1, from: 'n3' }))
    expect(host.takeSent()).toMatchObject([
      { to: 'n2', granted: true },
      { to: 'n3', granted: false },
    ])
  })

  it('a crash before the entries were durable takes back nothing that was acknowledged', () => {
    const host = hostWith([1], 1)
    host.manualDisk = true
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1) }))
    expect(host.takeSent()).toEqual([])
    host.restart()
    expect(host.core.status().lastIndex).toBe(1)
  })

  it('a candidate that crashes is a follower when it restarts, and does not vote again in that term', () => {
    const network = new Network(3, { preVote: false })
    network.isolate('n1')
    network.elect('n1')
    const host = network.host('n1')
    host.restart()
    expect(host.core.status()).toMatchObject({ role: 'follower', term: 1, votedFor: 'n1' })
    receive(host, requestVote({ term: 1 }))
    expect(host.takeSent()).toMatchObject([{ granted: false }])
  })

  it('all of them crash: what was committed is there when they come back', () => {
    const network = new Network()
    network.elect('n1')
    network.commit('n1', 'a', 'b')
    for (const host of network.hosts.values()) host.restart()
    network.tick(110)
    expect(network.leaders()).toHaveLength(1)
    for (const id of network.ids) expect(network.applied(id)).toEqual(['a', 'b'])
  })
})

describe('§5.6 Timing and availability', () => {
  it('while messages arrive, a leader stays for as long as it likes', () => {
    const network = new Network(5)
    network.elect('n1')
    network.tick(5000)
    expect(network.leaders()).toEqual([{ id: 'n1', term: 1 }])
  })

  it('when the leader crashes, the system is unavailable for roughly the election timeout', () => {
    const network = new Network(5)
    network.elect('n1')
    network.isolate('n1')
    network.tick(101)
    const [next] = network.leaders().filter(({ id }) => id !== 'n1')
    expect(next?.term).toBeGreaterThan(1)
    network.commit(next?.id ?? '', 'a')
    expect(network.applied(next?.id ?? '')).toEqual(['a'])
  })

  it('safety does not depend on timing: a clock that runs wild elects nobody twice in a term', () => {
    const network = new Network(3)
    network.elect('n1')
    for (let i = 0; i < 1000; i++) network.host('n2').step({ type: 'tick' })
    network.deliver()
    network.commit('n1', 'a')
    expect(new Set(network.leaders().map(({ term }) => term)).size).toBe(network.leaders().length)
    network.tick(150)
    expect(network.leaders()).toHaveLength(1)
    for (const id of network.ids) expect(network.applied(id)).toEqual(network.applied('n1'))
  })

  it('a minority can neither elect nor commit; a majority goes on', () => {
    const network = new Network(5)
    network.elect('n1')
    network.isolate('n1', 'n2')
    network.propose('n1', 'lost')
    network.tick(150)
    expect(network.applied('n1')).toEqual([])
    const leaders = network.leaders()
    expect(leaders).toHaveLength(1)
    expect(['n3', 'n4', 'n5']).toContain(leaders[0]?.id)
    network.commit(leaders[0]?.id ?? '', 'a')
    network.recover()
    network.tick(20)
    for (const id of network.ids) expect(network.applied(id)).toEqual(['a'])
  })
})
