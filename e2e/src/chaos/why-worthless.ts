/** When a run proves nothing, although nothing wrong was found. */
import type { FaultRecord } from './faults/fault.ts'
import { type TrafficCounts, tooLittle } from './traffic.ts'

/** Seats on maps that the checker compared with the log, and those that the log leaves open. */
export interface Compared {
  readonly compared: number
  readonly undecided: number
}

/** Of seats on maps. */
const undecidedShareMost = 0.05

/** Empty: the run proves what it shows. */
export function whyWorthless(
  traffic: TrafficCounts,
  faults: readonly FaultRecord[],
  { compared, undecided }: Compared,
): string[] {
  const why = [...tooLittle(traffic, faults.length), ...nothingDropped(faults)]
  if (undecided > undecidedShareMost * compared)
    why.push(`the log's order leaves ${undecided} of ${compared} seats on maps open`)
  return why
}

/** A single cut may find nothing to take; all of them together may not. */
function nothingDropped(faults: readonly FaultRecord[]): string[] {
  const cuts = faults.filter(({ proof }) => proof.bytesDropped !== undefined)
  const dropped = cuts.reduce((sum, { proof }) => sum + Number(proof.bytesDropped), 0)
  return cuts.length > 0 && dropped === 0 ? ['no power cut took anything away'] : []
}
