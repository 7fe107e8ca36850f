import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster, settled, type TestNode } from '../../test/node-cluster.ts'
import { decodeMessageBatch } from '../codec.ts'
import type { Entry, ForwardProposalsReply, Message, NodeId } from '../types.ts'
import { ForwardService, firstForwardId } from './forward-service.ts'
import { Forwarding } from './forwarding.ts'
import { Proposal, Proposals } from './proposals.ts'

const FORWARD = { forwardProposals: true }

/** What leaves a node passes here; no to a message drops its batch. */
function filter({ transport }: TestNode, lets: (message: Message) => boolean): void {
  const send = transport.send.bind(transport)
  transport.send = (to, batch, lane) => {
    if (decodeMessageBatch(batch).messages.every(lets)) send(to, batch, lane)
  }
}

describe('a follower that forwards', () => {
  it('answers with its own applied result', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    cluster.elect()
    for (const follower of cluster.followers()) {
      const outcomes = ['a', 'b', 'c'].map((c) => settled(follower.node.propose(bytes(c))))
      await cluster.run(200)
      for (const outcome of await Promise.all(outcomes)) {
        expect(follower.machine.list.length).toBeGreaterThanOrEqual(
          (outcome as { result: number }).result,
        )
        expect(outcome).toMatchObject({ term: 1 })
      }
    }
    expect(cluster.leader().machine.list).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
    for (const { node } of cluster.nodes.values()) expect(node.status().pendingProposals).toBe(0)
  })

  it('refuses as before when it is not told to forward, and when nobody leads', async () => {
    const plain = new NodeCluster(3)
    plain.elect()
    const follower = plain.followers()[0] as TestNode
    const refused = await plain.outcome(follower.node.propose(bytes('a')))
    expect(refused).toMatchObject({ code: 'notLeader' })
    const cluster = new NodeCluster(3, FORWARD)
    const error = await cluster.outcome(
      (cluster.nodes.get('n1') as TestNode).node.propose(bytes('a')),
      10,
    )
    expect(error).toMatchObject({ code: 'notLeader', reason: 'noLeader' })
  })

  it('passes the leader’s refusals on, each with its reason', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const id = cluster.leaderIdAfterElection()
    const follower = cluster.followers()[0] as TestNode
    cluster.network.cut(id, cluster.followers()[1]?.node.status().id as NodeId)
    const to = cluster.followers()[1]?.node.status().id as NodeId
    void settled(cluster.get(id).node.transferLeadership({ to }))
    await cluster.run(10)
    const transferring = await cluster.outcome(follower.node.propose(bytes('a')), 50)
    expect(transferring).toMatchObject({ code: 'rejected', reason: 'transferring' })
  })

  it('offers the rest again when the leader finds one too large', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const id = cluster.leaderIdAfterElection()
    cluster.restart(id, { config: { maxEntryBytes: 4 } })
    await cluster.run(1500)
    for (let i = 0; i < 20 && cluster.leaderId() !== id; i++) {
      await cluster.outcome(cluster.leader().node.transferLeadership({ to: id }), 300)
    }
    expect(cluster.leaderId()).toBe(id)
    const follower = cluster.followers()[0] as TestNode
    const outcomes = ['ok1', 'too large', 'ok2'].map((c) =>
      settled(follower.node.propose(bytes(c))),
    )
    await cluster.run(200)
    expect(await outcomes[1]).toMatchObject({ code: 'rejected', reason: 'tooLarge' })
    expect(await outcomes[0]).toMatchObject({ result: 1 })
    expect(await outcomes[2]).toMatchObject({ result: 2 })
  })

  it('whose answer is lost does not hang: nobody knows, in the end', async () => {
    const cluster = new NodeCluster(3, { ...FORWARD, proposeTimeoutMs: 500 })
    const leader = cluster.elect()
    filter(leader, ({ type }) => type !== 'forwardProposalsReply')
    const follower = cluster.followers()[0] as TestNode
    const outcome = settled(follower.node.propose(bytes('a')))
    await cluster.run(600)
    expect(await outcome).toMatchObject({
      code: 'outcomeUnknown',
      reason: 'timeout',
      index: 0,
      term: 1,
    })
    expect(follower.node.status().pendingProposals).toBe(0)
    expect(cluster.leader().machine.list.length).toBeLessThanOrEqual(1)
  })

  it('whose message is lost learns from the next term that nothing was applied', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const id = cluster.leaderIdAfterElection()
    const follower = cluster.followers()[0] as TestNode
    filter(follower, ({ type }) => type !== 'forwardProposals')
    const outcome = settled(follower.node.propose(bytes('a')))
    await cluster.run(20)
    cluster.kill(id)
    await cluster.run(2000)
    expect(await outcome).toMatchObject({ code: 'rejected', reason: 'superseded' })
    expect(cluster.leader().machine.list).toEqual([])
  })

  it('whose leader dies with the command replicated succeeds after all', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const id = cluster.leaderIdAfterElection()
    const [follower, other] = cluster.followers() as [TestNode, TestNode]
    const followers = [follower, other]
    // The entry and the answer arrive; what the followers acknowledge does not.
    let isCut = false
    for (const one of followers) filter(one, (message) => !(isCut && message.to === id))
    const outcome = settled(follower.node.propose(bytes('a')))
    cluster.clock.runDeferred()
    isCut = true
    await cluster.run(10)
    cluster.kill(id)
    await cluster.run(2000)
    expect(await outcome).toMatchObject({ result: 1 })
  })

  it('that is closed does not leave anybody waiting', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const leader = cluster.elect()
    filter(leader, ({ type }) => type !== 'forwardProposalsReply')
    const follower = cluster.followers()[0] as TestNode
    const outcome = settled(follower.node.propose(bytes('a')))
    await cluster.run(20)
    await follower.node.close()
    expect(await outcome).toMatchObject({ code: 'outcomeUnknown', reason: 'closed' })
  })

  it('is told nothing by a leader that was restarted: its earlier life may have taken it up', async () => {
    const cluster = new NodeCluster(3, { ...FORWARD, proposeTimeoutMs: 500 })
    const id = cluster.leaderIdAfterElection()
    filter(cluster.get(id), ({ type }) => type !== 'forwardProposalsReply')
    const follower = cluster.followers()[0] as TestNode
    const { transport, node } = follower
    const send = transport.send.bind(transport)
    let forwarded = new Uint8Array(0)
    transport.send = (to, batch, lane) => {
      const { messages } = decodeMessageBatch(batch)
      if (messages.some(({ type }) => type === 'forwardProposals')) forwarded = batch.slice()
      send(to, batch, lane)
    }
    const outcome = settled(node.propose(bytes('a')))
    await cluster.run(50)
    expect(follower.machine.list).toEqual(['a'])
    const again = cluster.restart(id)
    // The network repeats it.
    again.transport.onReceive?.(node.status().id, forwarded)
    await cluster.run(600)
    expect(await outcome).toMatchObject({ code: 'outcomeUnknown' })
  })

  it('a message that the network repeats is taken up once', async () => {
    const cluster = new NodeCluster(3, FORWARD)
    const leader = cluster.elect()
    const follower = cluster.followers()[0] as TestNode
    const { transport } = follower
    const send = transport.send.bind(transport)
    transport.send = (to, batch, lane) => {
      for (let i = 0; i < 3; i++) send(to, batch, lane)
    }
    expect(await cluster.outcome(follower.node.propose(bytes('a')))).toMatchObject({ result: 1 })
    expect(leader.machine.list).toEqual(['a'])
  })
})

