/** What "Consensus: Bridging Theory and Practice" (Ongaro 2014) adds to the paper, by its sections. */
import { describe, expect, it } from 'vitest'
import { bytes } from '../core-cluster.ts'
import { appendReply, hostWith, leaderWith, receive, requestVote } from '../messages.ts'
import { Network } from './network.ts'

const transfer = (network: Network, from: string, to: string): void => {
  network.host(from).step({ type: 'transferLeadership', id: 3, to })
}
const ended = (network: Network, id: string) => network.host(id).event('transferEnded')

describe('§3.10 Leadership transfer extension', () => {
  it('1. the prior leader stops accepting new client requests', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n1')
    transfer(network, 'n1', 'n2')
    network.propose('n1', 'a')
    expect(network.host('n1').event('proposed')).toMatchObject({ refusal: 'transferring' })
  })

  it('2. it fully updates the target server’s log to match its own', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    network.isolate('n2')
    network.commit('n1', 'a', 'b')
    network.recover()
    leader.takeSent()
    transfer(network, 'n1', 'n2')
    expect(leader.takeSent().map(({ type }) => type)).not.toContain('timeoutNow')
    network.tick(10)
    expect(network.leaders()).toEqual([{ id: 'n2', term: 2 }])
    expect(network.applied('n2')).toEqual(['a', 'b'])
  })

  it('3. it sends a TimeoutNow request: the target starts an election at once, and is heard', () => {
    const network = new Network(3)
    network.elect('n1')
    transfer(network, 'n1', 'n2')
    network.deliver()
    expect(network.leaders()).toEqual([{ id: 'n2', term: 2 }])
    expect(ended(network, 'n1')).toMatchObject({ result: 'transferred', leader: 'n2' })
  })

  it('if it is not done after about an election timeout, the prior leader resumes', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n2')
    transfer(network, 'n1', 'n2')
    network.tick(51)
    expect(ended(network, 'n1')).toMatchObject({ result: 'timeout' })
    network.commit('n1', 'a')
    expect(network.applied('n1')).toEqual(['a'])
  })
})

describe('§4.2.3 Disruptive servers', () => {
  it('a server that has heard from a leader within the minimum election timeout grants no vote, nor updates its term', () => {
    const network = new Network(3)
    network.elect('n1')
    network.tick(10)
    const follower = network.host('n2')
    receive(
      follower,
      requestVote({ from: 'n3', to: 'n2', term: 9, lastLogIndex: 9, lastLogTerm: 9 }),
    )
    expect(follower.takeSent()).toEqual([])
    expect(follower.core.status()).toMatchObject({ term: 1, leader: 'n1' })
  })

  it('unless the leader itself has asked for it', () => {
    const network = new Network(3)
    network.elect('n1')
    const follower = network.host('n2')
    const fields = { from: 'n3', to: 'n2', term: 2, lastLogIndex: 1, lastLogTerm: 1 }
    receive(follower, requestVote({ ...fields, transfer: true }))
    expect(follower.takeSent()).toMatchObject([
      { type: 'requestVoteReply', granted: true, term: 2 },
    ])
  })
})

describe('§6.2 Leaders step down that reach no majority', () => {
  it('a leader steps down if an election timeout elapses without a round of heartbeats to a majority', () => {
    const network = new Network(5)
    network.elect('n1')
    network.isolate('n1', 'n2')
    network.tick(110)
    expect(network.status('n1').role).toBe('follower')
    expect(network.host('n1').event('steppedDown')).toMatchObject({ reason: 'quorumLost' })
  })

  it('it stays while a majority answers', () => {
    const network = new Network(5)
    network.elect('n1')
    network.isolate('n4', 'n5')
    network.tick(500)
    expect(network.leaders()).toEqual([{ id: 'n1', term: 1 }])
  })
})

describe('§9.6 Preventing disruptions when a server rejoins the cluster', () => {
  it('a candidate only increments its term if it first learns that a majority would vote for it', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n3')
    network.tick(1000)
    expect(network.status('n3')).toMatchObject({ term: 1, role: 'preCandidate' })
  })

  it('a server that was cut off comes back without disturbing the leader', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n3')
    network.tick(1000)
    network.commit('n1', 'a')
    network.recover()
    network.tick(100)
    expect(network.leaders()).toEqual([{ id: 'n1', term: 1 }])
    expect(network.applied('n3')).toEqual(['a'])
  })

  it('a pre-vote changes neither the voter’s term nor its vote', () => {
    const host = hostWith([1], 1)
    receive(host, requestVote({ preVote: true, term: 2, lastLogIndex: 1, lastLogTerm: 1 }))
    expect(host.takeSent()).toMatchObject([{ preVote: true, granted: true, term: 2 }])
    expect(host.core.status()).toMatchObject({ term: 1, votedFor: undefined })
  })

  it('it is refused to a log that is behind, and to anybody while there is a leader', () => {
    const host = hostWith([1, 2], 2)
    receive(host, requestVote({ preVote: true, term: 3, lastLogIndex: 9, lastLogTerm: 1 }))
    expect(host.takeSent()).toMatchObject([{ preVote: true, granted: false, term: 2 }])
  })
})

describe('§10.2.1 Writing to the leader’s disk in parallel', () => {
  it('the leader sends to its followers before its own write is durable', () => {
    const host = leaderWith([], 0)
    receive(host, appendReply({ matchIndex: 1 }))
    host.takeSent()
    host.manualDisk = true
    host.step({ type: 'propose', id: 1, commands: [bytes('a')] })
    expect(host.writes).toHaveLength(1)
    expect(host.takeSent()).toMatchObject([{ type: 'appendEntries', entries: [{ index: 2 }] }])
  })

  it('a majority of the followers commits even before the leader’s own write is durable', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    leader.manualDisk = true
    network.commit('n1', 'a')
    expect(leader.core.status()).toMatchObject({ commitIndex: 2, durableIndex: 1 })
    expect(network.applied('n2')).toEqual(['a'])
    // Its own state is never ahead of its own log.
    expect(network.applied('n1')).toEqual([])
    leader.completeWrites()
    expect(network.applied('n1')).toEqual(['a'])
  })

  it('its own share counts once it is durable, and not before', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    network.isolate('n3')
    leader.manualDisk = true
    network.commit('n1', 'a')
    expect(leader.core.status().commitIndex).toBe(1)
    leader.completeWrites()
    expect(leader.core.status().commitIndex).toBe(2)
  })
})

describe('§10.2.2 Batching and pipelining', () => {
  it('commands of one turn share one write and one message for each follower', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    leader.takeSent()
    leader.manualDisk = true
    for (const name of 'abc') {
      leader.core.step({ type: 'propose', id: 1, commands: [bytes(name)] })
    }
    leader.settle()
    expect(leader.writes).toHaveLength(1)
    expect(leader.takeSent().map((m) => m.type === 'appendEntries' && m.entries.length)).toEqual([
      3, 3,
    ])
  })

  it('the leader sends the next message without waiting for the answer to the last one', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    leader.takeSent()
    for (const name of 'abc') network.propose('n1', name)
    expect(leader.takeSent()).toMatchObject(
      [2, 2, 3, 3, 4, 4].map((index) => ({ type: 'appendEntries', entries: [{ index }] })),
    )
  })

  it('messages that were lost, or came out of order, are found out by the consistency check', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    for (const name of 'abcd') network.propose('n1', name)
    const mixed = leader.takeSent().reverse()
    for (const message of mixed) network.host(message.to).step({ type: 'message', message })
    network.tick(20)
    for (const id of network.ids) expect(network.applied(id)).toEqual([...'abcd'])
  })
})
