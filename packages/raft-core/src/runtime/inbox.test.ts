import { expect, it } from 'vitest'
import { heartbeat } from '../../test/message-defaults.ts'
import { NodeCluster } from '../../test/node-cluster.ts'
import { encodeMessageBatch } from '../codec.ts'

it('gives back the room of what is dropped: a node is not made deaf by what is not for it', async () => {
  const cluster = new NodeCluster(3, { maxInboxBytes: 4096 })
  const { node, events } = cluster.get('n1')
  const { clusterId } = cluster.genesis
  const sender = { from: 'n2', fromIncarnation: '9'.repeat(32) }
  const foreign = {
    ...sender,
    clusterId: 'f'.repeat(32),
    messages: [heartbeat({ from: 'n2', to: 'n1' })],
  }
  // As what a newer version says: nothing of it is known here.
  const nothing = { ...sender, clusterId, messages: [] }
  for (const batch of [foreign, nothing].map(encodeMessageBatch)) {
    for (let sent = 0; sent < 3 * 4096; sent += batch.length) {
      cluster.get('n1').transport.onReceive?.('n2', batch)
      cluster.clock.runDeferred()
    }
  }
  cluster.elect()
  expect(node.status().leader).toBeDefined()
  const reasons = events.flatMap((event) => (event.type === 'batchDropped' ? [event.reason] : []))
  expect(new Set(reasons)).toEqual(new Set(['otherCluster']))
})

it('takes a batch that is larger than the inbox when nothing else is in it: it would never get smaller', async () => {
  const cluster = new NodeCluster(3, { maxInboxBytes: 1000 })
  const leader = cluster.elect()
  await cluster.outcome(leader.node.propose(new Uint8Array(5000)), 1000)
  await cluster.propose(50)
  for (const { machine } of cluster.nodes.values()) expect(machine.list).toHaveLength(51)
})
