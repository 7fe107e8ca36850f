/** Where the time of one call went, asked of all nodes: by the command line, on real processes. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { newRequestId } from '@quorail/cluster-client'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Answer {
  readonly id: string
  readonly calls: readonly { readonly method: string; readonly index: number }[]
  readonly entries: readonly {
    readonly index: number
    readonly durableMs: number | null
    readonly appliedMs: number | null
  }[]
}

async function traceOf(cluster: TestCluster, traceId: string): Promise<readonly Answer[]> {
  const words = ['trace', traceId, '--cluster', cluster.cluster, '--timeout-ms', '30000', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...words])
  return JSON.parse(stdout) as Answer[]
}

test('a hold that a follower passed on is found by its trace at the leader, and its entry at all three nodes', async () => {
  await using cluster = await TestCluster.start({
    nodeEnvironment: { QUORAIL_NODE_SLOW_REQUEST_MS: '1' },
  })
  const { nodes, paymentSandbox } = cluster.addresses
  const logIn = () => ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
  const person = await eventually(logIn, 60_000)
  const journey = await eventually(() => person.journey('PMR', 'VDC', tomorrow()), 60_000)
  const classCode = journey.classes.find(({ freeSeats }) => freeSeats > 0)?.classCode ?? ''

  // Again, with another trace, should the leader change meanwhile, or a hold take less than the millisecond.
  await eventually(async () => {
    const leader = await cluster.leader()
    const follower = nodes.find((url) => url !== leader.address) ?? ''
    const traceId = randomBytes(16).toString('hex')
    const transport = createConnectTransport({ baseUrl: follower, httpVersion: '1.1' })
    const { runId, fromStop, toStop } = journey
    const { booking } = await createClient(BookingService, transport).holdSeats(
      {
        requestId: newRequestId(),
        runId,
        fromStop,
        toStop,
        classCode,
        passengers: [{ name: 'P' }],
      },
      {
        headers: {
          authorization: `Bearer ${person.sessionToken}`,
          traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
          'quorail-forward': '1',
        },
      },
    )
    await person.release(booking?.bookingId ?? 0n)
    const answers = await traceOf(cluster, traceId)
    // The leader has the call, under the trace that came to a follower.
    const [call] = answers.find(({ id }) => id === leader.id)?.calls ?? []
    expect(call?.method).toContain('HoldSeats')
    expect(call?.index).toBeGreaterThan(0)
    expect(answers.map(({ id }) => id).toSorted()).toEqual([...cluster.nodeIds])
    for (const { entries } of answers) {
      expect(entries.map(({ index }) => index)).toEqual([call?.index])
      expect(entries[0]?.durableMs).toEqual(expect.any(Number))
      expect(entries[0]?.appliedMs).toEqual(expect.any(Number))
    }
  }, 120_000)
})
