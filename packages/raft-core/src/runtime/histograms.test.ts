import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster } from '../../test/node-cluster.ts'
import { Histograms } from './histograms.ts'

describe('histograms', () => {
  it('give percentiles within a tenth of what they are, over nine orders of magnitude', () => {
    const histograms = new Histograms()
    const all = Array.from({ length: 1000 }, (_, i) => 0.004 * 1.02 ** i)
    for (const value of all) histograms.stage('append', value, 1)
    for (const share of [0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = all[Math.ceil(share * all.length) - 1] as number
      const found = histograms.percentile('append', share)
      expect(found / exact).toBeGreaterThan(0.999)
      expect(found / exact).toBeLessThan(1.1)
    }
  })

  it('count each entry of a batch, and begin anew when reset', () => {
    const histograms = new Histograms()
    histograms.stage('commit', 1, 99)
    histograms.stage('commit', 100, 1)
    histograms.stage('commit', 7, 0)
    histograms.count('bytesSent', 3)
    histograms.count('bytesSent', 4)
    const { stages, counts } = histograms.figures()
    expect(stages.commit).toMatchObject({ count: 100, maxMs: 100, meanMs: 1.99 })
    expect(stages.commit.p99Ms).toBeLessThan(1.1)
    expect(stages.commit.p999Ms).toBe(100)
    expect(stages.queue).toEqual({
      ...{ count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0 },
      ...{ p99Ms: 0, p999Ms: 0, maxMs: 0 },
    })
    expect(counts).toEqual({ bytesSent: 7 })
    histograms.reset()
    expect(histograms.figures().stages.commit.count).toBe(0)
    expect(histograms.percentile('commit', 0.5)).toBe(0)
  })

  it('take what is shorter or longer than can be told apart', () => {
    const histograms = new Histograms()
    histograms.stage('apply', 0, 1)
    expect(histograms.percentile('apply', 1)).toBe(0)
    histograms.stage('apply', 1e12, 1)
    expect(histograms.percentile('apply', 1)).toBeGreaterThan(3.9e6)
  })
})

describe('a node', () => {
  it('feeds them per stage: each command of a leader passes every one of them once', async () => {
    const cluster = new NodeCluster()
    const histograms = new Histograms()
    const id = cluster.leaderIdAfterElection()
    const { log, machine, snapshots } = cluster.kill(id)
    cluster.startWith(id, { log, machine, snapshots, metrics: histograms })
    await cluster.run(1500)
    await cluster.outcome(cluster.leader().node.transferLeadership({ to: id }), 300)
    expect(cluster.leaderId()).toBe(id)
    histograms.reset()
    const leader = cluster.leader()
    for (const { log: one } of cluster.nodes.values()) one.held = []
    for (const c of ['a', 'b', 'c']) leader.node.proposeWith(bytes(c), () => undefined)
    await cluster.run(30)
    for (const { log: one } of cluster.nodes.values()) one.release()
    await cluster.run(50)
    const { stages, counts } = histograms.figures()
    expect(stages.queue.count).toBe(3)
    expect(stages.append).toMatchObject({ count: 3, maxMs: 30 })
    expect(stages.replicate.count).toBe(6)
    expect(stages.commit).toMatchObject({ count: 3, maxMs: 30 })
    expect(stages.apply.count).toBe(3)
    expect(counts.messagesSent).toBeGreaterThan(1)
    expect(counts.bytesSent).toBeGreaterThan(50)
    expect(counts.bytesReceived).toBeGreaterThan(50)
  })

  it('counts what it refuses, and forgets what it was measuring when it stops leading', async () => {
    const histograms = new Histograms()
    const cluster = new NodeCluster(3, { maxPendingProposals: 1 }, { metrics: histograms })
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    cluster.isolate(id)
    for (const c of ['a', 'b']) leader.node.proposeWith(bytes(c), () => undefined)
    await cluster.run(1500)
    expect(histograms.figures().counts.proposalsRefused).toBe(1)
    expect(histograms.figures().stages.commit.count).toBe(0)
  })
})
