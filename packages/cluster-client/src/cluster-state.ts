/** What is known about the cluster from the answers of its nodes. A new object with every change. */
export interface ClusterState {
  /** The node that leads, as far as known. */
  readonly leaderUrl: string | undefined
  /**
   * `unknown` before the first answer; `reachable`; `noLeader`: nodes answer, but none can act at
   * the moment (an election, or no majority); `unreachable`: no node answers at all.
   */
  readonly reachability: 'unknown' | 'reachable' | 'noLeader' | 'unreachable'
  /** Highest term seen in a hint. */
  readonly term: bigint
}
