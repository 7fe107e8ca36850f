import type { Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { close, listen, planPorts, portsByName } from '../product/ports.ts'
import { requireFreePorts } from './port-check.ts'

// Outside the range the system gives away, and away from the blocks of the other tests.
const base = 18_400
const listeners: Server[] = []

afterEach(async () => {
  for (const listener of listeners.splice(0)) await close(listener)
})

test('the block is laid out as documented', () => {
  expect(portsByName(planPorts(3000)).map(({ port }) => port)).toEqual([
    3000, 3001, 3002, 3003, 3011, 3012, 3013, 3020, 3030,
  ])
})

test('free ports are accepted', async () => {
  await requireFreePorts(planPorts(base))
})

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port taken at %s is named, with a base that is free',
  async (host) => {
    const listener = await listen(base + 2, host)
    if (typeof listener === 'string') throw new Error(listener)
    listeners.push(listener)
    await expect(requireFreePorts(planPorts(base))).rejects.toThrow(
      /port 18402 \(node n2\)[\s\S]*npm start -- --port-base 19400/,
    )
  },
)
