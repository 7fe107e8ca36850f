import type { Server } from 'node:net'
import { close, listen, type PortPlan, planPorts, takenPorts } from '../product/ports.ts'

export interface PortBlock {
  readonly ports: PortPlan
  release(): Promise<void>
}

// Below the range from which the system itself takes ports for outgoing connections.
const lowest = 20_000
const highest = 32_000
const blockSize = 40

/**
 * A block of ports that is free, and stays the caller's: its last port, which the product does not use, is
 * listened on until the block is released. Nodes keep their ports over a restart, so that taking
 * port 0 each time will not do.
 */
export async function reservePortBlock(nodeCount: number): Promise<PortBlock> {
  const count = (highest - lowest) / blockSize
  const first = Math.floor(Math.random() * count)
  for (let step = 0; step < count; step += 1) {
    const base = lowest + ((first + step) % count) * blockSize
    const guard = await listen(base + blockSize - 1, '127.0.0.1')
    if (typeof guard === 'string') continue
    const ports = planPorts(base, nodeCount)
    if ((await takenPorts(ports)).length === 0) return block(ports, guard)
    await close(guard)
  }
  throw new Error(`No block of ${blockSize} free ports between ${lowest} and ${highest}.`)
}

function block(ports: PortPlan, guard: Server): PortBlock {
  guard.unref()
  return { ports, release: () => close(guard) }
}
