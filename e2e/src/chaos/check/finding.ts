/** What is wrong with a history. `code` is stable; tests and reports go by it. */
export interface Finding {
  readonly code: FindingCode
  readonly sentence: string
}

export type FindingCode =
  /** An index contradicts the time at which things happened, or another index. */
  | 'order'
  /** A read shows what had changed before it began. */
  | 'staleRead'
  /** A read shows what the log does not hold at its index. */
  | 'wrongRead'
  /** Two bookings have the same seat on the same stretch at the same index. */
  | 'soldTwice'
  /** What was acknowledged is not there at the end, or not as it was said. */
  | 'lost'
  /** What certainly never happened is there. */
  | 'appeared'
  /** A refusal that nothing explains. */
  | 'refusedWithoutReason'
  | 'unresolved'
  | 'nodesDiffer'
  | 'ledger'

/** Findings that mean: something acknowledged is gone. */
export const lossCodes: ReadonlySet<FindingCode> = new Set(['lost', 'staleRead', 'order'])
