import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import type { NodeId } from '../types.ts'

const LEASES = { leaseReads: true }
const list = ({ machine }: TestNode) => [...machine.list]

/** Counts what a node sends. */
function countSends({ transport }: TestNode): () => number {
  let count = 0
  const send = transport.send.bind(transport)
  transport.send = (to, batch, lane) => {
    count++
    send(to, batch, lane)
  }
  return () => count
}

describe('a read', () => {
  it('of what is here answers at once, however old that is', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const [follower] = cluster.followers()
    cluster.isolate(follower?.node.status().id as NodeId)
    await cluster.outcome(cluster.get(id).node.propose(bytes('a')))
    const stale = follower?.node.read({ consistency: 'stale' })
    expect(await cluster.outcome(stale as Promise<number>, 10)).toBe(1)
  })

  it('at least as new as an index waits for it, on any node, without a leader', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const follower = cluster.followers()[0] as TestNode
    const read = settled(follower.node.read({ consistency: { atLeast: 2 } }, () => list(follower)))
    await cluster.run(50)
    await cluster.outcome(cluster.get(id).node.propose(bytes('a')))
    expect(await read).toEqual(['a'])
    cluster.isolate(follower.node.status().id)
    const again = follower.node.read({ consistency: { atLeast: 2 } })
    expect(await cluster.outcome(again, 10)).toBe(2)
  })

  it('ends with the patience of its caller', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const error = node.read({ consistency: { atLeast: 99 }, timeoutMs: 50 })
    expect(await cluster.outcome(error, 60)).toMatchObject({ code: 'rejected', reason: 'timeout' })
    cluster.isolate(cluster.leaderId())
    const asked = node.read({ timeoutMs: 50 })
    expect(await cluster.outcome(asked, 60)).toMatchObject({ reason: 'timeout' })
    await cluster.run(20)
  })

  it('gives what its caller saw, or threw', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    await cluster.outcome(leader.node.propose(bytes('a')))
    const seen = leader.node.read({}, (index) => ({ index, list: list(leader) }))
    expect(await cluster.outcome(seen)).toEqual({ index: 2, list: ['a'] })
    const thrown = leader.node.read({}, () => {
      throw new Error('the caller’s')
    })
    expect(await cluster.outcome(thrown)).toMatchObject({ message: 'the caller’s' })
    expect(leader.node.status().state).toBe('running')
  })

  it('beyond the limit is refused', async () => {
    const cluster = new NodeCluster(1, { maxPendingReads: 1 })
    const { node } = cluster.elect()
    const reads = [1, 2].map(() => settled(node.read({ consistency: { atLeast: 9 } })))
    await cluster.run(10)
    expect(await reads[1]).toMatchObject({ code: 'overloaded' })
  })
})

