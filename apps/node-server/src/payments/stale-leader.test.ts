import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startOutbox } from './outbox-worker.ts'
import { FakeCluster, memoryLog, secret } from './testing.ts'

test('a leader that stood still sends nothing to the provider before a majority has confirmed it', async () => {
  let calls = 0
  const server = createServer((request, response) => {
    calls++
    request.resume().on('end', () => {
      response.writeHead(200).end('{"state":"done","providerReference":"auth_1"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cluster = new FakeCluster()
  const { runId, passenger } = cluster.found()
  cluster.lead('n1')
  const host = cluster.node('n1')
  let confirmed = false
  const stale = {
    ...host,
    settleRead: () =>
      confirmed ? Promise.resolve() : Promise.reject(new Error('no majority answered')),
  }
  const { port } = server.address() as AddressInfo
  const worker = startOutbox({
    ...{ host: stale, providerUrl: `http://127.0.0.1:${port}`, secret, log: memoryLog() },
    limits: { pauseFirstMs: 5, pauseMostMs: 20 },
  })
  try {
    const held = cluster.run(
      {
        ...{ type: 'holdSeats', runId, fromStop: 0, toStop: 1, classCode: '2' },
        ...{ passengers: [{ name: 'Ada' }], seats: [] },
      },
      passenger,
    )
    if (held.type !== 'seatsHeld') throw new Error(held.type)
    const { bookingId, priceMinor: amountMinor } = held
    cluster.run({ type: 'startPayment', bookingId, paymentToken: 'tok_a', amountMinor }, passenger)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(calls).toBe(0)
    confirmed = true
    await expect.poll(() => calls).toBeGreaterThan(0)
  } finally {
    await worker.stop()
    server.closeAllConnections()
    server.close()
  }
})
