import http2 from 'node:http2'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import { PeerOutbox } from './outbox.ts'
import { openPeerPort, type PeerPort, type PeerPortOptions } from './peer-port.ts'

const hosts = ['127.0.0.1']

/** Nobody is taken for silent because the machine has other things to do, but where that is what is tested. */
async function open(
  id: string,
  port: number,
  peer: string,
  peerPort: number,
  more: Partial<PeerPortOptions> = {},
): Promise<PeerPort> {
  const opened = await openPeerPort({
    id,
    port,
    hosts,
    peers: [{ id: peer, url: `http://127.0.0.1:${peerPort}` }],
    silentAfterMs: 60_000,
    ...more,
  })
  onTestFinished(() => opened.close())
  return opened
}

/** What a node hears, as text. */
function heardBy(port: PeerPort): string[] {
  const heard: string[] = []
  port.transport.onReceive = (from, bytes) => {
    heard.push(`${from}: ${Buffer.from(bytes).toString()}`)
  }
  return heard
}

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** What is sent before there is a connection is dropped: so it is said until it arrives. */
async function sayUntilHeard(from: PeerPort, to: string, text: string, heard: string[]) {
  await expect
    .poll(
      () => {
        from.transport.send(to, bytes(text))
        return heard.at(-1)
      },
      { timeout: 30_000, interval: 20 },
    )
    .toContain(text)
}

test('batches arrive in order, both ways', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const a = await open('a', one, 'b', two)
  const b = await open('b', two, 'a', one)
  const [atA, atB] = [heardBy(a), heardBy(b)]
  await sayUntilHeard(a, 'b', 'hello', atB)
  await sayUntilHeard(b, 'a', 'hello yourself', atA)
  atB.length = 0
  for (let at = 0; at < 500; at += 1) a.transport.send('b', bytes(`${at}`))
  await expect.poll(() => atB.filter((it) => !it.endsWith('hello')).length).toBe(500)
  expect(atB.filter((it) => !it.endsWith('hello'))).toEqual(
    Array.from({ length: 500 }, (_, at) => `a: ${at}`),
  )
})

test('a large batch arrives whole', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const a = await open('a', one, 'b', two)
  const b = await open('b', two, 'a', one)
  const heard = heardBy(b)
  await sayUntilHeard(a, 'b', 'hello', heard)
  a.transport.send('b', Buffer.alloc(8 * 2 ** 20, 120))
  await expect.poll(() => heard.at(-1)?.length).toBe(8 * 2 ** 20 + 3)
})

test('a peer that goes is noticed at once, and found again when it is back', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const a = await open('a', one, 'b', two)
  const b = await open('b', two, 'a', one)
  const lost: string[] = []
  a.transport.onPeerLost = (peer) => lost.push(peer)
  await sayUntilHeard(b, 'a', 'hello', heardBy(a))
  await b.close()
  await expect.poll(() => lost).toEqual(['b'])
  const again = await open('b', two, 'a', one)
  await sayUntilHeard(a, 'b', 'welcome back', heardBy(again))
})

test('a peer that restarts is connected to again, although nothing is sent to it meanwhile', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const a = await open('a', one, 'b', two)
  let b = await open('b', two, 'a', one)
  await sayUntilHeard(a, 'b', 'hello', heardBy(b))
  // What is sent first arrives. A machine that has other things to do gets longer, with the next restart.
  for (let waitMs = 1_500; waitMs < 60_000; waitMs *= 3) {
    await b.close()
    b = await open('b', two, 'a', one)
    const heard = heardBy(b)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    a.transport.send('b', bytes('at once'))
    await new Promise((resolve) => setTimeout(resolve, waitMs / 3))
    if (heard.length > 0) {
      expect(heard).toEqual(['a: at once'])
      return
    }
  }
  expect.fail('the first thing sent after a restart never arrived')
})

test('a stranger is refused', async () => {
  const [one, two, three] = [await freePort(), await freePort(), await freePort()]
  const a = await open('a', one, 'b', two)
  const heard = heardBy(a)
  const stranger = await open('x', three, 'a', one)
  for (let at = 0; at < 20; at += 1) {
    stranger.transport.send('a', bytes('let me in'))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(heard).toEqual([])
})

test('a connection to a peer that says nothing is replaced', async () => {
  // Accepts and never answers, as a machine that hangs or a half-open connection.
  let connections = 0
  const sockets = new Set<net.Socket>()
  const silent = net.createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.resume()
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as net.AddressInfo
  const a = await open('a', await freePort(), 'b', port, { silentAfterMs: 400 })
  const talk = setInterval(() => a.transport.send('b', bytes('anybody?')), 20)
  onTestFinished(() => clearInterval(talk))
  await expect.poll(() => connections).toBeGreaterThanOrEqual(3)
})

test('a stream that ends without an error is noticed, and made again', async () => {
  // RST_STREAM with NO_ERROR, as a node that stops may send: Connect's call would wait for ever.
  let streams = 0
  const leaving = http2.createServer()
  leaving.on('stream', (stream) => {
    streams += 1
    stream.on('error', () => {})
    stream.close(http2.constants.NGHTTP2_NO_ERROR)
  })
  leaving.on('session', (session) => session.on('error', () => {}))
  await new Promise<void>((resolve) => leaving.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void leaving.close())
  await open('a', await freePort(), 'b', (leaving.address() as net.AddressInfo).port)
  await expect.poll(() => streams).toBeGreaterThanOrEqual(3)
})

test('what waits for a peer is bounded, and the newest is dropped', () => {
  const outbox = new PeerOutbox(10, 3)
  for (const text of ['aaaa', 'bbbb', 'cccc', 'dd']) outbox.push(bytes(text))
  expect(outbox.dropped).toBe(1) // cccc: 12 bytes would be too many; dd still fits
  const take = (): string | undefined => {
    const batch = outbox.take()
    return batch && Buffer.from(batch).toString()
  }
  expect([take(), take(), take(), take()]).toEqual(['aaaa', 'bbbb', 'dd', undefined])
  // What was taken makes room again.
  for (const text of ['eeee', 'ffff', 'gggg']) outbox.push(bytes(text))
  expect(outbox.dropped).toBe(2)
  outbox.close()
  expect(take()).toBe(undefined)
})
