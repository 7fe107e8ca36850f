/** Where the cluster's nodes are reached: every node and every snapshot knows it by these. */

/**
 * Says where a node is reached, or that it has moved. What an operator said stays until an operator
 * says otherwise; the cluster itself says what its nodes were started with, about those of whom no
 * operator has said anything.
 */
export interface RegisterNode {
  readonly type: 'registerNode'
  /** Up to 64 letters, digits, ".", "_" and "-". */
  readonly name: string
  /** Where clients reach it: an origin, e.g. `https://n4.example:3001`. */
  readonly clientUrl: string
  /** Where the other nodes reach it. */
  readonly peerUrl: string
}

/** A node belongs to the cluster no longer: nobody needs to know where it was. */
export interface ForgetNode {
  readonly type: 'forgetNode'
  readonly name: string
}
