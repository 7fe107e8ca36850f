import { randomBytes } from 'node:crypto'
import { type FoundCluster, LATEST_FEATURE_LEVEL } from '@quorail/booking-fsm'
import type { Genesis } from '@quorail/raft-core'
import type { NodeConfig } from './config/node-config.ts'

/** What a hold is extended to, once, when payment starts. */
const paymentWindowMs = 120_000

/** The first command of a new cluster. What it fixes is fixed for ever: later nodes' options do not count. */
export function foundingCommand(config: NodeConfig): FoundCluster {
  const secret = randomBytes(16)
  return {
    type: 'foundCluster',
    clusterId: config.clusterId,
    pnrKey: [0, 4, 8, 12].map((at) => secret.readUInt32LE(at)),
    currency: 'EUR',
    holdMs: config.holdMs,
    paymentWindowMs,
    featureLevel: LATEST_FEATURE_LEVEL,
  }
}

/** What a founder's log begins with; a node that joins has none. */
export function genesisOf({ members, clusterId }: NodeConfig): Genesis | undefined {
  if (members.length === 0) return undefined
  return { clusterId, members: members.map(({ id }) => id).sort() }
}

/** A new name for a new life of a node's log. */
export const newIncarnation = (): string => randomBytes(16).toString('hex')
