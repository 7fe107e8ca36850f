import http2 from 'node:http2'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import { deliverEnvelope } from './envelope.ts'
import { openPeerPort, type PeerPort, type PeerPortOptions } from './peer-port.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

/** Passes connections on; from `block` on it reads nothing of new ones, which stay open. */
async function proxyTo(port: number) {
  let isBlocked = false
  let connections = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    connections += 1
    sockets.add(client)
    client.on('error', () => {})
    if (isBlocked) {
      client.pause()
      return
    }
    const onward = net.connect(port, '127.0.0.1')
    sockets.add(onward)
    onward.on('error', () => client.destroy())
    client.on('close', () => onward.destroy())
    onward.on('close', () => client.destroy())
    client.pipe(onward).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as net.AddressInfo).port,
    connections: () => connections,
    block(now: boolean) {
      isBlocked = now
    },
  }
}

interface Node {
  readonly port: PeerPort
  readonly heard: string[]
  readonly lost: string[]
  readonly bulk: string[]
}

async function open(
  id: string,
  port: number,
  peer: string,
  peerPort: number,
  more: Partial<PeerPortOptions> = {},
): Promise<Node> {
  const [heard, lost, bulk]: [string[], string[], string[]] = [[], [], []]
  const opened = await openPeerPort({
    ...{ id, port, hosts: ['127.0.0.1'] },
    peers: [{ id: peer, url: `http://127.0.0.1:${peerPort}` }],
    silentAfterMs: 60_000,
    onBulk: (_peer, isOpen, detail) => bulk.push(`${isOpen}: ${detail}`),
    ...more,
  })
  onTestFinished(() => opened.close())
  opened.transport.onReceive = (_from, bytes) => {
    heard.push(Buffer.from(bytes.subarray(0, 40)).toString())
  }
  opened.transport.onPeerLost = (lostPeer) => lost.push(lostPeer)
  return { port: opened, heard, lost, bulk }
}

/** `a`, whose connections to `b` go by a proxy; they have spoken to each other. */
async function pair(more: Partial<PeerPortOptions> = {}) {
  const [one, two] = [await freePort(), await freePort()]
  const proxy = await proxyTo(two)
  const a = await open('a', one, 'b', proxy.port, more)
  const b = await open('b', two, 'a', one)
  for (const [from, to, name] of [
    [a, b, 'b'],
    [b, a, 'a'],
  ] as const)
    await expect
      .poll(
        () => {
          from.port.transport.send(name, Buffer.from('hello'))
          return to.heard.length
        },
        { timeout: 30_000, interval: 20 },
      )
      .toBeGreaterThan(0)
  // Nothing of all that is still on its way.
  a.port.transport.send('b', Buffer.from('ready'))
  await expect.poll(() => b.heard.at(-1), waitFor).toBe('ready')
  return { a, b, proxy }
}

const piece = (name: string): Uint8Array => {
  const bytes = Buffer.alloc(2 ** 20)
  bytes.write(name.padEnd(40))
  return bytes
}

const waitFor = { timeout: 30_000, interval: 20 }

test('what is urgent goes past pieces of a snapshot that the other end does not take', async () => {
  const { a, b, proxy } = await pair()
  proxy.block(true)
  for (let at = 0; at < 40; at += 1) a.port.transport.send('b', piece(`piece ${at}`), 'bulk')
  await expect.poll(() => proxy.connections(), waitFor).toBe(2)
  b.heard.length = 0
  // Sent once each: on one stream they would stand behind what nobody takes, or be dropped.
  for (let at = 0; at < 100; at += 1) a.port.transport.send('b', Buffer.from(`heartbeat ${at}`))
  await expect.poll(() => b.heard.at(-1), waitFor).toBe('heartbeat 99')
  expect(b.heard).toHaveLength(100)
  expect(a.bulk).toEqual(['true: there is a piece of a snapshot to send'])
})

test('a piece waits for its connection, which is closed when there are no more, and the peer is not lost by that', async () => {
  const { a, b } = await pair({ bulkIdleAfterMs: 300 })
  for (const name of ['one', 'two']) {
    a.bulk.length = 0
    a.port.transport.send('b', piece(name), 'bulk')
    await expect.poll(() => b.heard.at(-1)?.trim(), waitFor).toBe(name)
    await expect
      .poll(() => a.bulk, waitFor)
      .toEqual(['true: there is a piece of a snapshot to send', 'false: idle'])
  }
  a.port.transport.send('b', Buffer.from('still here'))
  await expect.poll(() => b.heard.at(-1), waitFor).toBe('still here')
  expect(b.lost).toEqual([])
})

test('a connection on which nothing moves is given up, and the next piece makes another', async () => {
  const { a, b, proxy } = await pair({ bulkIdleAfterMs: 500, bulkStuckAfterMs: 500 })
  proxy.block(true)
  // More than the kernel and the proxy take.
  const push = setInterval(() => a.port.transport.send('b', piece('lost'), 'bulk'), 5)
  await expect.poll(() => a.bulk.at(-1), waitFor).toBe('false: nothing taken for 500 ms')
  clearInterval(push)
  proxy.block(false)
  await expect
    .poll(
      () => {
        a.port.transport.send('b', piece('again'), 'bulk')
        return b.heard.at(-1)?.trim()
      },
      { timeout: 30_000, interval: 200 },
    )
    .toBe('again')
  expect(b.lost).toEqual([])
})

test('of a peer that goes nothing stays', async () => {
  const { a, b } = await pair()
  a.port.transport.send('b', piece('one'), 'bulk')
  await expect.poll(() => b.heard.at(-1)?.trim(), waitFor).toBe('one')
  await b.port.close()
  await expect.poll(() => a.bulk.length, waitFor).toBe(2)
  expect(a.lost).toEqual(['b'])
})

test('the snapshots of a node that knows of no lanes go with everything else', async () => {
  const { a, b, proxy } = await pair()
  const earlier = http2.connect(`http://127.0.0.1:${a.port.port}`)
  onTestFinished(() => earlier.destroy())
  const stream = earlier.request({
    ...{ ':method': 'POST', ':path': deliverPath, 'content-type': deliverType },
    [nodeHeader]: 'b',
  })
  for (const part of deliverEnvelope(Buffer.from('as ever'))) stream.write(part)
  await expect.poll(() => a.heard.at(-1), waitFor).toBe('as ever')
  const before = proxy.connections()
  a.port.transport.send('b', piece('one'), 'bulk')
  await expect.poll(() => b.heard.at(-1)?.trim(), waitFor).toBe('one')
  expect(a.bulk).toEqual([])
  expect(proxy.connections()).toBe(before)
})
