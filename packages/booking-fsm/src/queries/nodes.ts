import type { BookingState } from '../state.ts'

/** Where a node of the cluster is reached. */
export interface NodeView {
  readonly name: string
  readonly clientUrl: string
  readonly peerUrl: string
  /** An operator said so, and not the cluster itself. */
  readonly byOperator: boolean
}

/** In the order of their names. */
export function nodeAddresses(state: BookingState): NodeView[] {
  const nodes = [...state.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return nodes.map(({ name, clientUrl, peerUrl, byOperator }) => ({
    name,
    clientUrl,
    peerUrl,
    byOperator: byOperator === 1,
  }))
}
