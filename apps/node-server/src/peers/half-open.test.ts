import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import { openPeerPort } from './peer-port.ts'

/** Passes connections on; those of before `swallow` stay open and carry nothing from then on. */
async function proxyTo(port: number) {
  const sockets = new Set<net.Socket>()
  let old = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const onward = net.connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('data', (data) => {
        if (!old.has(from)) to.write(data)
      })
      from.on('close', () => {
        if (!old.has(from)) to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const swallow = (): void => {
    old = new Set(sockets)
  }
  return { port: (server.address() as net.AddressInfo).port, swallow }
}

test('a follower whose answers are lost on a dead connection is heard again, although it hears its leader', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const proxy = await proxyTo(one)
  const open = async (id: string, port: number, peer: string, peerPort: number) => {
    const peers = [{ id: peer, url: `http://127.0.0.1:${peerPort}` }]
    const opened = await openPeerPort({ id, port, hosts: ['127.0.0.1'], peers, silentAfterMs: 400 })
    onTestFinished(() => opened.close())
    return opened
  }
  const leader = await open('a', one, 'b', two)
  const follower = await open('b', two, 'a', proxy.port)
  let answers = 0
  leader.transport.onReceive = () => {
    answers += 1
  }
  follower.transport.onReceive = () => follower.transport.send('a', Buffer.from('yes'))
  const heartbeat = setInterval(() => leader.transport.send('b', Buffer.from('there?')), 20)
  onTestFinished(() => clearInterval(heartbeat))
  await expect.poll(() => answers).toBeGreaterThan(40)
  await new Promise((resolve) => setTimeout(resolve, 600))
  proxy.swallow()
  await new Promise((resolve) => setTimeout(resolve, 100))
  const before = answers
  await expect.poll(() => answers).toBeGreaterThan(before + 20)
})
