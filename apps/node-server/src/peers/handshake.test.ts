/** What nodes say of themselves when they open a stream, and who is refused for it: over real HTTP/2, without and with TLS. */
import http2 from 'node:http2'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import type { Issued } from '../certificates/issue.ts'
import type { PeerSelf } from '../host/types.ts'
import {
  certificateOf,
  newAuthority,
  peerCertificate,
  testCluster,
} from '../testing/test-certificates.ts'
import { openPeerPort, type PeerPort } from './peer-port.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

type Self = { -readonly [Key in keyof PeerSelf]: PeerSelf[Key] }

interface Node {
  readonly port: PeerPort
  readonly self: Self
  readonly heard: string[]
  /** Whom it refuses, or who refuses it. */
  readonly refused: string[]
}

const life = (digit: string): string => digit.repeat(32)
const selfOf = (incarnation: string): Self => ({
  clusterId: testCluster,
  incarnation,
  configIndex: 5,
  apart: [],
})

/** Nodes called a and b that know each other, with what they say of themselves. */
async function pair(
  authority: Issued | undefined,
  ofA: Partial<PeerSelf> = {},
  ofB: Partial<PeerSelf> = {},
): Promise<readonly [Node, Node]> {
  const [one, two] = [await freePort(), await freePort()]
  const a = await open('a', one, { b: two }, authority, { ...selfOf(life('a')), ...ofA })
  const b = await open('b', two, { a: one }, authority, { ...selfOf(life('b')), ...ofB })
  return [a, b]
}

async function open(
  id: string,
  port: number,
  peers: Readonly<Record<string, number>>,
  authority: Issued | undefined,
  self: Self,
): Promise<Node> {
  const refused: string[] = []
  const scheme = authority === undefined ? 'http' : 'https'
  const opened = await openPeerPort({
    id,
    port,
    hosts: ['127.0.0.1'],
    peers: Object.entries(peers).map(([peer, at]) => ({
      id: peer,
      url: `${scheme}://127.0.0.1:${at}`,
    })),
    silentAfterMs: 60_000,
    certificate: authority && (await peerCertificate(authority, { node: id })),
    self: () => self,
    onRefused: ({ refusal, peer }) =>
      refused.push(`${refusal.constructor.name} ${refusal.code} ${peer ?? 'caller'}`),
  })
  onTestFinished(() => opened.close())
  const heard: string[] = []
  opened.transport.onReceive = (from, bytes) => {
    heard.push(`${from}: ${Buffer.from(bytes).toString()}`)
  }
  return { port: opened, self, heard, refused }
}

async function reaches(from: Node, name: string, to: Node, as: string): Promise<void> {
  const text = `hello ${Math.random()}`
  await expect
    .poll(
      () => {
        from.port.transport.send(name, Buffer.from(text))
        return to.heard.includes(`${as}: ${text}`)
      },
      { timeout: 30_000, interval: 20 },
    )
    .toBe(true)
}

/** Goes on trying, but in no hurry: each second or two. */
async function isSeldomRefused(node: Node): Promise<void> {
  const triesOf = () => node.refused.filter((it) => it.startsWith('RefusedByPeer')).length
  const before = triesOf()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(triesOf() - before).toBeLessThanOrEqual(2)
}

test.each(['without TLS', 'with TLS'])('%s nodes of one cluster speak', async (way) => {
  const [a, b] = await pair(way === 'with TLS' ? await newAuthority() : undefined)
  await reaches(a, 'b', b, 'a')
  await reaches(b, 'a', a, 'b')
  expect([...a.refused, ...b.refused]).toEqual([])
})

test.each(['without TLS', 'with TLS'])(
  '%s a node of another cluster is refused, and both say so',
  async (way) => {
    // With TLS: one whose certificates were made for this cluster, on the folder of another.
    const [a, b] = await pair(
      way === 'with TLS' ? await newAuthority() : undefined,
      {},
      { clusterId: 'f'.repeat(32) },
    )
    for (const [node, other] of [
      [a, 'b'],
      [b, 'a'],
    ] as const) {
      await expect.poll(() => node.refused).toContain(`PeerRefusal PEER_OTHER_CLUSTER ${other}`)
      await expect.poll(() => node.refused).toContain(`RefusedByPeer PEER_OTHER_CLUSTER ${other}`)
    }
    a.port.transport.send('b', Buffer.from('a word'))
    a.port.transport.send('b', Buffer.from('a piece'), 'bulk')
    await isSeldomRefused(a)
    expect([...a.heard, ...b.heard]).toEqual([])
    // It was started on the wrong folder; now it is not.
    b.self.clusterId = testCluster
    await reaches(a, 'b', b, 'a')
    await reaches(b, 'a', a, 'b')
  },
)

