/** Nodes that stop, by themselves or because somebody wants it, at any moment. */
import { describe, expect, it } from 'vitest'
import { heartbeat } from '../../test/message-defaults.ts'
import { bytes, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import { encodeMessageBatch } from '../codec.ts'
import type { Done } from '../ports.ts'
import type { Message, NodeId } from '../types.ts'

/** As if `message` came from its sender. */
function deliver(cluster: NodeCluster, to: TestNode, message: Message): void {
  const sender = { from: message.from, fromIncarnation: '9'.repeat(32) }
  const { clusterId } = cluster.genesis
  const batch = encodeMessageBatch({ ...sender, clusterId, messages: [message] })
  to.transport.onReceive?.(message.from, batch)
}

describe('a node that is closed', () => {
  it('answers everything that is asked afterwards, and hears nothing any more', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const { onReceive } = leader.transport
    const { events, node } = leader
    await node.close()
    const before = [events.length, node.status()]
    const asked = [
      settled(node.propose(bytes('a'))),
      settled(node.read()),
      settled(node.read({ consistency: 'lease' }, () => 1)),
      settled(node.waitApplied(1)),
      settled(node.transferLeadership()),
      settled(node.changeMembership({ addLearners: ['n4'] })),
      settled(node.takeSnapshot()),
    ]
    // A transport may still have something on its way.
    onReceive?.('n2', new Uint8Array(3))
    node.abortTransfer()
    await cluster.run(20)
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ code: 'closed' })
    expect([events.length, node.status()]).toEqual(before)
  })

  it('does not care any more what becomes of its last write', async () => {
    for (const outcome of [undefined, new Error('EIO')]) {
      const cluster = new NodeCluster(1)
      const leader = cluster.elect()
      const writes: Done[] = []
      leader.log.write = (_write, done) => void writes.push(done)
      const proposed = settled(leader.node.propose(bytes('a')))
      await cluster.run(20)
      await leader.node.close()
      const events = leader.events.length
      for (const done of writes) done(outcome)
      await cluster.run(20)
      expect(await proposed).toMatchObject({ code: 'outcomeUnknown', reason: 'closed' })
      expect(leader.node.status().state).toBe('closed')
      expect(leader.events.length).toBe(events)
    }
  })

  it.each(['a command', 'a change'])(
    'by a caller who has just been told puts nothing in its log that it has refused: %s',
    async (asks) => {
      const cluster = new NodeCluster()
      const leader = cluster.elect()
      // Something that closing has to wait for: the log stays open.
      leader.snapshots.held = []
      const taken = settled(leader.node.takeSnapshot())
      await cluster.run(20)
      const before = leader.log.stats().lastIndex
      const answers: unknown[] = []
      leader.node.readWith(() => void leader.node.close())
      const { onReceive } = leader.transport
      leader.transport.onReceive = (from, batch) => {
        onReceive?.(from, batch)
        // In the turn that confirms the read.
        if (answers.length === 0) {
          answers.push('asked')
          if (asks === 'a command')
            leader.node.proposeWith(bytes('a'), (error) => answers.push(error))
          else
            leader.node
              .changeMembership({ addLearners: ['n9'] })
              .catch((error) => answers.push(error))
        }
      }
      await cluster.run(50)
      expect(leader.node.status().state).toBe('closed')
      expect(answers).toMatchObject(['asked', { code: 'closed' }])
      expect(leader.log.stats().lastIndex).toBe(before)
      leader.snapshots.release()
      expect(await taken).toMatchObject({ code: 'closed' })
      await leader.node.close()
    },
  )
})

describe('a node stops for good, and says why', () => {
  it('when a peer shows that there are two leaders in a term', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const { id, term } = leader.node.status()
    const from = cluster.genesis.members.find((name) => name !== id) as NodeId
    const proposed = settled(leader.node.propose(bytes('a')))
    deliver(cluster, leader, heartbeat({ from, to: id, term }))
    await cluster.run(20)
    expect(leader.events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'invariant' } })
    expect(await proposed).toMatchObject({ name: expect.stringMatching(/Error$/) })
    const later = await cluster.outcome(leader.node.read(), 20)
    expect(later).toMatchObject({ code: 'invariant' })
    await leader.node.close()
    // The others elect one of them.
    cluster.nodes.delete(id)
    cluster.elect()
  })

  it('when a port throws that must not', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    leader.log.write = () => {
      throw new TypeError('a mistake')
    }
    const proposed = settled(leader.node.propose(bytes('a')))
    await cluster.run(20)
    expect(leader.events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'invariant', message: expect.stringContaining('a mistake') },
    })
    expect(await proposed).toMatchObject({ code: 'outcomeUnknown', reason: 'failed' })
    await leader.node.close()
  })
})

