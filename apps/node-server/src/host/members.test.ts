import { nodeAddresses } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import { registerNodes } from './register-nodes.ts'
import type { MemberAddress } from './types.ts'

const address = (id: string): MemberAddress => ({
  id,
  clientUrl: `http://${id}:1`,
  peerUrl: `http://${id}:2`,
})

test('a change of the members is no command: it counts on every node, and all go on', async () => {
  const cluster = await MemoryCluster.start()
  const leader = await cluster.leader()
  const gone = ['n1', 'n2', 'n3'].find((id) => id !== leader.id) as string
  const changed = leader.control.change({ remove: [gone] })
  await cluster.run(500)
  await changed
  expect(leader.status().members.map(({ id }) => id)).not.toContain(gone)
  const submitted = leader.submit({ actor: 0, key: undefined, command: { type: 'tick' } })
  await cluster.run(500)
  await submitted
  expect(cluster.failures).toEqual([])
})

test('a node that was removed learns of it from the others, and once', async () => {
  const cluster = await MemoryCluster.start()
  const leader = await cluster.leader()
  const gone = ['n1', 'n2', 'n3'].find((id) => id !== leader.id) as string
  const changed = leader.control.change({ remove: [gone] })
  await cluster.run(500)
  await changed
  await cluster.run(10_000)
  expect(cluster.removed).toEqual([gone])
})

test('a member that is cut off is not taken for removed', async () => {
  const cluster = await MemoryCluster.start()
  await cluster.leader()
  await cluster.stopNode('n1')
  await cluster.stopNode('n2')
  await cluster.run(20_000)
  expect(cluster.removed).toEqual([])
})

test('a node is added, gets what the others have, and votes; who leads may go', async () => {
  const cluster = await MemoryCluster.start()
  const first = await cluster.leader()
  const written = registerNodes(
    first,
    ['n1', 'n2', 'n3'].map(address),
  )(new AbortController().signal)
  await cluster.run(1_000)
  await written
  const added = await cluster.startJoining('n4')
  await cluster.run(2_000)
  expect(added.status()).toMatchObject({
    members: [],
    unready: expect.arrayContaining(['notMember']),
  })
  const { id: name, ...urls } = address('n4')
  const said = first.submit({
    actor: 0,
    key: undefined,
    command: { type: 'registerNode', name, ...urls },
  })
  const changed = first.control.change({ promote: ['n4'] })
  await cluster.run(3_000)
  await said
  await changed
  expect(first.control.members().find(({ id }) => id === 'n4')).toMatchObject({
    role: 'voter',
    active: true,
    clientUrl: 'http://n4:1',
  })
  expect(added.leader()).toMatchObject({ id: first.id, clientUrl: `http://${first.id}:1` })
  expect(added.status().stateHash).toBe(first.status().stateHash)
  const handed = first.control.transfer('n4')
  await cluster.run(2_000)
  expect(await handed).toBe('n4')
  await cluster.run(4_000)
  expect((await cluster.leader()).id).toBe('n4')
  const removed = added.control.change({ remove: [first.id] })
  await cluster.run(1_000)
  await removed
  expect(added.status().members.map(({ id }) => id)).toEqual(
    ['n1', 'n2', 'n3', 'n4'].filter((id) => id !== first.id),
  )
  expect(cluster.failures).toEqual([])
})

test("the founders' addresses become rows, once, and not those of who has gone", async () => {
  const cluster = await MemoryCluster.start()
  const leader = await cluster.leader()
  const job = registerNodes(leader, ['n1', 'n2', 'n3', 'n9'].map(address))
  for (let round = 0; round < 2; round += 1) {
    const written = job(new AbortController().signal)
    await cluster.run(1_000)
    await written
  }
  expect(nodeAddresses(leader.state)).toEqual(
    ['n1', 'n2', 'n3'].map((id) => {
      const { clientUrl, peerUrl } = address(id)
      return { name: id, clientUrl, peerUrl, byOperator: false }
    }),
  )
})
