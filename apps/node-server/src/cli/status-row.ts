/** One member as `--json` prints it. */
export interface StatusRow {
  readonly id: string
  readonly address: string
  readonly pid: number | null
  readonly role: 'follower' | 'preCandidate' | 'candidate' | 'leader' | 'unknown' | 'unreachable'
  /** Serves requests. A leader does not before it has applied an entry of its own, or with a wrong clock. */
  readonly ready: boolean
  readonly term: number
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly durableIndex: number
  readonly hashIndex: number
  readonly stateHash: string
  readonly logSizeBytes: number
  /** Its clock minus the median of the members'; null while too few clocks are known to it. */
  readonly clockOffsetMs: number | null
  /** The rules that count in the cluster, and the latest ones that the node's version knows. */
  readonly featureLevel: number
  readonly supportedFeatureLevel: number
}

/** Two states at the same index that are not the same: one of the nodes is wrong. */
export function differ(rows: readonly StatusRow[]): boolean {
  return rows.some((a) =>
    rows.some((b) => a.hashIndex > 0 && a.hashIndex === b.hashIndex && a.stateHash !== b.stateHash),
  )
}
