import type { Hashed } from '../things.ts'

/** Where a node of the cluster is reached. */
export interface NodeAddress extends Hashed {
  readonly name: string
  clientUrl: string
  peerUrl: string
  /** 1: an operator said so; 0: its own cluster did, by what its nodes were started with. */
  byOperator: number
}
