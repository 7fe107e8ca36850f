import { create } from '@bufbuild/protobuf'
import { ClusterService, NodeStatusSchema } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { expect, onTestFinished, test } from 'vitest'
import { openClientPort } from '../http/client-port.ts'
import { askNodes, findNodes } from './find-nodes.ts'

interface Told {
  readonly configIndex: bigint
  readonly members: readonly { readonly id: string; readonly address: string }[]
}

/** A node that tells what it was told to. */
async function startNode(id: string) {
  let told: Told = { configIndex: 0n, members: [] }
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router) =>
      router.service(ClusterService, {
        getStatus: () => ({
          status: create(NodeStatusSchema, { ...told, id, members: [...told.members] }),
        }),
      }),
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return {
    id,
    address: `http://127.0.0.1:${port.port}`,
    tell: (members: Told['members'], configIndex = 0n) => {
      told = { configIndex, members }
    },
  }
}

const clusterOf = (...nodes: readonly { readonly id: string; readonly address: string }[]) =>
  nodes.map(({ id, address }, at) => `${id}=${address},http://127.0.0.1:${at + 2}`).join(';')

const gone = { id: 'n3', address: 'http://127.0.0.1:1' }

test('members that came later are asked as well; who has gone is not; who does not answer is there', async () => {
  const [n1, n2, n4] = [await startNode('n1'), await startNode('n2'), await startNode('n4')]
  const nobodyKnowsWhere = { id: 'n5', address: '' }
  n1.tell([n1, n2, gone])
  n2.tell([n2, gone, n4, nobodyKnowsWhere], 20n)
  const asked = await askNodes(clusterOf(n1, n2), 5_000)
  expect(asked.map(({ id, clientUrl, status }) => [id, clientUrl, status?.id])).toEqual([
    ['n2', n2.address, 'n2'],
    ['n3', gone.address, undefined],
    ['n4', n4.address, 'n4'],
    ['n5', '', undefined],
  ])
  const found = await findNodes(clusterOf(n1, n2))
  expect(found.map(({ id }) => id)).toEqual(['n2', 'n3', 'n4'])
})

test('when nobody says who belongs, those that were given are asked', async () => {
  const n1 = await startNode('n1')
  const asked = await askNodes(clusterOf(n1, gone), 5_000)
  expect(asked.map(({ id, status }) => [id, status?.id])).toEqual([
    ['n1', 'n1'],
    ['n3', undefined],
  ])
})
