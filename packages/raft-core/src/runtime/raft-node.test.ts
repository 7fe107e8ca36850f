import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, TestLog } from '../../test/node-cluster.ts'
import { MAX_NAME_BYTES } from '../codec/records.ts'
import type { RaftError } from '../errors.ts'
import { RaftNode } from './raft-node.ts'

const settled = async <T>(promise: Promise<T>): Promise<T | RaftError> => {
  try {
    return await promise
  } catch (error) {
    return error as RaftError
  }
}

describe('a healthy cluster', () => {
  it('answers a proposal with the applied result, and applies it everywhere', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const proposed = leader.node.propose(bytes('a'))
    await cluster.run(100)
    expect(await proposed).toEqual({ index: 2, term: leader.node.status().term, result: 1 })
    for (const { machine } of cluster.nodes.values()) expect(machine.list).toEqual(['a'])
  })

  it('gives every command of a burst its own result', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const burst = Array.from({ length: 200 }, (_, i) => leader.node.propose(bytes(`c${i}`)))
    await cluster.run(100)
    const results = (await Promise.all(burst)).map(({ result }) => result)
    expect(results).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(leader.log.stats().syncs).toBeLessThan(20)
  })

  it('works alone', async () => {
    const cluster = new NodeCluster(1)
    const proposed = cluster.elect().node.propose(bytes('a'))
    await cluster.run(50)
    expect(await proposed).toMatchObject({ result: 1 })
  })

  it('answers a read on every node once it has applied what was committed', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    void leader.node.propose(bytes('a'))
    await cluster.run(20)
    for (const { node, machine } of cluster.nodes.values()) {
      const read = node.read()
      await cluster.run(100)
      expect(await read).toBeGreaterThanOrEqual(2)
      expect(machine.list).toEqual(['a'])
    }
  })

  it('answers a read only when what it has to see is applied', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const apply = leader.machine.apply.bind(leader.machine)
    const waiting: (() => void)[] = []
    leader.machine.apply = (entries, done) => waiting.push(() => apply(entries, done))
    void leader.node.propose(bytes('a'))
    await cluster.run(50)
    let answered = false
    leader.node.readWith(() => {
      answered = true
      expect(leader.machine.list).toEqual(['a'])
    })
    await cluster.run(100)
    expect(answered).toBe(false)
    for (const run of waiting) run()
    await cluster.run(10)
    expect(answered).toBe(true)
  })

  it('tells when a leader is ready to be read', () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    expect(leader.events.filter(({ type }) => type === 'leaderReady')).toHaveLength(1)
    expect(leader.node.status()).toMatchObject({ role: 'leader', ready: true, state: 'running' })
  })

  it('never calls back before propose has returned', () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    let called = false
    leader.node.proposeWith(bytes('a'), () => {
      called = true
    })
    expect(called).toBe(false)
    cluster.clock.advance(50)
    expect(called).toBe(true)
  })

  it('waits for an index to be applied', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const follower = cluster.followers()[0]
    const waited = follower?.node.waitApplied(2)
    void leader.node.propose(bytes('a'))
    await cluster.run(100)
    expect(await waited).toBe(2)
  })

  it('continues from its log after all were stopped', async () => {
    const cluster = new NodeCluster()
    void cluster.elect().node.propose(bytes('a'))
    await cluster.run(100)
    const logs = cluster.genesis.members.map((id) => [id, cluster.kill(id).log] as const)
    for (const [id, log] of logs) cluster.start(id, log)
    const proposed = cluster.elect().node.propose(bytes('b'))
    await cluster.run(100)
    expect(await proposed).toMatchObject({ result: 2 })
  })
})

describe('closing', () => {
  it('answers everything that waits', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    for (const { log } of cluster.nodes.values()) log.held = []
    const inLog = settled(leader.node.propose(bytes('a')))
    await cluster.run(20)
    const queued = settled(leader.node.propose(bytes('b')))
    const read = settled(leader.node.read())
    const waiting = settled(leader.node.waitApplied(99))
    await leader.node.close()
    expect(await inLog).toMatchObject({ code: 'outcomeUnknown', reason: 'closed' })
    expect(await queued).toMatchObject({ code: 'closed' })
    expect(await read).toMatchObject({ code: 'closed' })
    expect(await waiting).toMatchObject({ code: 'closed' })
    const later = settled(leader.node.propose(bytes('c')))
    await cluster.run(20)
    expect(await later).toMatchObject({ code: 'closed' })
    expect(leader.node.status().state).toBe('closed')
  })

  it('hands leadership over first, so that no caller has to wonder', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    const outcomes = ['a', 'b', 'c'].map((c) => settled(leader.node.propose(bytes(c))))
    const closed = leader.node.close({ handOver: true })
    await cluster.run(300)
    await closed
    expect(await Promise.all(outcomes)).toMatchObject([{ result: 1 }, { result: 2 }, { result: 3 }])
    cluster.nodes.delete(id)
    expect(cluster.leaderId()).not.toBe(id)
  })

  it('hands over within a heartbeat or two, with no election timeout in between', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const transferred = leader.node.transferLeadership()
    await cluster.run(60)
    expect(await transferred).not.toBe(leader.node.status().id)
    expect(cluster.leaderId()).toBe(await transferred)
  })
})

