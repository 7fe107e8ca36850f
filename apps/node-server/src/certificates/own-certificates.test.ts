import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  certificateOf,
  newAuthority,
  type TestCertificate,
  testCluster,
} from '../testing/test-certificates.ts'
import type { Issued } from './issue.ts'
import { type PeerFiles, readKeyAndCertificate, readPeerCertificate } from './own-certificates.ts'
import { WatchedCertificate } from './watched-certificate.ts'

let authority: Issued
beforeAll(async () => {
  authority = await newAuthority()
})

const expected = { id: 'n1', clusterId: testCluster }
const pem = (file: string, text: string) => ({ file, text })

async function filesOf(wanted: TestCertificate, by = authority): Promise<PeerFiles> {
  const { certificate, key } = await certificateOf(by, wanted)
  return {
    certificate: pem('peer.crt', certificate),
    key: pem('peer.key', key),
    authority: pem('ca.crt', authority.certificate),
  }
}

test('its own certificate is taken', async () => {
  const read = readPeerCertificate(await filesOf({ node: 'n1' }), expected)
  expect(read.identity).toEqual({ clusterId: testCluster, node: 'n1' })
})

test('a node that joins takes the cluster that its certificate names', async () => {
  const files = await filesOf({ node: 'n1', clusterId: 'f'.repeat(32) })
  expect(readPeerCertificate(files, { id: 'n1', clusterId: '' }).identity.clusterId).toBe(
    'f'.repeat(32),
  )
})

const refused: readonly [string, () => Promise<PeerFiles>, string, string][] = [
  [
    'another node’s',
    () => filesOf({ node: 'n2' }),
    'CERTIFICATE_OTHER_NODE',
    'that of n2, and this node is n1',
  ],
  [
    'another cluster’s',
    () => filesOf({ node: 'n1', clusterId: 'f'.repeat(32) }),
    'CERTIFICATE_OTHER_CLUSTER',
    testCluster,
  ],
  [
    'a client port’s',
    () => filesOf({ node: 'n1', use: 'server' }),
    'CERTIFICATE_NAMES_NO_NODE',
    'names no node',
  ],
  [
    'one that is over',
    () => filesOf({ node: 'n1', endsInHours: -1 }),
    'CERTIFICATE_EXPIRED',
    'certs renew',
  ],
  [
    'one with another’s key',
    async () => ({
      ...(await filesOf({ node: 'n1' })),
      key: pem('peer.key', (await filesOf({ node: 'n1' })).key.text),
    }),
    'CERTIFICATE_KEY_MISMATCH',
    'peer.key is not that of the certificate in peer.crt',
  ],
  [
    'another authority’s',
    async () => filesOf({ node: 'n1' }, await newAuthority()),
    'CERTIFICATE_NOT_BY_AUTHORITY',
    'ca.crt',
  ],
  [
    'no key',
    async () => ({ ...(await filesOf({ node: 'n1' })), key: pem('peer.key', 'nothing') }),
    'CERTIFICATE_UNREADABLE',
    'peer.key can not be used',
  ],
  [
    'no certificate',
    async () => ({ ...(await filesOf({ node: 'n1' })), certificate: pem('peer.crt', '') }),
    'CERTIFICATE_UNREADABLE',
    'holds no certificate',
  ],
]

test.each(refused)('%s is refused', async (_, files, code, sentence) => {
  const given = await files()
  const error = caught(() => readPeerCertificate(given, expected))
  expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) })
})

test('one that is not valid yet is refused', async () => {
  const files = await filesOf({ node: 'n1' })
  const twoDaysAgo = Date.now() - 48 * 3_600_000
  expect(caught(() => readPeerCertificate(files, expected, twoDaysAgo))).toMatchObject({
    code: 'CERTIFICATE_NOT_YET_VALID',
  })
})

test('a new certificate counts when its key is there too, and until then the old one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-certs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = { certificate: path.join(folder, 'a.crt'), key: path.join(folder, 'a.key') }
  const put = (file: string, text: string): void => {
    writeFileSync(`${file}.draft`, text)
    renameSync(`${file}.draft`, file)
  }
  const [old, next] = [
    await certificateOf(authority, { node: 'n1' }),
    await certificateOf(authority, { node: 'n1', endsInHours: 30 }),
  ]
  put(files.certificate, old.certificate)
  put(files.key, old.key)
  const said: string[] = []
  const watched = new WatchedCertificate({
    files,
    read: (read) => readKeyAndCertificate(read),
    onRenewed: () => said.push('renewed'),
    onRefused: ({ code }) => said.push(code),
  })
  await watched.look()
  expect(said).toEqual([])
  put(files.key, next.key)
  await watched.look()
  await watched.look()
  expect([said, watched.get().cert]).toEqual([['CERTIFICATE_KEY_MISMATCH'], old.certificate])
  put(files.certificate, next.certificate)
  await watched.look()
  expect(said).toEqual(['CERTIFICATE_KEY_MISMATCH', 'renewed'])
  expect(watched.get()).toMatchObject({ cert: next.certificate, key: next.key })
  rmSync(files.key)
  await watched.look()
  expect(said.at(-1)).toBe('CERTIFICATE_UNREADABLE')
  expect(watched.get().key).toBe(next.key)
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
