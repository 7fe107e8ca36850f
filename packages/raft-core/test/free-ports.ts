import { once } from 'node:events'
import net from 'node:net'

// Neither where the system takes ports for outgoing connections, nor where the tests of clusters take theirs.
const lowest = 10_000
const highest = 20_000
const given = new Set<number>()

/** Ports of this machine that nobody listens on. None is given twice by one process; take them soon. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (given.has(port)) continue
    const server = net.createServer().listen(port, '127.0.0.1')
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!free) continue
    await once(server.close(), 'close')
    given.add(port)
    ports.push(port)
  }
  return ports
}