describe('peers', () => {
  it('a killed leader whose stream closed is replaced long before an election timeout', async () => {
    const cluster = new NodeCluster()
    cluster.kill(cluster.leaderIdAfterElection())
    await cluster.run(250)
    expect(cluster.leaderId()).toBeDefined()
  })

  it('drops a batch of another cluster', async () => {
    const cluster = new NodeCluster(1)
    const other = new NodeCluster(1)
    const { events } = cluster.elect()
    void other
    const { encodeMessageBatch } = await import('../codec.ts')
    const batch = {
      clusterId: 'd'.repeat(32),
      from: 'n2',
      fromIncarnation: 'e'.repeat(32),
      messages: [],
    }
    cluster.network.transport('n2').send('n1', encodeMessageBatch(batch))
    cluster.network.transport('n2').send('n1', Uint8Array.of(1, 2, 3))
    cluster.network
      .transport('n2')
      .send('n1', encodeMessageBatch({ ...batch, clusterId: 'c'.repeat(32), from: 'n3' }))
    await cluster.run(20)
    expect(events.filter(({ type }) => type === 'batchDropped')).toMatchObject([
      { from: 'n2', reason: 'otherCluster' },
      { from: 'n2', reason: 'malformed' },
      { from: 'n2', reason: 'malformed' },
    ])
  })

  it('a member that lost its log is set apart, and does not count', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    void leader.node.propose(bytes('a'))
    await cluster.run(100)
    const [wiped, other] = cluster.followers().map(({ node }) => node.status().id) as [
      string,
      string,
    ]
    cluster.kill(wiped)
    cluster.start(wiped)
    await cluster.run(200)
    expect(leader.events).toContainEqual(
      expect.objectContaining({ type: 'peerSetApart', peer: wiped }),
    )
    expect(cluster.get(wiped).node.status().lastIndex).toBe(0)
    expect(leader.node.status().peers).toContainEqual(
      expect.objectContaining({ id: wiped, state: 'apart' }),
    )
    cluster.kill(other)
    const error = settled(leader.node.propose(bytes('b')))
    await cluster.run(1500)
    expect(await error).toMatchObject({ code: 'outcomeUnknown', reason: 'noQuorum' })
  })
})

describe('a disk that stalls', () => {
  it('longer than an election timeout costs the leader its leadership, not the cluster its service', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    leader.log.held = []
    const outcome = settled(leader.node.propose(bytes('a')))
    await cluster.run(1500)
    expect(leader.events.some(({ type }) => type === 'storageStalled')).toBe(true)
    expect(cluster.leaderId()).not.toBe(id)
    expect(await outcome).toMatchObject({ code: 'outcomeUnknown', reason: 'storageStalled' })
    expect(cluster.leader().machine.list).toEqual(['a'])
    leader.log.release()
    await cluster.run(200)
    expect(leader.machine.list).toEqual(['a'])
  })
})

describe('opening', () => {
  const options = (overrides: object) => {
    const cluster = new NodeCluster(1)
    return {
      id: 'n1',
      log: new TestLog(cluster.genesis, 'f'.repeat(32)),
      machine: { appliedIndex: 0, apply: () => undefined },
      transport: cluster.network.transport('n9'),
      clock: cluster.clock,
      random: () => 0.5,
      ...overrides,
    }
  }

  it.each([
    ['heartbeats too slow', { config: { heartbeatMs: 300 } }, 'electionMinMs'],
    ['no spread', { config: { electionMaxMs: 500 } }, 'electionMaxMs'],
    ['a limit of nothing', { config: { maxAppendBytes: 0 } }, 'maxAppendBytes'],
    ['not a number', { config: { tickMs: Number.NaN } }, 'tickMs'],
    ['a name too long', { id: 'n'.repeat(MAX_NAME_BYTES + 1) }, 'id'],
    ['another genesis', { genesis: { clusterId: 'd'.repeat(32), members: ['n1'] } }, 'genesis'],
    ['a machine ahead of its log', { machine: { appliedIndex: 3, apply: () => undefined } }, 'log'],
  ])('refuses %s, naming the option', async (_, overrides, named) => {
    await expect(RaftNode.open(options(overrides))).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(named),
    })
  })
})