test.each(['without TLS', 'with TLS'])(
  '%s a life that was set apart is refused, also where a stream stands',
  async (way) => {
    const [a, b] = await pair(way === 'with TLS' ? await newAuthority() : undefined)
    await reaches(b, 'a', a, 'b')
    await reaches(a, 'b', b, 'a')
    a.self.apart = [{ id: 'b', incarnation: life('b') }]
    // As the membership is followed, several times a second.
    a.port.follow([memberAt('b', b, way)])
    await expect.poll(() => a.refused).toContain('PeerRefusal PEER_SET_APART b')
    await expect.poll(() => b.refused).toContain('RefusedByPeer PEER_SET_APART a')
    const before = a.heard.length
    b.port.transport.send('a', Buffer.from('let me in'))
    await isSeldomRefused(b)
    expect(a.heard.length).toBe(before)
    // Another life of the same name is none of this one's business.
    b.self.incarnation = life('c')
    await reaches(b, 'a', a, 'b')
  },
)

test('a life that was set apart is heard if it knows of a later change of the membership: it may lead by now', async () => {
  const [a, b] = await pair(undefined, { apart: [{ id: 'b', incarnation: life('b') }] })
  await expect.poll(() => b.refused).toContain('RefusedByPeer PEER_SET_APART a')
  b.self.configIndex = 9
  await reaches(b, 'a', a, 'b')
})

test('a node that waits to be added, and one of an earlier version, say nothing of a cluster and are heard', async () => {
  const [a, b] = await pair(
    undefined,
    {},
    { clusterId: '', incarnation: undefined, configIndex: 0 },
  )
  await reaches(b, 'a', a, 'b')
  await reaches(a, 'b', b, 'a')
})

test('nothing is dialled before a node knows what it is', async () => {
  const [one, two] = [await freePort(), await freePort()]
  let self: PeerSelf | undefined
  const a = await openPeerPort({
    id: 'a',
    port: one,
    hosts: ['127.0.0.1'],
    peers: [{ id: 'b', url: `http://127.0.0.1:${two}` }],
    self: () => self,
  })
  onTestFinished(() => a.close())
  let connections = 0
  const listener = net.createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => listener.listen(two, '127.0.0.1', resolve))
  onTestFinished(() => void listener.close())
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(connections).toBe(0)
  self = selfOf(life('a'))
  await expect.poll(() => connections).toBeGreaterThan(0)
})

const unknown: readonly [string, Readonly<Record<string, string>>][] = [
  ['version', { 'quorail-wire': '7', 'quorail-lane': 'normal' }],
  ['lane', { 'quorail-wire': '1', 'quorail-lane': 'express' }],
]

test.each(
  unknown.flatMap((one) => ['without TLS', 'with TLS'].map((way) => [...one, way] as const)),
)('a %s that this node does not know (%j) is refused, %s', async (_, headers, way) => {
  const authority = way === 'with TLS' ? await newAuthority() : undefined
  const [a, b] = await pair(authority)
  const answer = await call(a, authority, { [nodeHeader]: 'b', ...headers })
  expect(answer).toContain('"permission_denied"')
  expect(answer).toContain('PEER_UNKNOWN_VERSION: ')
  expect(answer).toContain('upgrade one release after the other')
  expect(a.refused).toContain('PeerRefusal PEER_UNKNOWN_VERSION b')
  await reaches(a, 'b', b, 'a')
  await reaches(b, 'a', a, 'b')
})

/** What is answered to a stream that is opened with these headers. */
async function call(
  to: Node,
  authority: Issued | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const issued = authority && (await certificateOf(authority, { node: 'b' }))
  const session = http2.connect(
    `${authority === undefined ? 'http' : 'https'}://127.0.0.1:${to.port.port}`,
    issued && { cert: issued.certificate, key: issued.key, rejectUnauthorized: false },
  )
  onTestFinished(() => session.destroy())
  const stream = session.request({
    ':method': 'POST',
    ':path': deliverPath,
    'content-type': deliverType,
    ...headers,
  })
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

const memberAt = (id: string, node: Node, way: string) => ({
  id,
  clientUrl: '',
  peerUrl: `${way === 'with TLS' ? 'https' : 'http'}://127.0.0.1:${node.port.port}`,
})
