import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster } from '../../test/node-cluster.ts'
import type { RaftError } from '../errors.ts'

const settled = async <T>(promise: Promise<T>): Promise<T | RaftError> => {
  try {
    return await promise
  } catch (error) {
    return error as RaftError
  }
}

describe('failures are typed', () => {
  it('a follower names the leader', async () => {
    const cluster = new NodeCluster()
    cluster.elect()
    const error = settled(cluster.followers()[0]?.node.propose(bytes('a')) as Promise<unknown>)
    await cluster.run(20)
    expect(await error).toMatchObject({
      code: 'notLeader',
      leader: cluster.leaderId(),
      reason: 'follower',
    })
  })

  it('without a leader it fails at once, and after a while says that there is no quorum', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.leaderIdAfterElection()
    const others = cluster.genesis.members.filter((id) => id !== leader)
    cluster.kill(leader)
    cluster.kill(others[0] as string)
    const last = cluster.get(others[1] as string)
    await cluster.run(1200)
    const early = settled(last.node.propose(bytes('a')))
    await cluster.run(20)
    expect(await early).toMatchObject({ code: 'notLeader', leader: undefined, reason: 'noLeader' })
    await cluster.run(2500)
    const late = settled(last.node.propose(bytes('a')))
    const read = settled(last.node.read())
    await cluster.run(20)
    expect(await late).toMatchObject({ code: 'notLeader', leader: undefined, reason: 'noQuorum' })
    expect(await read).toMatchObject({ code: 'notLeader', reason: 'noQuorum' })
  })

  it('a leader without a majority gives up: what is in its log has an unknown outcome', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    cluster.isolate(id)
    const error = settled(leader.node.propose(bytes('a')))
    const read = settled(leader.node.read())
    await cluster.run(700)
    expect(await error).toMatchObject({ code: 'outcomeUnknown', reason: 'noQuorum', index: 2 })
    expect(await read).toMatchObject({ code: 'rejected', reason: 'leaderChanged' })
    expect(leader.events.some(({ type }) => type === 'quorumLost')).toBe(true)
    await cluster.run(1500)
    expect(cluster.leaderId()).not.toBe(id)
  })

  it('a command that another leader’s entry replaced is certainly not applied', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    cluster.isolate(id)
    const error = settled(leader.node.propose(bytes('lost')))
    await cluster.run(20)
    // Its followers notice at once, so it hears of the next leader before its own patience ends.
    cluster.tellLost(id)
    await cluster.run(250)
    cluster.network.heal()
    await cluster.run(200)
    expect(await error).toMatchObject({ code: 'rejected', reason: 'superseded' })
    for (const { machine } of cluster.nodes.values()) expect(machine.list).not.toContain('lost')
  })

  it('a command that was replicated before the leader changed succeeds after all', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const target = cluster.followers()[0]?.node.status().id as string
    const done: unknown[] = []
    leader.node.proposeWith(bytes('a'), (error, index) => done.push(error ?? index))
    const transferred = leader.node.transferLeadership({ to: target })
    await cluster.run(300)
    expect(await transferred).toBe(target)
    expect(done).toEqual([2])
  })

  it('a log that can not be written stops the node, and says so', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    leader.log.failure = new Error('EIO')
    const error = settled(leader.node.propose(bytes('a')))
    await cluster.run(20)
    expect(await error).toMatchObject({ code: 'outcomeUnknown', reason: 'failed' })
    expect(leader.events.at(-1)).toMatchObject({ type: 'failed' })
    expect(leader.node.status().state).toBe('failed')
    const later = settled(leader.node.propose(bytes('b')))
    await cluster.run(20)
    expect(await later).toMatchObject({ code: 'storageFailed' })
    await leader.node.close()
  })

  it('a state machine that breaks its contract stops the node', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    leader.machine.apply = (_entries, done) => done(undefined, [])
    const error = settled(leader.node.propose(bytes('a')))
    await cluster.run(20)
    expect(await error).toMatchObject({ code: 'outcomeUnknown', cause: { code: 'machineFailed' } })
  })

  it('limits in items and bytes answer overloaded', async () => {
    const cluster = new NodeCluster(3, {
      maxPendingProposals: 3,
      maxPendingBytes: 100,
      maxEntryBytes: 200,
      maxPendingReads: 1,
    })
    const { node } = cluster.elect()
    const outcomes = ['a', 'b', 'c', 'd'].map((c) => settled(node.propose(bytes(c))))
    const reads = [settled(node.read()), settled(node.read())]
    await cluster.run(50)
    expect(await outcomes[2]).toMatchObject({ result: 3 })
    expect(await outcomes[3]).toMatchObject({ code: 'overloaded' })
    expect(await reads[1]).toMatchObject({ code: 'overloaded' })
    const byBytes = ['x'.repeat(60), 'y'.repeat(60), 'z'.repeat(201)].map((c) =>
      settled(node.propose(bytes(c))),
    )
    await cluster.run(50)
    expect(await byBytes[0]).toMatchObject({ result: 4 })
    expect(await byBytes[1]).toMatchObject({ code: 'overloaded' })
    expect(await byBytes[2]).toMatchObject({ code: 'rejected', reason: 'tooLarge' })
    expect(node.status()).toMatchObject({ pendingProposals: 0, pendingReads: 0 })
  })

  it('nothing waits longer than proposeTimeoutMs', async () => {
    const cluster = new NodeCluster(3, { proposeTimeoutMs: 200 })
    const leader = cluster.elect()
    leader.machine.apply = () => undefined
    const proposed = settled(leader.node.propose(bytes('a')))
    await cluster.run(50)
    const read = settled(leader.node.read())
    await cluster.run(250)
    expect(await proposed).toMatchObject({ code: 'outcomeUnknown', reason: 'timeout' })
    expect(await read).toMatchObject({ code: 'rejected', reason: 'timeout' })
    expect(leader.node.status()).toMatchObject({ pendingProposals: 0, pendingReads: 0 })
  })

  it('a caller’s callback that throws stops nobody', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    leader.node.proposeWith(bytes('a'), () => {
      throw new Error('the caller’s')
    })
    const other = leader.node.propose(bytes('b'))
    expect(() => cluster.clock.advance(100)).toThrow('the caller’s')
    await cluster.run(100)
    expect(await other).toMatchObject({ result: 2 })
  })

  it('a proposal with a patience of its own stops waiting, without being cancelled', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    for (const { log } of cluster.nodes.values()) log.held = []
    const error = settled(leader.node.propose(bytes('a'), { timeoutMs: 100 }))
    await cluster.run(150)
    expect(await error).toMatchObject({ code: 'outcomeUnknown', reason: 'timeout', index: 2 })
    for (const { log } of cluster.nodes.values()) log.release()
    await cluster.run(100)
    expect(leader.machine.list).toEqual(['a'])
  })

  it('a proposal with a longer patience than others waits for it, and holds up nobody', async () => {
    for (const forwardProposals of [false, true]) {
      const cluster = new NodeCluster(3, { proposeTimeoutMs: 200, forwardProposals })
      const leader = cluster.elect()
      const asked = forwardProposals ? cluster.followers()[0]?.node : leader.node
      for (const { log } of cluster.nodes.values()) log.held = []
      const patient = settled(asked?.propose(bytes('a'), { timeoutMs: 450 }) as Promise<unknown>)
      const impatient = settled(asked?.propose(bytes('b')) as Promise<unknown>)
      let told = 0
      void impatient.then(() => {
        told = cluster.clock.now()
      })
      const before = cluster.clock.now()
      await cluster.run(300)
      expect(await impatient).toMatchObject({ code: 'outcomeUnknown', reason: 'timeout' })
      expect(told - before).toBeLessThan(250)
      for (const { log } of cluster.nodes.values()) log.release()
      await cluster.run(100)
      expect(await patient).toMatchObject({ result: 1 })
    }
  })
})
