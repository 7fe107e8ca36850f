/** §8 Client interaction, and dissertation §6.4: reads without a log entry. */
import { describe, expect, it } from 'vitest'
import { append, receive } from '../messages.ts'
import { Network } from './network.ts'

const read = (network: Network, id: string, readId = 7): void => {
  network.host(id).step({ type: 'readIndex', id: readId })
}
const answer = (network: Network, id: string) => network.host(id).event('readReady')
const failure = (network: Network, id: string) => network.host(id).event('readFailed')

describe('the leader’s first entry', () => {
  it('each leader commits a blank no-op entry into the log at the start of its term', () => {
    const network = new Network(3)
    network.elect('n1')
    for (const { applied } of network.hosts.values()) {
      expect(applied).toMatchObject([{ index: 1, term: 1, kind: 'noop' }])
    }
  })

  it('by it, a new leader finds out which entries of its predecessors are committed', () => {
    const network = new Network(3)
    network.elect('n1')
    network.propose('n1', 'a')
    // Everybody has it, and nobody but n1 can know.
    network.drop('appendEntriesReply')
    network.deliver()
    network.recover()
    network.isolate('n1')
    network.tick(110)
    const [next] = network.leaders().filter(({ id }) => id !== 'n1')
    expect(network.applied(next?.id ?? '')).toEqual(['a'])
  })
})

describe('read-only operations', () => {
  it('are handled without writing anything into the log', () => {
    const network = new Network(3)
    network.elect('n1')
    network.commit('n1', 'a')
    read(network, 'n1')
    network.deliver()
    expect(answer(network, 'n1')).toMatchObject({ id: 7, index: 2 })
    for (const id of network.ids) expect(network.status(id).lastIndex).toBe(2)
  })

  it('the leader exchanges messages with a majority before responding', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n1')
    read(network, 'n1')
    network.tick(10)
    expect(answer(network, 'n1')).toBeUndefined()
    network.recover()
    network.tick(10)
    expect(answer(network, 'n1')).toMatchObject({ id: 7 })
  })

  it('so a leader that has been deposed without knowing it returns no stale data', () => {
    const network = new Network(3)
    network.elect('n1')
    network.isolate('n1')
    for (const id of ['n2', 'n3']) network.host(id).step({ type: 'forgetLeader' })
    network.elect('n2')
    network.commit('n2', 'newer')
    expect(network.leaders()).toHaveLength(2)
    read(network, 'n1')
    network.tick(100)
    expect(answer(network, 'n1')).toBeUndefined()
    expect(failure(network, 'n1')).toMatchObject({ id: 7, reason: 'leaderChanged' })
  })

  it('answers of a round that began before the read do not count for it', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    read(network, 'n1', 1)
    const replies = [...leader.takeSent()]
    network.isolate('n1')
    read(network, 'n1', 2)
    leader.takeSent()
    for (const message of replies) network.host(message.to).step({ type: 'message', message })
    network.recover()
    network.deliver()
    const ready = leader.events.flatMap((e) => (e.type === 'readReady' ? [e.id] : []))
    expect(ready).toEqual([1])
  })

  it('a leader that has not committed its no-op does not know the commit index, and waits', () => {
    const network = new Network(3)
    network.drop('appendEntriesReply')
    network.elect('n1')
    read(network, 'n1')
    network.tick(10)
    expect(answer(network, 'n1')).toBeUndefined()
    network.recover()
    network.tick(10)
    expect(answer(network, 'n1')).toMatchObject({ index: 1 })
  })

  it('followers serve reads too: they ask the leader for the index, and wait until they have applied it', () => {
    const network = new Network(3)
    network.elect('n1')
    network.commit('n1', 'a')
    read(network, 'n3')
    network.deliver()
    expect(answer(network, 'n3')).toMatchObject({ id: 7, index: 2 })
  })

  it('many reads share one round of messages', () => {
    const network = new Network(3)
    const leader = network.elect('n1')
    leader.takeSent()
    for (let id = 0; id < 100; id++) leader.core.step({ type: 'readIndex', id })
    leader.settle()
    expect(leader.takeSent()).toHaveLength(2)
  })
})

describe('finding the leader', () => {
  it('a server that is not the leader refuses, and knows the leader it has heard from most recently', () => {
    const network = new Network(3)
    network.elect('n2')
    expect(network.status('n1').leader).toBe('n2')
    network.commit('n1', 'a')
    expect(network.host('n1').event('proposed')).toMatchObject({ refusal: 'notLeader' })
    receive(network.host('n1'), append({ term: 4, from: 'n3' }))
    expect(network.status('n1').leader).toBe('n3')
  })
})
