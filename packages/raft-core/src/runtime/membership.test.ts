import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, settled } from '../../test/node-cluster.ts'
import { NO_MEMBERSHIP } from '../core/membership.ts'
import { NotLeaderError } from '../errors.ts'
import type { Membership } from '../types.ts'
import { MembershipChanges, membershipChange } from './membership.ts'

const MEMBERS = { voters: ['n1', 'n2', 'n3'], votersOutgoing: [], learners: [] }

describe('a change of the membership', () => {
  it('adds a node that waits: it learns the cluster, gets the log, and counts', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    await cluster.propose(5)
    const joiner = cluster.join('n4')
    await cluster.run(100)
    expect(joiner.node.status()).toMatchObject({ clusterId: undefined, members: [], lastIndex: 0 })
    const added = cluster.outcome(leader.node.changeMembership({ add: ['n4'] }), 500)
    expect(await added).toMatchObject({ voters: ['n1', 'n2', 'n3', 'n4'], votersOutgoing: [] })
    await cluster.run(200)
    expect(joiner.node.status()).toMatchObject({
      clusterId: cluster.genesis.clusterId,
      members: ['n1', 'n2', 'n3', 'n4'],
      configIndex: 7,
    })
    expect(joiner.machine.list).toEqual(leader.machine.list)
    // Three of four are a majority, and it is one of them.
    cluster.kill(cluster.followers()[0]?.node.status().id as string)
    const proposed = cluster.outcome(leader.node.propose(bytes('with n4')))
    expect(await proposed).toMatchObject({ result: 6 })
  })

  it('promotes a learner by itself once it has caught up, and resolves before that', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    await cluster.propose(5)
    const added = settled(leader.node.changeMembership({ promote: ['n4'] }))
    await cluster.run(300)
    expect(await added).toMatchObject({ ...MEMBERS, learners: ['n4'], promote: ['n4'] })
    expect(leader.node.status().membership).toMatchObject({ learners: ['n4'] })
    cluster.join('n4')
    await cluster.run(1000)
    expect(leader.node.status().membership).toMatchObject({
      voters: ['n1', 'n2', 'n3', 'n4'],
      learners: [],
      promote: [],
    })
  })

  it('of several voters resolves when the joint configuration is left', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    cluster.join('n4')
    cluster.join('n5')
    const seen: Membership[] = []
    const [follower] = cluster.followers()
    const request = { add: ['n4', 'n5'], remove: [follower?.node.status().id as string] }
    const outcome = await cluster.outcome(leader.node.changeMembership(request), 500)
    for (const event of leader.events) {
      if (event.type === 'membershipChanged') seen.push(event.membership)
    }
    expect(seen).toHaveLength(2)
    expect(seen[0]).toMatchObject({ votersOutgoing: ['n1', 'n2', 'n3'], autoLeave: true })
    expect(outcome).toEqual(seen[1])
    expect(outcome).toMatchObject({ votersOutgoing: [] })
  })

  it('stays joint when asked to, until a change without steps leaves it', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const change = { addLearners: ['n4'], transition: 'jointExplicit' } as const
    const joint = await cluster.outcome(node.changeMembership(change))
    expect(joint).toMatchObject({ votersOutgoing: ['n1', 'n2', 'n3'], autoLeave: false })
    expect(await cluster.outcome(node.changeMembership({ add: ['n5'] }))).toMatchObject({
      code: 'rejected',
      reason: 'joint',
    })
    expect(await cluster.outcome(node.changeMembership({}))).toMatchObject({
      ...MEMBERS,
      learners: ['n4'],
    })
  })

  it('hands its context to every state machine, and news of a member change nothing', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const contexts: string[] = []
    for (const { machine } of cluster.nodes.values()) {
      const apply = machine.apply.bind(machine)
      machine.apply = (entries, done) => {
        for (const { kind, data } of entries) {
          if (kind === 'config') contexts.push(String.fromCharCode(...data).slice(-7))
        }
        apply(entries, done)
      }
    }
    const changes = [{ type: 'update', id: 'n2' }] as const
    const request = { changes, context: bytes('news-n2') }
    expect(await cluster.outcome(node.changeMembership(request))).toMatchObject(MEMBERS)
    expect(contexts).toEqual(['news-n2', 'news-n2', 'news-n2'])
  })
})

