import { createClient } from '@connectrpc/connect'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { expect, onTestFinished, test as vitestTest } from 'vitest'
import { createClusterTransport, newRequestId } from '../src/index.ts'
import { noQuorum, startFakeNode, transportOf, type Wire } from './fake-cluster.ts'

const test = vitestTest.for<Wire>(['http/1.1', 'h2c', 'browser'])

/** Two nodes of which the first sends everybody away, and the deadlines with which attempts came to them. */
async function twoNodes(wire: Wire) {
  const deadlines: (number | undefined)[] = []
  const nodes = [await startFakeNode(wire), await startFakeNode(wire)] as const
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
  })
  for (const node of nodes)
    node.lead = ({ timeoutMs }) => {
      deadlines.push(timeoutMs())
      if (node === nodes[0]) throw noQuorum()
    }
  const transport = createClusterTransport({
    endpoints: nodes.map(({ url }) => url),
    createTransport: transportOf(wire),
    limits: { unaryMs: 60_000, attemptMs: 20_000, probeMs: 10_000 },
  })
  const bookings = createClient(BookingService, transport)
  const hold = (timeoutMs?: number) => {
    const passengers = [{ name: 'Ada' }]
    return bookings.holdSeats(
      { requestId: newRequestId(), runId: 1n, toStop: 1, classCode: '2', passengers },
      timeoutMs === undefined ? {} : { timeoutMs },
    )
  }
  return { deadlines, hold }
}

test('each attempt tells the node how long it is waited for, over %s', async (wire) => {
  const { deadlines, hold } = await twoNodes(wire)
  await hold()
  expect(deadlines.length).toBeGreaterThanOrEqual(2)
  for (const ms of deadlines) {
    expect(ms).toBeGreaterThan(0)
    expect(ms).toBeLessThanOrEqual(20_000)
  }
})

test("a node is not told more than the rest of the call's own time, over %s", async (wire) => {
  const { deadlines, hold } = await twoNodes(wire)
  await hold(15_000)
  expect(deadlines.length).toBeGreaterThanOrEqual(2)
  for (const ms of deadlines) expect(ms).toBeLessThanOrEqual(15_000)
  // Later attempts have less.
  expect(deadlines.at(-1)).toBeLessThanOrEqual(deadlines[0] as number)
})
