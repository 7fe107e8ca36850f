import { type Client, createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import {
  ClusterService,
  type GetStatusResponse,
} from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { MemberAddress } from '../host/types.ts'

export type AskStatus = (
  peer: MemberAddress,
  done: (answer: GetStatusResponse | undefined) => void,
) => void

/** Asks peers for their status over their client ports: undefined when one does not say in time. */
export function statusAsker(
  request: { readonly withCheckpoints: boolean },
  withinMs: number,
): AskStatus {
  const clients = new Map<string, Client<typeof ClusterService>>()
  return ({ id, clientUrl }, done) => {
    const client = clients.get(clientUrl) ?? clientOf(clientUrl)
    clients.set(clientUrl, client)
    client.getStatus(request, { timeoutMs: withinMs }).then(
      // Behind one address several nodes may answer; another one's answer says nothing of this one.
      (answer) => done(answer.status?.id === id ? answer : undefined),
      () => done(undefined),
    )
  }
}

const clientOf = (baseUrl: string): Client<typeof ClusterService> =>
  createClient(ClusterService, createConnectTransport({ baseUrl, httpVersion: '1.1' }))
