import { close, listen } from '../product/ports.ts'

// Neither where the system takes ports for outgoing connections, nor where blocks for clusters lie.
const lowest = 10_000
const highest = 20_000
const given = new Set<number>()

/** Ports that nobody listens on, for tests that have to know them beforehand. None is given twice by one process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (given.has(port)) continue
    const server = await listen(port, '127.0.0.1')
    if (typeof server === 'string') continue
    await close(server)
    given.add(port)
    ports.push(port)
  }
  return ports
}

export async function freePort(): Promise<number> {
  return (await freePorts(1))[0] as number
}
