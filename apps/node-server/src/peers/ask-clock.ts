import { type Client, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { AskClock } from '../host/clock-watch.ts'

/** An answer that takes longer says too little. */
const withinMs = 1_000

/** Asks peers for their wall clocks over their client ports. */
export function clockAsker(): AskClock {
  const clients = new Map<string, Client<typeof ClusterService>>()
  return ({ id, clientUrl }, done) => {
    const client = clients.get(id) ?? clientOf(clientUrl)
    clients.set(id, client)
    const answer = async (): Promise<number | undefined> => {
      const { status } = await client.getStatus({}, { timeoutMs: withinMs })
      const clock = status?.wallClock
      // Behind one address several nodes may answer; another one's clock says nothing of this one's.
      if (status?.id !== id || clock === undefined) return undefined
      return Number(clock.seconds) * 1_000 + clock.nanos / 1e6
    }
    answer().then(done, () => done(undefined))
  }
}

const clientOf = (baseUrl: string): Client<typeof ClusterService> =>
  createClient(ClusterService, createConnectTransport({ baseUrl, httpVersion: '1.1' }))