describe('a log that can not be read', () => {
  /** A leader that has to read its log for a follower that was away; the answers wait. */
  async function reading() {
    const cluster = new NodeCluster(3, { maxTailBytes: 50, maxInflightMessages: 1 })
    const leader = cluster.elect()
    const id = cluster.followers()[0]?.node.status().id as NodeId
    cluster.isolate(id)
    for (let i = 0; i < 3; i++) await cluster.propose(10, `${i}/`)
    const answers: ((error: Error | undefined) => void)[] = []
    leader.log.readEntries = (_from, _to, _maxBytes, done) =>
      void answers.push((error) => done(error, []))
    cluster.network.heal()
    for (let i = 0; i < 100 && answers.length === 0; i++) await cluster.run(10)
    return { cluster, leader, answers }
  }

  it('stops a node that wants what is in it', async () => {
    const { cluster, leader, answers } = await reading()
    answers[0]?.(new Error('EIO'))
    await cluster.run(20)
    expect(leader.events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'storageFailed' } })
    expect(await cluster.outcome(leader.node.propose(bytes('a')), 20)).toMatchObject({
      code: 'storageFailed',
    })
    await leader.node.close()
  })

  it('is no harm to one that does not want it any more', async () => {
    const { cluster, leader, answers } = await reading()
    const to = cluster.genesis.members.find((id) => {
      const { node } = cluster.get(id)
      return node.status().lastIndex === leader.node.status().lastIndex && node !== leader.node
    })
    const transfer = leader.node.transferLeadership({ to: to as NodeId })
    expect(await cluster.outcome(transfer, 300)).toBe(to)
    answers[0]?.(new Error('EIO'))
    await cluster.run(1000)
    expect(leader.node.status().state).toBe('running')
    for (const { machine } of cluster.nodes.values()) expect(machine.list).toHaveLength(30)
  })
})

describe('an inbox that is full', () => {
  it('drops what comes then, and the node goes on', async () => {
    const cluster = new NodeCluster(3, { maxInboxBytes: 200 })
    const leader = cluster.elect()
    const [follower] = cluster.followers()
    const { id, term } = (follower as TestNode).node.status()
    const from = cluster.leaderId()
    for (let i = 0; i < 9; i++)
      deliver(cluster, follower as TestNode, heartbeat({ from, to: id, term }))
    const dropped = follower?.events.filter(({ type }) => type === 'batchDropped') ?? []
    expect(dropped.length).toBeGreaterThan(0)
    expect(dropped.length).toBeLessThan(9)
    expect(dropped[0]).toMatchObject({
      reason: 'overloaded',
      detail: expect.stringMatching(/^\d+ bytes are waiting$/),
    })
    expect(await cluster.outcome(leader.node.propose(bytes('a')))).toMatchObject({ result: 1 })
  })
})

describe('a caller', () => {
  it('may give up a transfer right after asking for it', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const transfer = settled(node.transferLeadership())
    node.abortTransfer()
    const command = settled(node.propose(bytes('a')))
    await cluster.run(100)
    expect(await transfer).toMatchObject({ code: 'rejected', reason: 'aborted' })
    expect(await command).toMatchObject({ result: 1 })
    // With none under way it changes nothing.
    node.abortTransfer()
    expect(await cluster.outcome(node.propose(bytes('b')))).toMatchObject({ result: 2 })
  })

  it('who waits for what is applied already is told at once', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    expect(await cluster.outcome(node.waitApplied(1), 10)).toBe(1)
  })

  it('who throws something that is no Error gets one', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const looked = node.read({}, () => {
      throw 'a word'
    })
    expect(await cluster.outcome(looked)).toMatchObject({ message: 'a word' })
  })

  it('whose patience ends is told nothing twice when the state comes after all', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const told: unknown[] = []
    node.readWith((error, index) => told.push(error?.code ?? index), {
      ...{ consistency: { atLeast: 3 }, timeoutMs: 50 },
    })
    await cluster.run(60)
    expect(told).toEqual(['rejected'])
    await cluster.propose(3)
    expect(node.status().appliedIndex).toBe(4)
    expect(told).toEqual(['rejected'])
  })
})