const rethrow = (error: unknown): never => {
  throw error
}

describe('what became of a forwarded command', () => {
  const entry = (index: number, term: number, data: string): Entry => {
    return { index, term, kind: 'command', data: bytes(data) }
  }
  const make = () => {
    const proposals = new Proposals<string>(rethrow)
    const forwarding = new Forwarding<string>('n2', proposals, 100)
    const answers: string[] = []
    const send = (data: string, deadline = 1000) => {
      const proposal = new Proposal<string>(bytes(data), deadline, (error, index, term, result) => {
        answers.push(error === undefined ? `${result} at ${index} of ${term}` : error.code)
      })
      proposals.add(proposal)
      return forwarding.send(proposals.takeQueued(), 'n1', 3, 1000)[0]?.forwardId as number
    }
    const reply = (forwardId: number, more: Partial<ForwardProposalsReply>) =>
      forwarding.answered({
        ...{ type: 'forwardProposalsReply', from: 'n1', to: 'n2', term: 3 },
        ...{ forwardId, accepted: 1, firstIndex: 7, entryTerm: 3, refusal: '', ...more },
      })
    return { proposals, forwarding, answers, send, reply }
  }

  it('is asked in messages of a bounded size, or of one command', () => {
    const { proposals, forwarding } = make()
    for (const data of ['aaa', 'bbb', 'cccccccc', 'd']) {
      proposals.add(new Proposal<string>(bytes(data), 1000, () => undefined))
    }
    const messages = forwarding.send(proposals.takeQueued(), 'n1', 3, 6)
    expect(messages.map(({ commands }) => commands.length)).toEqual([2, 1, 1])
    expect(new Set(messages.map(({ forwardId }) => forwardId)).size).toBe(3)
  })

  it('is known when the entry overtakes the answer', () => {
    const { forwarding, answers, send, reply } = make()
    const id = send('a')
    forwarding.applied([entry(6, 3, 'x'), entry(7, 3, 'a')], ['X', 'A'])
    reply(id, {})
    expect(answers).toEqual(['A at 7 of 3'])
  })

  it('is that of the entry where it was put, if that is of its term', () => {
    const { forwarding, answers, send, reply } = make()
    reply(send('a'), {})
    reply(send('b'), { firstIndex: 8 })
    forwarding.applied([entry(7, 3, 'a'), entry(8, 4, 'z')], ['A', 'Z'])
    expect(answers).toEqual(['A at 7 of 3', 'rejected'])
  })

  it('without an answer is decided by the next term: not applied, unless the same bytes were', () => {
    const { forwarding, answers, send } = make()
    send('a')
    send('b')
    forwarding.applied([entry(7, 3, 'b')], ['B'])
    expect(answers).toEqual([])
    forwarding.applied([entry(8, 4, 'c')], ['C'])
    expect(answers).toEqual(['rejected', 'outcomeUnknown'])
  })

  it('is not known when a snapshot took the place of the entries', () => {
    const { forwarding, answers, send, reply } = make()
    reply(send('placed'), {})
    send('unanswered')
    forwarding.skipTo(10)
    forwarding.applied([entry(11, 4, 'c')], ['C'])
    expect(answers).toEqual(['outcomeUnknown', 'outcomeUnknown'])
  })

  it('is known under load without an end, as long as each answer comes soon', () => {
    const { forwarding, answers, send, reply } = make()
    let overtaken = send('c0')
    for (let index = 1; index < 100_000; index++) {
      // There is always one that is not answered, and its entry is applied before the answer.
      const next = send(`c${index}`)
      forwarding.applied([entry(index, 3, `c${index - 1}`)], [`R${index}`])
      reply(overtaken, { firstIndex: index })
      overtaken = next
    }
    expect(answers).toHaveLength(99_999)
    expect(answers.at(-1)).toBe('R99999 at 99999 of 3')
  })

  it('is known to a steady stream, however long: nothing is remembered that nobody asks for', () => {
    const { forwarding, answers, send, reply } = make()
    let last = send('0')
    for (let i = 1; i <= 70_000; i++) {
      const next = send(`${i}`)
      // The entry overtakes the answer each time, and one answer is always missing.
      forwarding.applied([entry(i, 3, `${i - 1}`)], [`${i - 1}`])
      reply(last, { firstIndex: i })
      last = next
    }
    expect(new Set(answers).size).toBe(70_000)
    expect(answers.at(-1)).toBe('69999 at 70000 of 3')
  })

  it('is not remembered beyond what memory is spent on it', () => {
    const { forwarding, answers, send, reply } = make()
    const id = send('a')
    const data = new Uint8Array(1 << 20)
    for (let i = 1; i <= 20; i++) forwarding.applied([{ ...entry(i, 3, ''), data }], ['X'])
    reply(id, { firstIndex: 2 })
    expect(answers).toEqual(['outcomeUnknown'])
  })

  it('of very many is told to all of them in the end', () => {
    const { proposals, forwarding, answers, send, reply } = make()
    for (let i = 1; i <= 150_000; i++) reply(send('a'), { firstIndex: i })
    forwarding.abandon('closed', undefined)
    expect(answers).toHaveLength(150_000)
    expect(proposals.count).toBe(0)
  })

  it('ends with its patience, answered or not', () => {
    const { proposals, forwarding, answers, send, reply } = make()
    reply(send('placed', 500), {})
    send('unanswered', 600)
    forwarding.expire(499)
    expect(answers).toEqual([])
    forwarding.expire(600)
    expect(answers).toEqual(['outcomeUnknown', 'outcomeUnknown'])
    expect(proposals.count).toBe(0)
  })

  it('is not believed from another than the one that was asked', () => {
    const { answers, send, reply } = make()
    const id = send('a')
    reply(id, { from: 'n3', accepted: 0, refusal: 'overloaded' })
    expect(answers).toEqual([])
    reply(id, { accepted: 0, refusal: 'overloaded' })
    expect(answers).toEqual(['overloaded'])
  })
})