describe('a read by lease', () => {
  it('asks nobody', async () => {
    const cluster = new NodeCluster(3, LEASES)
    const leader = cluster.elect()
    await cluster.outcome(leader.node.propose(bytes('a')))
    expect(leader.node.status().hasLease).toBe(true)
    const sends = countSends(leader)
    const read = settled(leader.node.read({ consistency: 'lease' }, () => list(leader)))
    cluster.clock.runDeferred()
    expect(sends()).toBe(0)
    expect(await read).toEqual(['a'])
  })

  it('on a follower, or where leases are off, asks a majority', async () => {
    for (const config of [LEASES, {}]) {
      const cluster = new NodeCluster(3, config)
      const leader = cluster.elect()
      await cluster.outcome(leader.node.propose(bytes('a')))
      const follower = cluster.followers()[0] as TestNode
      for (const node of [follower, leader]) {
        const sends = countSends(node)
        const read = node.node.read({ consistency: 'lease' }, () => list(node))
        const before = cluster.clock.now()
        expect(await cluster.outcome(read, 40)).toEqual(['a'])
        expect(cluster.clock.now() - before).toBeLessThan(50)
        if (node === follower || config !== LEASES) expect(sends()).toBeGreaterThan(0)
      }
    }
  })

  it('is not answered by a leader that stood still while it read', async () => {
    const cluster = new NodeCluster(3, LEASES)
    const leader = cluster.elect()
    await cluster.outcome(leader.node.propose(bytes('old')))
    cluster.isolate(cluster.leaderId())
    let looks = 0
    const read = settled(
      leader.node.read({ consistency: 'lease' }, () => {
        looks++
        // The process stops here for longer than a lease; another leads and commits meanwhile.
        if (looks === 1) cluster.clock.advance(5000)
        return list(leader)
      }),
    )
    await cluster.run(20)
    expect(looks).toBe(1)
    await cluster.outcome(cluster.leader().node.propose(bytes('new')))
    await cluster.run(1000)
    expect(await read).toMatchObject({ name: expect.stringMatching(/Error$/) })
  })

  it('is never older than what was acknowledged, with a leader cut off at any moment', async () => {
    for (let ms = 0; ms < 400; ms += 30) {
      const cluster = new NodeCluster(3, LEASES)
      const id = cluster.leaderIdAfterElection()
      const old = cluster.get(id)
      await cluster.outcome(old.node.propose(bytes('old')))
      cluster.isolate(id)
      cluster.tellLost(id)
      await cluster.run(ms)
      const read = settled(old.node.read({ consistency: 'lease', timeoutMs: 400 }, () => list(old)))
      // Whatever a new leader had acknowledged before the read was asked for must be in it.
      const others = [...cluster.nodes.values()].filter((node) => node !== old)
      const acknowledged = others.some(({ machine }) => machine.list.includes('new'))
      await cluster.run(1200)
      const seen = await read
      if (Array.isArray(seen) && acknowledged) expect(seen).toContain('new')
      // A lease that holds means that nobody else leads yet.
      if (Array.isArray(seen))
        expect(others.some(({ machine }) => machine.list.includes('new'))).toBe(false)
    }
  })

  it('waits for what the leader has committed and not yet applied', async () => {
    const cluster = new NodeCluster(3, LEASES)
    const leader = cluster.elect()
    const apply = leader.machine.apply.bind(leader.machine)
    const waiting: (() => void)[] = []
    leader.machine.apply = (entries, done) => waiting.push(() => apply(entries, done))
    void settled(leader.node.propose(bytes('a')))
    await cluster.run(50)
    const read = settled(leader.node.read({ consistency: 'lease' }, () => list(leader)))
    await cluster.run(20)
    for (const run of waiting) run()
    await cluster.run(10)
    expect(await read).toEqual(['a'])
  })

  it('is refused when too many wait already for what is committed to be applied', async () => {
    const cluster = new NodeCluster(3, { ...LEASES, maxPendingReads: 2 })
    const leader = cluster.elect()
    const apply = leader.machine.apply.bind(leader.machine)
    const waiting: (() => void)[] = []
    leader.machine.apply = (entries, done) => waiting.push(() => apply(entries, done))
    void settled(leader.node.propose(bytes('a')))
    await cluster.run(50)
    const read = () => settled(leader.node.read({ consistency: 'lease' }, () => list(leader)))
    const reads = [read(), read(), read()]
    await cluster.run(20)
    for (const run of waiting) run()
    await cluster.run(10)
    expect(await Promise.all(reads)).toMatchObject([['a'], ['a'], { code: 'overloaded' }])
  })

  it('has no lease during and after a transfer that came to nothing', async () => {
    const cluster = new NodeCluster(3, LEASES)
    const leader = cluster.elect()
    await cluster.run(200)
    expect(leader.node.status().hasLease).toBe(true)
    for (const { transport, node } of cluster.nodes.values()) {
      if (node === leader.node) continue
      const receive = transport.onReceive
      transport.onReceive = (from, batch) => {
        // Deaf for commands to campaign: they are all there is in a batch of their size.
        if (leader.node.status().transferringTo === undefined) receive?.(from, batch)
      }
    }
    const transfer = settled(leader.node.transferLeadership())
    await cluster.run(30)
    expect(leader.node.status().hasLease).toBe(false)
    leader.node.abortTransfer()
    await cluster.run(300)
    expect(await transfer).toMatchObject({ code: 'rejected', reason: 'aborted' })
    expect(leader.node.status()).toMatchObject({ role: 'leader', hasLease: false })
  })

  it('needs times that leave something of the lease', () => {
    const config = { leaseReads: true, leaseMarginMs: 500 }
    expect(() => new NodeCluster(3, config)).toThrow('leaseMarginMs')
  })
})
