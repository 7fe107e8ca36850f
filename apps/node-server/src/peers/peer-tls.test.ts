/** Who is taken for a peer, and who is not: over real sockets, and always beside two that are. */
import http2 from 'node:http2'
import net from 'node:net'
import tls from 'node:tls'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import type { Issued } from '../certificates/issue.ts'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import {
  certificateOf,
  newAuthority,
  peerCertificate,
  type TestCertificate,
} from '../testing/test-certificates.ts'
import { openPeerPort, type PeerPort } from './peer-port.ts'

let authority: Issued
let other: Issued
beforeAll(async () => {
  authority = await newAuthority()
  other = await newAuthority()
})

interface Node {
  readonly port: PeerPort
  readonly heard: string[]
  readonly refused: string[]
  readonly bulk: string[]
}

async function open(
  id: string,
  port: number,
  peers: Readonly<Record<string, number>>,
  certificate: Current<PeerCertificate> | undefined,
): Promise<Node> {
  const refused: string[] = []
  const bulk: string[] = []
  const opened = await openPeerPort({
    id,
    port,
    hosts: ['127.0.0.1'],
    peers: Object.entries(peers).map(([peer, at]) => ({
      id: peer,
      url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${at}`,
    })),
    // Nobody is taken for silent because the machine has other things to do.
    silentAfterMs: 60_000,
    certificate,
    onBulk: (peer, isOpen) => bulk.push(`${peer} ${isOpen}`),
    onRefused: ({ refusal, peer }) => refused.push(`${refusal.code} ${peer ?? 'caller'}`),
  })
  onTestFinished(() => opened.close())
  const heard: string[] = []
  opened.transport.onReceive = (from, bytes) => {
    heard.push(`${from}: ${Buffer.from(bytes).toString()}`)
  }
  return { port: opened, heard, refused, bulk }
}

/** What is sent before there is a connection is dropped: so it is said until it arrives. */
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

/** Two nodes that speak to each other, and a third place that their membership has: where a test puts somebody else. */
async function pair() {
  const [one, two, three] = [await freePort(), await freePort(), await freePort()]
  const [ofA, ofB] = [
    await peerCertificate(authority, { node: 'a' }),
    await peerCertificate(authority, { node: 'b' }),
  ]
  const a = await open('a', one, { b: two, c: three }, ofA)
  const b = await open('b', two, { a: one, c: three }, ofB)
  await reaches(a, 'b', b, 'a')
  await reaches(b, 'a', a, 'b')
  return { a, b, ofA, ofB, one, two, three }
}

async function goOnUndisturbed({ a, b }: { a: Node; b: Node }): Promise<void> {
  await reaches(a, 'b', b, 'a')
  await reaches(b, 'a', a, 'b')
}

test('nodes that believe each other speak, and a third one joins in', async () => {
  const nodes = await pair()
  const { a, b, one, two, three } = nodes
  const c = await open(
    'c',
    three,
    { a: one, b: two },
    await peerCertificate(authority, { node: 'c' }),
  )
  for (const [node, name] of [
    [a, 'a'],
    [b, 'b'],
  ] as const) {
    await reaches(c, name, node, 'c')
    await reaches(node, 'c', c, name)
  }
  expect([...a.refused, ...b.refused, ...c.refused]).toEqual([])
})

const impostors: readonly [string, TestCertificate, string, 'other'?][] = [
  ['signed by somebody else', { node: 'c' }, 'PEER_NOT_TRUSTED', 'other'],
  ['of another cluster', { node: 'c', clusterId: 'f'.repeat(32) }, 'PEER_OTHER_CLUSTER'],
  ['that is over', { node: 'c', endsInHours: -1 }, 'PEER_EXPIRED'],
  ['of nobody that belongs', { node: 'd' }, 'PEER_NO_MEMBER'],
  ['of a client port', { node: 'c', use: 'server' }, 'PEER_NAMES_NO_NODE'],
]

test.each(impostors)('who calls with a certificate %s is refused', async (_, wanted, code, by) => {
  const nodes = await pair()
  const issued = await certificateOf(by === 'other' ? other : authority, wanted)
  const { certificate: cert, key } = issued
  // It would believe anybody, and goes on to say who it is.
  const said = await handshake(nodes.one, { cert, key, ALPNProtocols: ['h2'] })
  expect(nodes.a.refused).toContain(`${code} caller`)
  expect(said).toBe('')
  await goOnUndisturbed(nodes)
})

const places: readonly [string, TestCertificate, string, 'other'?][] = [
  ['signed by somebody else', { node: 'c' }, 'PEER_NOT_TRUSTED', 'other'],
  ['of another cluster', { node: 'c', clusterId: 'f'.repeat(32) }, 'PEER_OTHER_CLUSTER'],
  ['that is over', { node: 'c', endsInHours: -1 }, 'PEER_EXPIRED'],
  ['of another node', { node: 'b' }, 'PEER_OTHER_NODE'],
  ['of a client port', { node: 'c', use: 'server' }, 'PEER_NAMES_NO_NODE'],
]

test.each(places)(
  'at a member’s address a certificate %s is not spoken to',
  async (_, wanted, code, by) => {
    const nodes = await pair()
    const { certificate, key } = await certificateOf(by === 'other' ? other : authority, wanted)
    const bytes: Buffer[] = []
    const listener = tls.createServer(
      { cert: certificate, key, ALPNProtocols: ['h2'] },
      (socket) => {
        socket.on('error', () => {})
        socket.on('data', (data) => bytes.push(data))
      },
    )
    listener.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => listener.listen(nodes.three, '127.0.0.1', resolve))
    onTestFinished(() => void listener.close())
    await expect.poll(() => nodes.a.refused).toContain(`${code} c`)
    expect(bytes).toEqual([])
    await goOnUndisturbed(nodes)
  },
)

test('whose certificate is b’s can not say that it is a', async () => {
  const nodes = await pair()
  const certificate = await peerCertificate(authority, { node: 'b' })
  // It is called c, and shows what is b's.
  const c = await open('c', await freePort(), { a: nodes.one }, certificate)
  await expect.poll(() => nodes.a.refused).toContain('PEER_OTHER_NODE c')
  c.port.transport.send('a', Buffer.from('let me in'))
  await goOnUndisturbed(nodes)
  expect(nodes.a.heard.filter((it) => it.includes('let me in'))).toEqual([])
})

test('who speaks plain text is refused, and told nothing', async () => {
  const nodes = await pair()
  for (const words of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'GET / HTTP/1.1\r\nhost: a\r\n\r\n']) {
    const socket = net.connect(nodes.one, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(words)
    await new Promise((resolve) => socket.once('close', resolve))
  }
  expect(nodes.a.refused).toContain('PEER_PLAIN_TEXT caller')
  await goOnUndisturbed(nodes)
})

test('a member that speaks plain text is known for what it is', async () => {
  const nodes = await pair()
  const plain = http2.createServer()
  await new Promise<void>((resolve) => plain.listen(nodes.three, '127.0.0.1', resolve))
  onTestFinished(() => void plain.close())
  plain.on('session', (session) => session.on('error', () => {}))
  await expect.poll(() => nodes.a.refused).toContain('PEER_PLAIN_TEXT c')
  await goOnUndisturbed(nodes)
})

/** What is answered until the connection is closed. */
async function handshake(port: number, options: tls.ConnectionOptions): Promise<string> {
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  let said = ''
  socket.on('error', () => {})
  socket.on('data', (data) => {
    said += String(data)
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return said
}

test('TLS 1.2 is refused', async () => {
  const nodes = await pair()
  const { certificate: cert, key } = await certificateOf(authority, { node: 'c' })
  await handshake(nodes.one, { cert, key, maxVersion: 'TLSv1.2' })
  await expect.poll(() => nodes.a.refused).toContain('PEER_OLD_TLS caller')
  await goOnUndisturbed(nodes)
})

test('who shows no certificate is refused', async () => {
  const nodes = await pair()
  await handshake(nodes.one, { ALPNProtocols: ['h2'] })
  await expect.poll(() => nodes.a.refused).toContain('PEER_WITHOUT_CERTIFICATE caller')
  await goOnUndisturbed(nodes)
})

test('a member that is removed is cut off at once, and does not come in again', async () => {
  const nodes = await pair()
  const { a, b, two } = nodes
  a.port.follow([])
  await expect.poll(() => a.refused).toContain('PEER_NO_MEMBER caller')
  const before = a.heard.length
  const refusals = a.refused.length
  b.port.transport.send('a', Buffer.from('still here'))
  // What waits for a connection that is being made goes with it when that is refused.
  await expect.poll(() => a.refused.length).toBeGreaterThan(refusals)
  a.port.follow([{ id: 'b', clientUrl: '', peerUrl: `https://127.0.0.1:${two}` }])
  // Added once more, it is heard again: its certificate was not what was wrong.
  await reaches(b, 'a', a, 'b')
  expect(a.heard.slice(before)).not.toContain('b: still here')
})

test('renewed by another authority that both are told of: no connection is lost, new ones use it', async () => {
  const nodes = await pair()
  const { a, b, ofA, ofB, one, two, three } = nodes
  const lost: string[] = []
  a.port.transport.onPeerLost = (peer) => lost.push(peer)
  const ca = `${authority.certificate}\n${other.certificate}`
  for (const [holder, node] of [
    [ofA, 'a'],
    [ofB, 'b'],
  ] as const) {
    const issued = await certificateOf(other, { node })
    holder.set({ ...holder.get(), ca, cert: issued.certificate, key: issued.key })
  }
  await goOnUndisturbed(nodes)
  expect(lost).toEqual([])
  // It believes the new authority alone, and has a certificate of the old one.
  const c = await open(
    'c',
    three,
    { a: one, b: two },
    await peerCertificate(authority, { node: 'c' }, other),
  )
  await reaches(c, 'a', a, 'c')
  await reaches(b, 'c', c, 'b')
})

test('an authority that is taken out: what stands by it is closed, either way; who has a new certificate comes again', async () => {
  const nodes = await pair()
  const { a, ofA, ofB, one, two, three } = nodes
  const c = await open(
    'c',
    three,
    { a: one, b: two },
    await peerCertificate(authority, { node: 'c' }, other),
  )
  const both = `${authority.certificate}\n${other.certificate}`
  for (const [holder, node] of [
    [ofA, 'a'],
    [ofB, 'b'],
  ] as const) {
    const issued = await certificateOf(other, { node })
    holder.set({ ...holder.get(), ca: both, cert: issued.certificate, key: issued.key })
  }
  await reaches(c, 'a', a, 'c')
  await reaches(a, 'c', c, 'a')
  const lost: string[] = []
  a.port.transport.onPeerLost = (peer) => lost.push(peer)
  for (const holder of [ofA, ofB]) holder.set({ ...holder.get(), ca: other.certificate })
  // Its own to c, and c's to it: c has nothing of the new authority.
  await expect.poll(() => lost).toContain('c')
  await expect.poll(() => a.refused).toContain('PEER_NOT_TRUSTED c')
  const before = a.heard.length
  // The two that have may have stood by their old ones: they are made anew.
  await goOnUndisturbed(nodes)
  c.port.transport.send('a', Buffer.from('let me in'))
  await goOnUndisturbed(nodes)
  expect(a.heard.slice(before).filter((it) => it.startsWith('c: '))).toEqual([])
})

test('a snapshot’s connection asks for certificates too, and is closed with the authority that it stands by', async () => {
  const { a, b, ofA, ofB } = await pair()
  a.port.transport.send('b', Buffer.from('a piece'), 'bulk')
  await expect.poll(() => b.heard.includes('a: a piece'), { timeout: 30_000 }).toBe(true)
  expect(a.bulk).toEqual(['b true'])
  for (const [holder, node] of [
    [ofA, 'a'],
    [ofB, 'b'],
  ] as const) {
    const { certificate: cert, key } = await certificateOf(other, { node })
    holder.set({ ...holder.get(), ca: other.certificate, cert, key })
  }
  await expect.poll(() => a.bulk, { timeout: 30_000 }).toEqual(['b true', 'b false'])
})

test('an address without TLS is not used by a node that has it', async () => {
  const { a } = await pair()
  const port = await freePort()
  const connections: net.Socket[] = []
  const listener = net.createServer((socket) => connections.push(socket))
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void listener.close())
  a.port.follow([{ id: 'd', clientUrl: '', peerUrl: `http://127.0.0.1:${port}` }])
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(connections).toEqual([])
})

test('strangers that never finish their handshake do not keep a peer out', async () => {
  const nodes = await pair()
  const sockets = Array.from({ length: 300 }, () => {
    const socket = net.connect(nodes.one, '127.0.0.1')
    socket.on('error', () => {})
    return socket
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await goOnUndisturbed(nodes)
  // The oldest are given up, so that there is room again.
  const c = await open(
    'c',
    nodes.three,
    { a: nodes.one },
    await peerCertificate(authority, { node: 'c' }),
  )
  await reaches(c, 'a', nodes.a, 'c')
})
