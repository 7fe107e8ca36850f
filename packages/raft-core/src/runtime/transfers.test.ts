import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import { decodeMessageBatch } from '../codec.ts'
import type { RejectedReason } from '../errors.ts'
import type { NodeId } from '../types.ts'

describe('a transfer of leadership', () => {
  it('is given up on request, and commands are taken again', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const { node } = cluster.get(id)
    const [target] = cluster.followers().map(({ node: other }) => other.status().id)
    cluster.network.cut(id, target as NodeId)
    const transfer = settled(node.transferLeadership({ to: target as NodeId }))
    await cluster.run(30)
    expect(node.status().transferringTo).toBe(target)
    const refused = settled(node.propose(bytes('a')))
    await cluster.run(10)
    expect(await refused).toMatchObject({ code: 'rejected', reason: 'transferring' })
    node.abortTransfer()
    expect(await cluster.outcome(node.propose(bytes('b')), 50)).toMatchObject({ result: 1 })
    expect(await transfer).toMatchObject({ code: 'rejected', reason: 'aborted' })
  })

  it('to a node that is no voter, or to nobody, is refused', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    await cluster.outcome(node.changeMembership({ addLearners: ['n4'] }))
    for (const to of ['n4', 'n9']) {
      const error = await cluster.outcome(node.transferLeadership({ to }), 20)
      expect(error).toMatchObject({
        code: 'rejected',
        reason: 'badTarget' satisfies RejectedReason,
      })
    }
  })

  it('on a follower names the leader, and a second one is refused as busy', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const follower = cluster.followers()[0] as TestNode
    expect(await cluster.outcome(follower.node.transferLeadership(), 20)).toMatchObject({
      code: 'notLeader',
      leader: id,
    })
    cluster.isolate(id)
    void settled(cluster.get(id).node.transferLeadership())
    const second = await cluster.outcome(cluster.get(id).node.transferLeadership(), 20)
    expect(second).toMatchObject({ code: 'rejected', reason: 'busy' })
  })
})

describe('closing with hand-over', () => {
  it('ends soon when all nodes stop at once and nobody is left to decide', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const outcomes = ['a', 'b'].map((c) => settled(node.propose(bytes(c))))
    await cluster.run(0)
    let closed = 0
    for (const { node: one, log } of cluster.nodes.values()) {
      log.held = []
      void one.close({ handOver: true }).then(() => closed++)
    }
    // An election timeout or two for the hand-over, and one for what is not decided.
    await cluster.run(3500)
    expect(closed).toBe(3)
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toMatchObject({
        code: expect.stringMatching(/outcomeUnknown|rejected|closed/),
      })
    }
  })

  it('does not wait for what it had passed on to a leader before it led itself', async () => {
    const cluster = new NodeCluster(3, { forwardProposals: true })
    const id = cluster.leaderIdAfterElection()
    const follower = cluster.followers()[0] as TestNode
    const { transport } = cluster.get(id)
    const send = transport.send.bind(transport)
    transport.send = (to, batch, lane) => {
      const { messages } = decodeMessageBatch(batch)
      if (!messages.some(({ type }) => type === 'forwardProposalsReply')) send(to, batch, lane)
    }
    void settled(follower.node.propose(bytes('a')))
    // It leads before the next term is seen to be applied anywhere.
    for (const { machine } of cluster.nodes.values()) machine.apply = () => undefined
    await cluster.run(10)
    const transfer = settled(
      cluster.get(id).node.transferLeadership({ to: follower.node.status().id }),
    )
    await cluster.run(200)
    expect(await transfer).toBe(follower.node.status().id)
    expect(follower.node.status().pendingProposals).toBe(1)
    void follower.node.close({ handOver: true })
    await cluster.run(2000)
    expect(follower.node.status().state).toBe('closed')
  })

  it('does not wait for a machine that never answers longer than that either', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    leader.machine.apply = () => undefined
    const outcome = settled(leader.node.propose(bytes('a')))
    await cluster.run(50)
    void leader.node.close({ handOver: true })
    await cluster.run(1500)
    expect(leader.node.status().state).toBe('closed')
    expect(await outcome).toMatchObject({ code: 'outcomeUnknown' })
  })
})