describe('a refused change appends nothing and says why', () => {
  it.each([
    ['names a node twice', { add: ['n4'], remove: ['n4'] }, {}, 'badChange'],
    ['changes nothing', { add: ['n1'] }, {}, 'badChange'],
    ['leaves what is not joint', {}, {}, 'notJoint'],
    ['leaves no voter', { remove: ['n1', 'n2', 'n3'] }, {}, 'noVoters'],
    ['was meant for another configuration', { add: ['n4'] }, { ifConfig: 7 }, 'configChanged'],
  ])('one that %s', async (_, request, options, reason) => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const { lastIndex } = node.status()
    const error = await cluster.outcome(node.changeMembership(request, options))
    expect(error).toMatchObject({
      code: 'rejected',
      reason,
      message: expect.stringMatching(/\w{4}/),
    })
    expect(node.status()).toMatchObject({ lastIndex, membership: MEMBERS })
  })

  it('while another is under way', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    const first = settled(node.changeMembership({ addLearners: ['n4'] }))
    const second = settled(node.changeMembership({ addLearners: ['n5'] }))
    await cluster.run(200)
    expect(await second).toMatchObject({ code: 'rejected', reason: 'pending' })
    expect(await first).toMatchObject({ learners: ['n4'] })
    const third = node.changeMembership({ addLearners: ['n5'] }, { ifConfig: 2 })
    expect(await cluster.outcome(third)).toMatchObject({ learners: ['n4', 'n5'] })
  })

  it('while leadership is being handed over', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    cluster.isolate(cluster.leaderId())
    void settled(node.transferLeadership())
    await cluster.run(20)
    const error = await cluster.outcome(node.changeMembership({ addLearners: ['n4'] }), 20)
    expect(error).toMatchObject({ code: 'rejected', reason: 'transferring' })
  })

  it('on a node that does not lead', async () => {
    const cluster = new NodeCluster()
    cluster.elect()
    const [follower] = cluster.followers()
    const error = await cluster.outcome(
      follower?.node.changeMembership({ add: ['n4'] }) as Promise<Membership>,
    )
    expect(error).toMatchObject({ code: 'notLeader', leader: cluster.leaderId() })
  })

  it('before the leader has committed an entry of its own term', async () => {
    const cluster = new NodeCluster()
    // Votes are durable, its first entry never is.
    for (const { log } of cluster.nodes.values()) {
      const write = log.write.bind(log)
      log.write = (batch, done) => {
        if (batch.entries.length === 0) write(batch, done)
      }
    }
    let leader = cluster.get('n1')
    while (leader.node.status().role !== 'leader') {
      await cluster.run(10)
      leader =
        [...cluster.nodes.values()].find(({ node }) => node.status().role === 'leader') ?? leader
    }
    const error = await cluster.outcome(leader.node.changeMembership({ addLearners: ['n4'] }), 20)
    expect(error).toMatchObject({ code: 'rejected', reason: 'notReady' })
  })
})

describe('a change whose outcome is not known', () => {
  it('ends as such when leadership is lost, and as refused when another entry took its place', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const { node } = cluster.get(id)
    cluster.isolate(id)
    const change = settled(node.changeMembership({ addLearners: ['n4'] }))
    await cluster.run(2000)
    expect(await change).toMatchObject({ code: 'outcomeUnknown', index: 2 })
    cluster.network.heal()
    await cluster.run(500)
    const second = cluster.leaderId()
    cluster.isolate(second)
    const replaced = settled(cluster.get(second).node.changeMembership({ addLearners: ['n4'] }))
    await cluster.run(20)
    cluster.tellLost(second)
    await cluster.run(250)
    cluster.network.heal()
    await cluster.run(200)
    expect(await replaced).toMatchObject({ code: 'rejected', reason: 'superseded' })
  })

  it('ends with the patience of its caller, and of the node', async () => {
    const cluster = new NodeCluster(3, { proposeTimeoutMs: 300 })
    const { node } = cluster.elect()
    for (const { log } of cluster.nodes.values()) log.held = []
    const own = settled(node.changeMembership({ addLearners: ['n4'] }, { timeoutMs: 50 }))
    await cluster.run(100)
    expect(await own).toMatchObject({ code: 'outcomeUnknown', reason: 'timeout' })
  })

  it('ends when the node is closed', async () => {
    const cluster = new NodeCluster()
    const { node } = cluster.elect()
    for (const { log } of cluster.nodes.values()) log.held = []
    const inLog = settled(node.changeMembership({ addLearners: ['n4'] }))
    await cluster.run(20)
    const queued = settled(node.changeMembership({ addLearners: ['n5'] }))
    await node.close()
    expect(await inLog).toMatchObject({ code: 'outcomeUnknown', reason: 'closed' })
    expect(await queued).toMatchObject({ code: 'closed' })
    const late = settled(node.changeMembership({ addLearners: ['n6'] }))
    await cluster.run(10)
    expect(await late).toMatchObject({ code: 'closed' })
  })
})

describe('a node that is removed', () => {
  it('says so, and disturbs nobody', async () => {
    const cluster = new NodeCluster()
    const leader = cluster.elect()
    const [removed] = cluster.followers()
    const id = removed?.node.status().id as string
    const changed = await cluster.outcome(leader.node.changeMembership({ remove: [id] }), 300)
    expect(changed).toMatchObject({ votersOutgoing: [] })
    const { term } = leader.node.status()
    await cluster.run(5000)
    expect(leader.node.status()).toMatchObject({ role: 'leader', term })
    expect(leader.events.filter(({ type }) => type === 'removed')).toEqual([])
  })

  it('as leader answers first, steps down, and another leads at once', async () => {
    const cluster = new NodeCluster()
    const id = cluster.leaderIdAfterElection()
    const leader = cluster.get(id)
    const changed = await cluster.outcome(leader.node.changeMembership({ remove: [id] }), 300)
    expect((changed as Membership).voters).not.toContain(id)
    expect(leader.events.filter(({ type }) => type === 'removed')).toHaveLength(1)
    expect(leader.node.status().role).toBe('follower')
    expect(cluster.leaderId()).not.toBe(id)
    await cluster.run(3000)
    expect(leader.node.status().role).toBe('follower')
    const proposed = await cluster.outcome(cluster.leader().node.propose(bytes('x')))
    expect(proposed).toMatchObject({ result: 1 })
  })
})

