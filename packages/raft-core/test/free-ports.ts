import { once } from 'node:events'
import net from 'node:net'

/** Ports of this machine that nobody listens on. They are the caller's by luck only: take them soon. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  // Below the range from which the system takes ports for outgoing connections by itself.
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = net.createServer().listen(port, '127.0.0.1')
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (free && !ports.includes(port)) ports.push(port)
    if (free) await once(server.close(), 'close')
  }
  return ports
}
