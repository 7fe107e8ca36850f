/**
 * Capacity that has become free is offered to the waiting list in the very entry that freed it.
 * Whoever frees or adds capacity calls `noteFreed`; the entry ends with a pass over those runs.
 */
import type { Work } from './store.ts'
import type { Run } from './things.ts'

/** The run has more room than before, somewhere. */
export function noteFreed(work: Work, run: Run): void {
  work.freed ??= new Set()
  if (work.freed.has(run)) return
  work.freed.add(run)
  if (work.state.waitingOnRun.has(run.runId)) work.freedLists++
}