describe('the leader that takes commands up for others', () => {
  const message = (forwardId: number, term = 5) =>
    ({ type: 'forwardProposals', from: 'n2', to: 'n1', term, forwardId, commands: [] }) as const

  it('answers for no term that it has led: it may have taken up the same before', () => {
    const service = new ForwardService(0)
    expect(service.receive(message(1), true, 5)).toMatchObject({ type: 'propose' })
    expect(service.receive(message(1), false, 5)).toBeUndefined()
    expect(service.receive(message(2, 4), true, 5)).toBeUndefined()
    expect(service.receive(message(2, 6), true, 5)).toBe('notLeader')
  })

  it('remembers what it has seen, in any order, and trusts nothing that is too old to be', () => {
    const service = new ForwardService(0)
    const takes = (id: number) => service.receive(message(id), true, 5) !== undefined
    expect([takes(10_000), takes(9_999), takes(10_000), takes(9_999)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    for (let id = 10_001; id < 25_000; id++) expect(takes(id)).toBe(true)
    expect(takes(10_000)).toBe(false)
    expect(takes(24_998)).toBe(false)
  })

  it('takes up what a restarted sender sends, whose numbers begin elsewhere', () => {
    const service = new ForwardService(0)
    const [first, second] = [firstForwardId(0.9), firstForwardId(0.1)]
    expect(service.receive(message(first), true, 5)).toBeDefined()
    expect(service.receive(message(second), true, 5)).toBeDefined()
    expect(service.receive(message(second), true, 5)).toBeUndefined()
  })

  it('goes on doing so however often a sender is restarted, and takes nothing of its earlier lives', () => {
    const service = new ForwardService(0)
    const ids = Array.from({ length: 1000 }, (_, i) => firstForwardId(i / 1000))
    for (const id of ids) expect(service.receive(message(id), true, 5)).toBeDefined()
    for (const id of ids) expect(service.receive(message(id), true, 5)).toBeUndefined()
    const late = (ids[10] as number) + 1
    expect(service.receive(message(late), true, 5)).toBeUndefined()
    const next = (ids.at(-1) as number) + 1
    expect(service.receive(message(next), true, 5)).toBeDefined()
  })
})
