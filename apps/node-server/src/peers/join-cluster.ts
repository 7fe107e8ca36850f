import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import type { MemberAddress } from '../host/types.ts'
import type { Logger } from '../log.ts'

export interface JoinOptions {
  /** Client addresses of some members. */
  readonly addresses: readonly string[]
  /** This node, as an operator will say it. */
  readonly own: MemberAddress
  /** It belongs to a cluster by its own log: from then on the log says who the others are. */
  readonly isMember: () => boolean
  /** Whom it must be ready to hear. */
  readonly onMembers: (members: readonly MemberAddress[]) => void
  readonly log: Logger
}

const everyMs = 1_000
const withinMs = 2_000

/**
 * A node that waits to be added asks who the members are, so that it takes up the leader's stream when
 * it comes. It says once what an operator has to do.
 */
export function joinCluster(options: JoinOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let said = ''
  const say = (what: string, details: object): void => {
    if (said !== what) options.log.info(details, what)
    said = what
  }
  const round = async (): Promise<void> => {
    if (options.isMember()) return say('this node is a member', {})
    const members = await firstAnswer(options.addresses)
    if (stopped) return
    if (members === undefined)
      say('no node of the cluster answers; asking again', { join: options.addresses })
    else {
      options.onMembers(members)
      const { id, clientUrl, peerUrl } = options.own
      const command = `quorail members add ${id} ${clientUrl} ${peerUrl}`
      say('waiting to be added; an operator does it', { command })
    }
    timer = setTimeout(() => void round(), everyMs)
  }
  void round()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** The members, as the first node that answers and has any names them. */
async function firstAnswer(
  addresses: readonly string[],
): Promise<readonly MemberAddress[] | undefined> {
  for (const baseUrl of addresses) {
    const transport = createConnectTransport({ baseUrl, httpVersion: '1.1' })
    try {
      const client = createClient(ClusterService, transport)
      const { status } = await client.getStatus({}, { timeoutMs: withinMs })
      const members = status?.members ?? []
      if (members.length > 0)
        return members.map(({ id, address, peerAddress }) => ({
          id,
          clientUrl: address,
          peerUrl: peerAddress,
        }))
    } catch {
      // The next one.
    }
  }
  return undefined
}
