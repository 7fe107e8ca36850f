/** The cluster itself. */
import type { RequestKey } from '../commands.ts'

/** The first command of a cluster: what every later rule needs. Refused when founded already. */
export interface FoundCluster {
  readonly type: 'foundCluster'
  /** 32 hexadecimal digits; part of every outbox key. */
  readonly clusterId: string
  /** Four secret 32-bit words: the key of the PNR permutation. */
  readonly pnrKey: readonly number[]
  /** ISO 4217, e.g. `EUR`; one currency per cluster today. */
  readonly currency: string
  /** How long a hold lasts, e.g. 600,000. */
  readonly holdMs: number
  /** What a hold is extended to at least, once, when payment starts. */
  readonly paymentWindowMs: number
  /** What the cluster begins with; absent: 1. See `RaiseFeatureLevel`. */
  readonly featureLevel?: number | undefined
}

/**
 * From this entry on the commands and rules of the level count, on every node. The leader proposes it
 * when all members run a version that knows the level; a node that does not know it must stop.
 */
export interface RaiseFeatureLevel {
  readonly type: 'raiseFeatureLevel'
  /** Above the present one, at most `LATEST_FEATURE_LEVEL`. */
  readonly level: number
}

/** Only moves the clock: proposed when something expires and nothing else comes. */
export interface Tick {
  readonly type: 'tick'
}

/** Settles an unknown outcome: gives the earlier reply, or burns the key so that it never happens. */
export interface ResolveRequest {
  readonly type: 'resolveRequest'
  readonly key: RequestKey
}
