import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { expect, onTestFinished, test } from 'vitest'
import type { HashCheckpoint } from '../host/hash-verdict.ts'
import { openClientPort } from '../http/client-port.ts'
import { createClusterService } from '../services/cluster-service.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { hashAsker } from './ask-hashes.ts'

const clusterId = '00'.repeat(16)

async function start() {
  const host = createMemoryHost(1_000)
  foundMemoryHost(host)
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [],
    routes: (router) => router.service(ClusterService, createClusterService(host)),
    interceptors: [],
    plainRoutes: [],
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  return { host, clientUrl: `http://127.0.0.1:${port.port}` }
}

const ask = (cluster: string, id: string, clientUrl: string) =>
  new Promise<readonly HashCheckpoint[] | undefined>((resolve) =>
    hashAsker(() => cluster)({ id, clientUrl, peerUrl: '' }, resolve),
  )

test('a peer shows its hashes, with the latest', async () => {
  const { host, clientUrl } = await start()
  const { hashIndex, stateHash } = host.status()
  expect(await ask(clusterId, 'n1', clientUrl)).toContainEqual({ index: hashIndex, stateHash })
})

test('what another cluster or another node answers on the address does not count', async () => {
  const { clientUrl } = await start()
  expect(await ask('11'.repeat(16), 'n1', clientUrl)).toBeUndefined()
  expect(await ask(clusterId, 'n2', clientUrl)).toBeUndefined()
})

test('nobody there is no answer', async () => {
  expect(await ask(clusterId, 'n1', 'http://127.0.0.1:1')).toBeUndefined()
})
