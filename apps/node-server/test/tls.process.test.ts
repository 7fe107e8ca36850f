/** Nodes with certificates, as real processes: they sell, are renewed and joined while people book, and nobody else gets in. */
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { BelievedAuthority } from '../src/certificates/believed-authority.ts'
import { ApiPassenger } from './api-passenger.ts'
import { startBooking } from './booking-load.ts'
import { eventually, tomorrow } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Said {
  readonly code: number
  readonly out: string
  readonly told: string
}

async function quorail(...words: string[]): Promise<Said> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...words])
    return { code: 0, out: stdout, told: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, told: stderr }
  }
}

/** The serial number of the certificate that is shown at an address. */
function serialAt(address: string): Promise<string> {
  const { hostname: host, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port: Number(port), servername: 'localhost' })
    socket.on('error', reject)
    socket.on('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? '')
      socket.destroy()
    })
  })
}

test('a cluster with certificates sells while they are renewed and a node joins', async () => {
  await using cluster = await TestCluster.start({ certificates: true })
  const authority = cluster.authority ?? ''
  new BelievedAuthority(authority)
  const asOperator = ['--cluster', cluster.cluster, '--data', cluster.folder, '--ca', authority]
  const load = await startBooking(cluster, 8)

  // Without the authority nobody is believed; and nobody speaks plain text.
  const unbelieving = await quorail('status', '--cluster', cluster.cluster, '--json')
  expect(JSON.parse(unbelieving.out).map(({ role }: { role: string }) => role)).toEqual(
    Array(3).fill('unreachable'),
  )
  const [address = ''] = cluster.addresses.nodes
  await expect(fetch(`${address.replace('https', 'http')}/healthz`)).rejects.toThrow()

  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  // Also what one node passes on to another, and the payment provider's notices.
  const { nodes, paymentSandbox } = cluster.addresses
  const passenger = await ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
  for (const node of nodes) {
    const method = `${node}/quorail.booking.v1.AccountService/LogIn`
    const headers = { 'content-type': 'application/json', 'quorail-forward': '1' }
    const body = JSON.stringify(cluster.logins.passenger)
    expect((await fetch(method, { method: 'POST', headers, body })).status).toBe(200)
  }
  const held = await passenger.hold(await passenger.journey('PMR', 'VDC', tomorrow()))
  await passenger.buy(held)

  cluster.certs('add', 'n4')
  const added = await cluster.startJoining('n4')
  // It knocks; and nobody hears it before it belongs.
  await eventually(async () => expect(cluster.log('n1')).toContain('PEER_NO_MEMBER'), 60_000)
  const plainPeer = added.peer.replace('https', 'http')
  const unfit = await quorail('members', 'add', 'n4', added.client, plainPeer, ...asOperator)
  expect(unfit).toMatchObject({ code: 1, told: expect.stringContaining('speak TLS to each other') })
  const joined = await quorail('members', 'add', 'n4', added.client, added.peer, ...asOperator)
  expect(joined.code, joined.told).toBe(0)

  for (const id of [...cluster.nodeIds, 'n4']) {
    cluster.certs('renew', id)
    process.kill(cluster.pid(id), 'SIGHUP')
    await eventually(async () => {
      const renewed = cluster.log(id).match(/certificate renewed/g)
      expect(renewed).toHaveLength(2)
    }, 30_000)
  }
  const file = path.join(path.dirname(authority), 'n1', 'client.crt')
  expect(await serialAt(address)).toBe(new X509Certificate(readFileSync(file)).serialNumber)

  // The connections of who is killed are made anew, with what counts now.
  const before = load.held()
  await cluster.kill('n2')
  await cluster.start('n2')
  await eventually(async () => {
    const status = await quorail('status', '--json', ...asOperator.slice(0, 2), '--ca', authority)
    expect(status.code).toBe(0)
    expect(load.held()).toBeGreaterThan(before + 20)
  }, 60_000)
  await load.stop()
  expect(load.failures).toEqual([])
  for (const id of cluster.nodeIds) expect(cluster.log(id)).not.toContain('PEER_NOT_TRUSTED')

  // Who is removed opens nothing any more with what it has.
  const gone = await quorail('members', 'remove', 'n4', ...asOperator)
  expect(gone.code, gone.told).toBe(0)
}, 240_000)

test('a node does not start with what is not its own, or without what it needs', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const out = path.join(folder, 'certs')
  const members =
    'n1=http://localhost:1,https://localhost:2;n2=http://localhost:3,https://localhost:4'
  await quorail('certs', '--out', out, '--cluster', members)
  const other = path.join(folder, 'other')
  await quorail('certs', '--out', other, '--nodes', 'n1')
  const start = (of: string, ...more: string[]) => {
    const file = (name: string): string => path.join(of, name)
    const own = ['--id', 'n1', '--data', path.join(folder, 'n1'), '--client-port', '0']
    const files = ['--peer-cert-file', file('peer.crt'), '--peer-key-file', file('peer.key')]
    const authority = ['--peer-ca-file', file('ca.crt'), '--peer-port', '0']
    return quorail('serve', ...own, '--cluster', members, ...files, ...authority, ...more)
  }
  const checked = await start(path.join(out, 'n1'), '--check')
  expect(checked.out).toMatch(/peer certificate: quorail:\/\/[0-9a-f]{32}\/n1 until 20/)
  expect(checked.out).not.toContain('PRIVATE')
  expect(await start(path.join(out, 'n2'), '--check')).toMatchObject({
    code: 3,
    told: expect.stringContaining('CERTIFICATE_OTHER_NODE'),
  })
  expect(await start(path.join(out, 'n2'))).toMatchObject({
    code: 3,
    told: expect.stringMatching(/CERTIFICATE_OTHER_NODE.*that of n2, and this node is n1/),
  })
  expect(await start(path.join(other, 'n1'))).toMatchObject({
    code: 3,
    told: expect.stringContaining('CERTIFICATE_OTHER_CLUSTER'),
  })
  const key = path.join(out, 'n2', 'peer.key')
  expect(await start(path.join(out, 'n1'), '--peer-key-file', key)).toMatchObject({
    code: 3,
    told: expect.stringContaining('CERTIFICATE_KEY_MISMATCH'),
  })
  const plain = ['--client-port', '0', '--peer-port', '0', '--cluster', members]
  expect(await quorail('serve', '--id', 'n1', '--data', folder, ...plain)).toMatchObject({
    code: 2,
    told: expect.stringContaining('wants TLS'),
  })
}, 180_000)
