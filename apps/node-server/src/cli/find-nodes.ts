import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService, type NodeStatus } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { membersOf } from './default-cluster.ts'

export interface KnownNode {
  readonly id: string
  readonly clientUrl: string
}

export interface AskedNode extends KnownNode {
  /** Undefined: it does not answer, in time. */
  readonly status: NodeStatus | undefined
}

/** The nodes that `--cluster` names, and those that came since: as the one says that knows the latest change. */
export async function findNodes(cluster: string | undefined): Promise<readonly KnownNode[]> {
  const members = newestMembers(await askGiven(cluster, usualTimeoutMs))
  return members.filter(({ clientUrl }) => clientUrl !== '')
}

/** The same nodes, and what each says of itself; also members of whom nobody knows the address. */
export async function askNodes(
  cluster: string | undefined,
  timeoutMs: number,
): Promise<readonly AskedNode[]> {
  const given = await askGiven(cluster, timeoutMs)
  return Promise.all(
    newestMembers(given).map(async ({ id, clientUrl }) => {
      const known = given.find((one) => one.id === id && one.clientUrl === clientUrl)
      if (known !== undefined) return known
      const status = clientUrl === '' ? undefined : await statusOf(clientUrl, timeoutMs)
      return { id, clientUrl, status }
    }),
  )
}

const usualTimeoutMs = 2_000

const askGiven = (cluster: string | undefined, timeoutMs: number): Promise<readonly AskedNode[]> =>
  Promise.all(
    membersOf(cluster).map(async ({ id, clientUrl }) => ({
      id,
      clientUrl,
      status: await statusOf(clientUrl, timeoutMs),
    })),
  )

/** When nobody who answers knows of members, those that were given. */
function newestMembers(given: readonly AskedNode[]): readonly KnownNode[] {
  const [newest] = given
    .map(({ status }) => status)
    .filter((status) => status !== undefined && status.members.length > 0)
    .sort((a, b) => Number((b?.configIndex ?? 0n) - (a?.configIndex ?? 0n)))
  return newest?.members.map(({ id, address }) => ({ id, clientUrl: address })) ?? given
}

/** What the node at this address says of itself; undefined when it does not, in time. */
export async function statusOf(
  baseUrl: string,
  timeoutMs = usualTimeoutMs,
): Promise<NodeStatus | undefined> {
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  try {
    return (await createClient(ClusterService, transport).getStatus({}, { timeoutMs })).status
  } catch {
    return undefined
  }
}
