import { nodeAddresses } from '@quorail/booking-fsm'
import type { LeaderJob } from './leader-work.ts'
import type { MemberAddress, NodeHost } from './types.ts'

/**
 * What this node was told of the founders, for nodes that will be told nothing. Only of members: who was
 * removed stays forgotten.
 */
export function registerNodes(host: NodeHost, given: readonly MemberAddress[]): LeaderJob {
  return async (signal) => {
    const members = new Set(host.status().members.map(({ id }) => id))
    for (const { id, clientUrl, peerUrl } of given) {
      const row = nodeAddresses(host.state).find(({ name }) => name === id)
      const isKnown =
        row?.byOperator === true || (row?.clientUrl === clientUrl && row.peerUrl === peerUrl)
      if (isKnown || !members.has(id) || signal.aborted) continue
      const command = { type: 'registerNode', name: id, clientUrl, peerUrl } as const
      await host.submit({ actor: 0, key: undefined, command })
    }
  }
}
