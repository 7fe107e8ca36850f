/** Where the nodes are reached. */
import type { NodeAddress } from '../nodes/node-address.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, text } from './cursor.ts'

export function loadNode(state: BookingState, row: Cursor): Hashed {
  const node: NodeAddress = {
    hashLow: 0,
    hashHigh: 0,
    name: text(row),
    clientUrl: text(row),
    peerUrl: text(row),
    byOperator: int(row),
  }
  state.nodes.set(node.name, node)
  return node
}
