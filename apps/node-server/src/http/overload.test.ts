import { setTimeout as wait } from 'node:timers/promises'
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import type { Command } from '@quorail/booking-fsm'
import { createClusterTransport, newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, onTestFinished, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import type { RunningHost } from '../host/node-host.ts'
import { createInterceptors, createRoutes } from '../services/index.ts'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import { openClientPort } from './client-port.ts'

const byItself = (command: Command) => ({ actor: 0, key: undefined, command })

const register = (email: string) =>
  byItself({
    type: 'registerAccount',
    ...{ email, displayName: email, passwordHash: 'hash', role: 'passenger' as const },
  })

async function sessionAt(cluster: MemoryCluster, host: RunningHost): Promise<string> {
  const token = newSessionToken()
  const opened = host.submit(register('ann@example.org')).then(({ reply }) => {
    if (reply?.type !== 'accountRegistered') throw new Error(reply?.type)
    const { accountId } = reply
    const session = { accountId, tokenHash: tokenHash(token), ttlMs: 86_400_000 }
    return host.submit(byItself({ type: 'openSession', ...session }))
  })
  await cluster.run(500)
  await opened
  return token
}

/** Until the node refuses because its database does not keep up. */
async function fallBehind(cluster: MemoryCluster, host: RunningHost): Promise<void> {
  cluster.rows(host.id).hold()
  for (let at = 0; at < 50 && cluster.refused.length === 0; at += 1) {
    for (let many = 0; many < 100; many += 1)
      host.submit(register(`${at}-${many}@example.org`)).catch(() => undefined)
    await cluster.run(100)
  }
  expect(cluster.refused[0]).toBe('rows')
}

test('a full node says on the wire when to come again, and the client library comes then, and is served', async () => {
  const cluster = await MemoryCluster.start()
  const host = await cluster.leader()
  const token = await sessionAt(cluster, host)
  const port = await openClientPort({
    ...{ port: 0, hosts: ['127.0.0.1'], origins: [], plainRoutes: [] },
    routes: createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    interceptors: createInterceptors(host),
    health: { unready: () => [] },
    shutdownSignal: new AbortController().signal,
  })
  onTestFinished(() => port.close(0))
  const url = `http://127.0.0.1:${port.port}`
  const sentAtMs: number[] = []
  const withToken: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Bearer ${token}`)
    if (request.method.name === 'SavePassenger') sentAtMs.push(performance.now())
    return next(request)
  }
  const createTransport = (baseUrl: string) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors: [withToken] })
  const passenger = { name: 'Ada' }
  await fallBehind(cluster, host)

  const refused = await createClient(AccountService, createTransport(url))
    .savePassenger({ requestId: newRequestId(), passenger })
    .then(() => undefined, ConnectError.from)
  expect(refused?.code).toBe(Code.ResourceExhausted)
  expect(refused?.findDetails(ErrorDetailSchema)).toMatchObject([
    { code: 'OVERLOADED', outcome: ErrorDetail_Outcome.NOT_DONE, retryAfterMs: 2_000 },
  ])

  sentAtMs.length = 0
  cluster.refused.length = 0
  const transport = createClusterTransport({
    ...{ endpoints: [url], createTransport },
    limits: { unaryMs: 60_000, attemptMs: 30_000 },
  })
  const saved = createClient(AccountService, transport).savePassenger({
    ...{ requestId: newRequestId(), passenger },
  })
  await expect.poll(() => cluster.refused, { timeout: 30_000 }).toEqual(['rows'])
  cluster.rows(host.id).release()
  // The cluster's time goes by as long as the call is under way.
  let isUnderWay = true
  const answered = saved.finally(() => {
    isUnderWay = false
  })
  for (; isUnderWay; await wait(5)) await cluster.run(10)
  await answered
  const [first = 0, second = 0, ...more] = sentAtMs
  expect(more).toEqual([])
  expect(second - first).toBeGreaterThanOrEqual(2_000)
})
