import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService, type NodeStatus } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { membersOf } from './default-cluster.ts'

export interface KnownNode {
  readonly id: string
  readonly clientUrl: string
}

/** The nodes that `--cluster` names, and those that came since: as the one says that knows the latest change. */
export async function findNodes(cluster: string | undefined): Promise<readonly KnownNode[]> {
  const given = membersOf(cluster)
  const answers = await Promise.all(given.map(({ clientUrl }) => statusOf(clientUrl)))
  const [newest] = answers
    .filter((it) => it !== undefined && it.members.length > 0)
    .sort((a, b) => Number((b?.configIndex ?? 0n) - (a?.configIndex ?? 0n)))
  if (newest === undefined) return given
  return newest.members
    .map(({ id, address }) => ({ id, clientUrl: address }))
    .filter(({ clientUrl }) => clientUrl !== '')
}

/** What the node at this address says of itself; undefined when it does not, in time. */
export async function statusOf(
  baseUrl: string,
  timeoutMs = 2_000,
): Promise<NodeStatus | undefined> {
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  try {
    return (await createClient(ClusterService, transport).getStatus({}, { timeoutMs })).status
  } catch {
    return undefined
  }
}
