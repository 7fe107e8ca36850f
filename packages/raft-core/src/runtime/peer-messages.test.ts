/** Messages of peers that make no sense, or come at the wrong moment. */
import { expect, it } from 'vitest'
import {
  forwardProposals,
  forwardReply,
  installSnapshot,
  markAt,
  snapshotChunk,
  snapshotRequest,
} from '../../test/message-defaults.ts'
import { bytes, ListMachine, NodeCluster, TestLog, type TestNode } from '../../test/node-cluster.ts'
import { decodeMessageBatch, encodeMessageBatch } from '../codec.ts'
import type { RaftEvent } from '../ports.ts'
import type { Message } from '../types.ts'
import { RaftNode } from './raft-node.ts'

/** What a node sends in answer to messages, which come from whoever they say. */
function converse(cluster: NodeCluster, { transport }: Pick<TestNode, 'transport'>) {
  const sent: Message[] = []
  const send = transport.send.bind(transport)
  transport.send = (to, batch, lane) => {
    sent.push(...decodeMessageBatch(batch).messages)
    send(to, batch, lane)
  }
  return (...messages: Message[]) => {
    sent.length = 0
    for (const message of messages) {
      const sender = { from: message.from, fromIncarnation: '9'.repeat(32) }
      const batch = { ...sender, clusterId: cluster.genesis.clusterId, messages: [message] }
      transport.onReceive?.(message.from, encodeMessageBatch(batch))
    }
    cluster.clock.runDeferred()
    return [...sent]
  }
}

/** One follower, its peers' names, and a way to talk to it. */
function follower() {
  const cluster = new NodeCluster(3, { forwardProposals: true })
  cluster.elect()
  const [one] = cluster.followers() as [TestNode]
  const { id, term } = one.node.status()
  const from = cluster.genesis.members.find((name) => name !== id) as string
  return { cluster, one, say: converse(cluster, one), header: { from, to: id, term } }
}

async function goesOn(cluster: NodeCluster): Promise<void> {
  expect(await cluster.outcome(cluster.leader().node.propose(bytes('a')))).toMatchObject({
    result: 1,
  })
  for (const { node, machine } of cluster.nodes.values()) {
    expect(node.status().state).toBe('running')
    expect(machine.list).toEqual(['a'])
  }
}

it('what is for another node is neither answered nor taken', async () => {
  const { cluster, one, say, header } = follower()
  const other = { ...header, to: 'n9', term: header.term + 5 }
  const answers = say(
    snapshotRequest(other),
    snapshotChunk(other),
    installSnapshot({ ...other, mark: markAt(99, header.term) }),
    forwardProposals({ ...other, commands: [bytes('x')] }),
    forwardReply(other),
  )
  expect(answers).toEqual([])
  expect(one.snapshots.partial.size).toBe(0)
  expect(one.node.status().term).toBe(header.term)
  await goesOn(cluster)
})

it('answers and pieces that nobody asked for change nothing', async () => {
  const { cluster, one, say, header } = follower()
  const data = new Uint8Array(4)
  const piece = { mark: markAt(50, header.term), totalBytes: 4, data }
  const answers = say(
    snapshotChunk(header),
    snapshotChunk({ ...header, ...piece, snapshotId: 'a'.repeat(32) }),
    forwardReply({ ...header, forwardId: 77, accepted: 3, firstIndex: 1, entryTerm: 1 }),
    forwardReply({ ...header, forwardId: 78, refusal: 'tooLarge' }),
  )
  expect(answers).toEqual([])
  expect(one.snapshots.partial.size).toBe(0)
  expect(one.snapshots.complete.size).toBe(0)
  await goesOn(cluster)
})

it('a request for a snapshot that is not there, not new enough, or shorter is told so', async () => {
  const { cluster, one, say, header } = follower()
  const taken = await cluster.outcome(one.node.takeSnapshot())
  const { id: snapshotId, sizeBytes } = taken as { id: string; sizeBytes: number }
  const none = { type: 'snapshotChunk', to: header.from, snapshotId: '', totalBytes: 0 }
  for (const wrong of [
    { snapshotId: 'f'.repeat(32) },
    { minIndex: 99 },
    { snapshotId, offset: sizeBytes + 1 },
  ]) {
    expect(say(snapshotRequest({ ...header, ...wrong }))).toMatchObject([none])
  }
  const right = say(snapshotRequest({ ...header, snapshotId, offset: sizeBytes }))
  expect(right).toMatchObject([{ snapshotId, totalBytes: sizeBytes, data: new Uint8Array(0) }])
  await goesOn(cluster)
})

it('commands that are passed on to one who does not lead are refused, in a term of others only', async () => {
  const { cluster, say, header } = follower()
  const commands = [bytes('x')]
  const refused = say(forwardProposals({ ...header, forwardId: 5, commands }))
  expect(refused).toMatchObject([
    { type: 'forwardProposalsReply', forwardId: 5, accepted: 0, refusal: 'notLeader' },
  ])
  await goesOn(cluster)
})

it('a node without snapshots has none to give, takes none, and says so once a term', async () => {
  const cluster = new NodeCluster(2)
  cluster.kill('n2')
  const events: RaftEvent[] = []
  const transport = cluster.network.transport('n2')
  const node = await RaftNode.open<number>({
    ...{ id: 'n2', log: new TestLog(cluster.genesis, 'e'.repeat(32)), machine: new ListMachine() },
    ...{ transport, clock: cluster.clock, random: () => 0.5 },
    observer: (event) => events.push(event),
  })
  const say = converse(cluster, { transport })
  const header = { from: 'n1', to: 'n2', term: 3 }
  const none = { type: 'snapshotChunk', to: 'n1', snapshotId: '', offset: 7 }
  expect(say(snapshotRequest({ ...header, offset: 7 }))).toMatchObject([none])
  say(installSnapshot({ ...header, mark: markAt(9, 2) }))
  say(installSnapshot({ ...header, mark: markAt(9, 2) }))
  const failed = events.filter(({ type }) => type === 'snapshotFailed')
  expect(failed).toMatchObject([{ error: { reason: 'noSnapshots' } }])
  await node.close()
})
