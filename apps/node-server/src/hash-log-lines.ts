import type { HashVerdict } from './host/hash-verdict.ts'
import type { Logger } from './log.ts'
import { buildAnew } from './storage/damaged-advice.ts'

/** A verdict on the state as a line for a person. */
export function logHashVerdict(log: Logger): (verdict: HashVerdict) => void {
  return ({ state, index, ownHash, agreeing, differing, ofRecords = false }) => {
    const hash = ofRecords ? { recordHash: ownHash } : { stateHash: ownHash }
    const facts = { index, ...hash, agreeing, differing }
    if (state === 'minority')
      log.fatal(
        facts,
        `this node's state is not the majority's: it has stopped serving; the others go on selling. What to do: stop this node, ${buildAnew}`,
      )
    else if (state === 'split')
      log.fatal(
        facts,
        `the nodes' states differ and none is known to be a majority's: no node takes writes. What to do: start the nodes that are down; if all are up, stop one after the other, ${buildAnew}`,
      )
    else if (differing.length > 0)
      log.error(
        facts,
        `the state of ${differing.join(', ')} is not the majority's, to which this node belongs; it goes on`,
      )
    else log.info(facts, "this node's state is the majority's")
  }
}

/** Not a reason to stop anything: nothing is known. */
export function logNotComparable(log: Logger): (peer: string) => void {
  return (peer) =>
    log.error(
      { peer },
      'the state of a peer can not be compared with this node: no index at which both have a hash (does it fall behind, or run another version?)',
    )
}
