import type { HashVerdict } from './hash-verdict.ts'

/** Where a node's state stands: differing from a majority's, or nobody knows whose is right. */
export type Divergence = Exclude<HashVerdict['state'], 'agrees'>

/** The nodes' states differ: this one takes nothing. Certainly not applied. */
export class StateDivergedError extends Error {
  override readonly name = 'StateDivergedError'
  readonly divergence: Divergence

  constructor(divergence: Divergence) {
    super(
      divergence === 'minority'
        ? "this node's state is not the majority's"
        : "the nodes' states differ, and none is a majority's",
    )
    this.divergence = divergence
  }
}
