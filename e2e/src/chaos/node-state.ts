import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService, Role } from '@quorail/proto/quorail/cluster/v1/cluster_pb'

/** What a node says of itself. */
export interface NodeState {
  readonly id: string
  readonly pid: number
  readonly leads: boolean
  readonly term: number
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly hashIndex: number
  readonly stateHash: string
}

/** Undefined when it does not answer. */
export async function askStatus(url: string, timeoutMs = 1_000): Promise<NodeState | undefined> {
  const transport = createConnectTransport({ baseUrl: url, httpVersion: '1.1' })
  try {
    const { status } = await createClient(ClusterService, transport).getStatus({}, { timeoutMs })
    if (status === undefined) return undefined
    return {
      id: status.id,
      pid: status.pid,
      leads: status.role === Role.LEADER && status.ready,
      term: Number(status.term),
      commitIndex: Number(status.commitIndex),
      appliedIndex: Number(status.appliedIndex),
      hashIndex: Number(status.hashIndex),
      stateHash: status.stateHash,
    }
  } catch {
    return undefined
  }
}
