import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { expect, onTestFinished, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'

test('a cluster without the demo has the operator of --first-operator', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-operator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'operator.json')
  const login = { email: 'olga@example.org', password: 'correct horse' }
  writeFileSync(file, JSON.stringify(login), { mode: 0o600 })
  await using cluster = await TestCluster.start({
    demo: false,
    nodeArguments: ['--first-operator', file],
  })
  const logIn = async () => {
    const { address } = await cluster.leader()
    const transport = createConnectTransport({ baseUrl: address, httpVersion: '1.1' })
    const { sessionToken } = await createClient(AccountService, transport).logIn(login)
    return sessionToken !== ''
  }
  await expect.poll(() => logIn().catch(() => false), { timeout: 60_000 }).toBe(true)
  for (const id of cluster.nodeIds) expect(cluster.log(id)).not.toContain(login.password)
})
