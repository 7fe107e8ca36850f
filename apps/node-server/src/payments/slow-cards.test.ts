import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findBooking } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { startOutbox } from './outbox-worker.ts'
import { FakeCluster, memoryLog, secret } from './testing.ts'

test('cards that the provider has not decided on do not keep the others waiting', async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const isSlow = request.method === 'GET' || Buffer.concat(chunks).includes('tok_slow')
      response
        .writeHead(200)
        .end(isSlow ? '{"state":"pending"}' : '{"state":"done","providerReference":"auth_1"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cluster = new FakeCluster()
  const { runId, passenger } = cluster.found()
  cluster.lead('n1')
  const worker = startOutbox({
    ...{ host: cluster.node('n1'), providerUrl: `http://127.0.0.1:${port}`, secret },
    log: memoryLog(),
    limits: { atOnce: 1, pauseFirstMs: 100, pauseMostMs: 100 },
  })
  const pay = (paymentToken: string): number => {
    const held = cluster.run(
      {
        ...{ type: 'holdSeats', runId, fromStop: 0, toStop: 1, classCode: '2' },
        ...{ passengers: [{ name: 'Ada' }], seats: [] },
      },
      passenger,
    )
    if (held.type !== 'seatsHeld') throw new Error(held.type)
    const { bookingId, priceMinor: amountMinor } = held
    cluster.run({ type: 'startPayment', bookingId, paymentToken, amountMinor }, passenger)
    return bookingId
  }
  try {
    pay('tok_slow')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const bookingId = pay('tok_good')
    await expect.poll(() => findBooking(cluster.state, bookingId)?.status).toBe('confirmed')
  } finally {
    await worker.stop()
    server.closeAllConnections()
    server.close()
  }
})
