import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { expect, onTestFinished, test } from 'vitest'
import type { UnreadyReason } from '../host/readiness.ts'
import { createClusterService } from '../services/cluster-service.ts'
import { createMemoryHost } from '../testing/memory-host.ts'
import { openClientPort } from './client-port.ts'

const origin = 'http://localhost:3000'

async function start() {
  const host = createMemoryHost(1_000)
  const health = {
    reasons: [] as UnreadyReason[],
    unready: () => health.reasons,
  }
  const shutdown = new AbortController()
  const port = await openClientPort({
    port: 0,
    hosts: ['127.0.0.1'],
    origins: [origin],
    routes: (router) => router.service(ClusterService, createClusterService(host)),
    interceptors: [],
    plainRoutes: [
      {
        method: 'POST',
        path: '/webhooks/payments',
        handle: (_request, response) => {
          response.writeHead(202)
          response.end()
        },
      },
    ],
    health,
    shutdownSignal: shutdown.signal,
  })
  onTestFinished(() => port.close(0))
  return { host, health, shutdown, address: `http://127.0.0.1:${port.port}` }
}

const getStatus = '/quorail.cluster.v1.ClusterService/GetStatus'

test.each(['1.1', '2'] as const)('a service answers over HTTP/%s', async (httpVersion) => {
  const { address } = await start()
  const transport = createConnectTransport({ baseUrl: address, httpVersion })
  const { status } = await createClient(ClusterService, transport).getStatus({})
  expect(status?.id).toBe('n1')
})

test('a watch says the state, then each change, and ends when the node stops', async () => {
  const { host, shutdown, address } = await start()
  const transport = createConnectTransport({ baseUrl: address, httpVersion: '1.1' })
  const leaders: string[] = []
  const watching = (async () => {
    for await (const { status } of createClient(ClusterService, transport).watchStatus({})) {
      leaders.push(status?.leaderId ?? '')
      if (leaders.length === 1) host.follow({ id: 'n2', clientUrl: 'http://localhost:2', term: 2 })
    }
  })()
  await expect.poll(() => leaders).toEqual(['n1', 'n2'])
  shutdown.abort(new ConnectError('this node is stopping', Code.Unavailable))
  await expect(watching).rejects.toMatchObject({ code: Code.Unavailable })
})

test('a page of a listed origin may call with credentials; no other may', async () => {
  const { address } = await start()
  const preflight = (from: string) =>
    fetch(`${address}${getStatus}`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,connect-protocol-version',
      },
    })
  const good = await preflight(origin)
  expect(good.status).toBe(204)
  expect(good.headers.get('access-control-allow-origin')).toBe(origin)
  expect(good.headers.get('access-control-allow-credentials')).toBe('true')
  expect(good.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type')
  for (const other of ['http://localhost:3001', 'http://evil.example', 'null']) {
    const bad = await preflight(other)
    expect(bad.headers.get('access-control-allow-origin')).toBeNull()
    expect(bad.headers.get('vary')).toBe('Origin')
  }
})

test('health and readiness', async () => {
  const { health, address } = await start()
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  health.reasons = ['noLeader', 'behind']
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  const unready = await fetch(`${address}/readyz`)
  expect(unready.status).toBe(503)
  expect((await unready.text()).split('\n').map((line) => line.split(': ')[1])).toEqual([
    'noLeader',
    'behind',
    undefined,
  ])
})

test('a plain route, by its method only', async () => {
  const { address } = await start()
  const hook = `${address}/webhooks/payments`
  expect((await fetch(hook, { method: 'POST', body: '{}' })).status).toBe(202)
  expect((await fetch(hook)).status).toBe(405)
  expect((await fetch(`${address}/nothing-here`)).status).toBe(404)
})

test('a request that is too large is refused', async () => {
  const { address } = await start()
  const response = await fetch(`${address}${getStatus}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ padding: 'x'.repeat(5 * 2 ** 20) }),
  })
  expect(await response.json()).toMatchObject({ code: 'resource_exhausted' })
})