describe('changes that wait', () => {
  const LEAVE = { changes: [], transition: 'auto', context: new Uint8Array(0) } as const
  const membership = { ...NO_MEMBERSHIP, voters: ['n1'] }

  it('are not answered by a change that came before they were in the log', () => {
    const changes = new MembershipChanges()
    const answers: unknown[] = []
    changes.ask(LEAVE, undefined, 1000, (error) => answers.push(error?.code ?? 'done'))
    changes.changed(membership, 7)
    expect(answers).toEqual([])
    const refusal = undefined
    const noLeader = new NotLeaderError(undefined, 'noLeader')
    changes.proposed({ type: 'membershipProposed', id: 1, index: 8, term: 2, refusal }, noLeader)
    changes.changed(membership, 8)
    expect(answers).toEqual([])
    changes.applied([{ index: 8, term: 2, kind: 'config', data: new Uint8Array(0) }])
    changes.changed(membership, 8)
    expect(answers).toEqual(['done'])
  })

  it('are not known any more when a snapshot took the place of their entries', () => {
    const changes = new MembershipChanges()
    const answers: unknown[] = []
    const noLeader = new NotLeaderError(undefined, 'noLeader')
    for (const id of [1, 2]) {
      changes.ask(LEAVE, undefined, 1000, (error) => answers.push(`${id}: ${error?.code}`))
      const event = { type: 'membershipProposed', id, term: 2, refusal: undefined } as const
      changes.proposed({ ...event, index: id * 10 }, noLeader)
    }
    changes.skipTo(15)
    expect(answers).toEqual(['1: outcomeUnknown'])
    changes.expire(1000)
    expect(answers).toEqual(['1: outcomeUnknown', '2: outcomeUnknown'])
  })
})

describe('the transport', () => {
  it('is told who the others are, at the start and after each change', async () => {
    const cluster = new NodeCluster(1)
    const told: (readonly string[])[] = []
    const { transport, log } = cluster.kill('n1')
    void transport
    const attach = cluster.network.transport.bind(cluster.network)
    cluster.network.transport = (id) => {
      const made = attach(id)
      made.setPeers = (peers) => told.push(peers)
      return made
    }
    const { node } = cluster.start('n1', log)
    cluster.elect()
    await cluster.outcome(node.changeMembership({ addLearners: ['n2'] }))
    expect(told).toEqual([[], ['n2']])
  })
})

describe('a node that waits to be added', () => {
  it('belongs to whom it was added by, and hears no other cluster then', async () => {
    const cluster = new NodeCluster(1)
    cluster.elect()
    const joiner = cluster.join('n2')
    const added = cluster.leader().node.changeMembership({ addLearners: ['n2'] })
    expect(await cluster.outcome(added, 300)).toMatchObject({ learners: ['n2'] })
    const { encodeMessageBatch } = await import('../codec.ts')
    const foreign = { clusterId: 'd'.repeat(32), from: 'x', fromIncarnation: '', messages: [] }
    cluster.network.transport('x').send('n2', encodeMessageBatch(foreign))
    await cluster.run(20)
    expect(joiner.events).toContainEqual(
      expect.objectContaining({ type: 'batchDropped', reason: 'otherCluster' }),
    )
    const { log } = cluster.kill('n2')
    const again = cluster.start('n2', log)
    expect(again.node.status().clusterId).toBe(cluster.genesis.clusterId)
  })

  it('does not campaign', async () => {
    const cluster = new NodeCluster(1)
    const joiner = cluster.join('n9')
    await cluster.run(3000)
    expect(joiner.node.status()).toMatchObject({ role: 'follower', term: 0 })
  })
})

it('does not call a change that got into the log certainly without effect, however late the turn was', () => {
  const changes = new MembershipChanges()
  const told: unknown[] = []
  const change = membershipChange({ addLearners: ['n4'] })
  changes.ask(change, undefined, 100, (error, membership) => told.push(error ?? membership))
  const [asked] = changes.take() as unknown as [{ id: number }]
  // The process stood still: the turn that puts it before the core is also the one that looks at the time.
  changes.expire(500)
  expect(told).toEqual([])
  const answer = { type: 'membershipProposed', id: asked.id, index: 5, term: 2 } as const
  changes.proposed({ ...answer, refusal: undefined }, new NotLeaderError(undefined, 'noLeader'))
  changes.expire(510)
  expect(told).toMatchObject([{ code: 'outcomeUnknown', reason: 'timeout', index: 5, term: 2 }])
})
