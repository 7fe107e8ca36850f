import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  addNode,
  clusterFolderRows,
  clusterOf,
  createClusterFolder,
  renewNode,
} from './cluster-folder.ts'
import { hostsIn, identityIn } from './identity.ts'
import { issue } from './issue.ts'

const clusterId = '0123456789abcdef0123456789abcdef'
const local = ['localhost', '127.0.0.1', '::1']

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-certs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return path.join(folder, 'certs')
}

async function created(): Promise<string> {
  const folder = newFolder()
  const nodes = ['n1', 'n2'].map((id) => ({ id, hosts: local }))
  await createClusterFolder(folder, clusterId, nodes, 90)
  return folder
}

const read = (folder: string, file: string): X509Certificate =>
  new X509Certificate(readFileSync(path.join(folder, file)))

test('a peer certificate names cluster and node, its hosts, and is the authority’s', async () => {
  const folder = await created()
  const authority = read(folder, 'ca.crt')
  const peer = read(folder, 'n1/peer.crt')
  expect(identityIn(peer.subjectAltName)).toEqual({ clusterId, node: 'n1' })
  expect(hostsIn(peer.subjectAltName)).toEqual(local)
  expect(peer.verify(authority.publicKey)).toBe(true)
  expect(peer.checkIssued(authority)).toBe(true)
  expect([authority.ca, peer.ca]).toEqual([true, false])
  expect(clusterOf(folder)).toBe(clusterId)
})

test('a client port’s certificate names no node', async () => {
  const client = read(await created(), 'n1/client.crt')
  expect(identityIn(client.subjectAltName)).toBeUndefined()
  expect(hostsIn(client.subjectAltName)).toEqual(local)
  expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
})

test('keys are the certificates’ own, and nobody else can read them', async () => {
  const folder = await created()
  for (const file of ['ca', 'n1/peer', 'n1/client', 'n2/peer', 'n2/client']) {
    const key = path.join(folder, `${file}.key`)
    expect(statSync(key).mode & 0o777).toBe(0o600)
    const certificate = read(folder, `${file}.crt`)
    const pem = { type: 'spki', format: 'pem' } as const
    expect(createPublicKey(readFileSync(key)).export(pem)).toBe(certificate.publicKey.export(pem))
  }
})

test('what is there is not overwritten', async () => {
  const folder = await created()
  await expect(createClusterFolder(folder, clusterId, [], 90)).rejects.toThrow('already')
  await expect(addNode(folder, { id: 'n2', hosts: local }, 90)).rejects.toThrow('renew n2')
})

test('a node that comes later gets its own by the same authority', async () => {
  const folder = await created()
  await addNode(folder, { id: 'n4', hosts: ['n4.example'] }, 90)
  const peer = read(folder, 'n4/peer.crt')
  expect(peer.verify(read(folder, 'ca.crt').publicKey)).toBe(true)
  expect(identityIn(peer.subjectAltName)).toEqual({ clusterId, node: 'n4' })
  expect(read(folder, 'n4/ca.crt').raw).toEqual(read(folder, 'ca.crt').raw)
})

test('renewed: another key, a later end, the same hosts', async () => {
  const folder = await created()
  const [before, n2] = [read(folder, 'n1/peer.crt'), read(folder, 'n2/peer.crt')]
  await renewNode(folder, { id: 'n1', hosts: undefined }, 365)
  const after = read(folder, 'n1/peer.crt')
  expect(hostsIn(after.subjectAltName)).toEqual(local)
  expect(after.validToDate.getTime()).toBeGreaterThan(before.validToDate.getTime())
  expect(after.publicKey.equals(before.publicKey)).toBe(false)
  expect(read(folder, 'n2/peer.crt').raw).toEqual(n2.raw)
  await expect(renewNode(folder, { id: 'n9', hosts: undefined }, 365)).rejects.toThrow(
    'no certificate of n9',
  )
})

test('none lasts longer than the authority that signed it', async () => {
  const folder = await created()
  await renewNode(folder, { id: 'n1', hosts: undefined }, 3_650 + 30)
  expect(read(folder, 'n1/peer.crt').validToDate).toEqual(read(folder, 'ca.crt').validToDate)
})

test('the list shows every one, and how long it lasts', async () => {
  const rows = clusterFolderRows(await created())
  expect(rows.map(({ file, of }) => `${file} ${of}`)).toEqual([
    `ca.crt quorail://${clusterId}`,
    `n1/peer.crt quorail://${clusterId}/n1`,
    'n1/client.crt client port',
    `n2/peer.crt quorail://${clusterId}/n2`,
    'n2/client.crt client port',
  ])
  expect(rows[1]).toMatchObject({ daysLeft: 89, hosts: local })
})

test.each([
  ['::1', '::1'],
  ['2001:db8::a:1', '2001:db8::a:1'],
  ['fe80:1:2:3:4:5:6:7', 'fe80:1:2:3:4:5:6:7'],
  ['::', '::'],
  ['::ffff:10.1.2.3', '::ffff:a01:203'],
  ['10.1.2.255', '10.1.2.255'],
  ['*.rail.example', '*.rail.example'],
])('%s is written as OpenSSL reads it', async (host, shown) => {
  const now = Date.now()
  const { certificate } = await issue({
    commonName: 'x',
    uris: [],
    hosts: [host],
    use: 'server',
    notBefore: new Date(now),
    notAfter: new Date(now + 1e9),
  })
  expect(hostsIn(new X509Certificate(certificate).subjectAltName)).toEqual([shown])
})

test('a name with a comma in it is not two names', () => {
  expect(identityIn(`DNS:"a, URI:quorail://${clusterId}/n1"`)).toBeUndefined()
  expect(identityIn(`URI:quorail://${clusterId}/n1, URI:quorail://${clusterId}/n2`)).toBeUndefined()
  expect(identityIn(`DNS:a, URI:quorail://${clusterId}/n1`)).toEqual({ clusterId, node: 'n1' })
})
