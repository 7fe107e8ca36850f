/** What a run leaves behind, in portions: its bookings first, then the run itself. */
import { mustBeCluster } from '../actors.ts'
import { archiveFamily, archiveWholeRun } from '../archive/archiving.ts'
import { awaited, familyOf, isLongOver, mayLeave, runMayLeave } from '../archive/family.ts'
import { firstInvalid, isId, isInt } from '../checks.ts'
import type { ArchiveRun } from '../commands.ts'
import { isVisible } from '../imports.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { Work } from '../store.ts'

/** Bookings that one entry looks at: each may write a dozen rows. */
const LOOKED_AT = 100

export function archiveRun(work: Work, { runId, belowBookingId }: ArchiveRun): Reply {
  const { state } = work
  const refusal =
    firstInvalid([
      [isId(runId), 'runId'],
      [isInt(belowBookingId, 0, Number.MAX_SAFE_INTEGER), 'belowBookingId'],
    ]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) return refuse('runNotFound')
  if (!isLongOver(state, run)) return refuse('nothingDue')
  const { looked, left } = archiveSome(work, runId, belowBookingId || Number.MAX_SAFE_INTEGER)
  const isThrough = looked.length < LOOKED_AT
  const gone = isThrough && runMayLeave(state, run)
  if (gone) archiveWholeRun(work, run)
  const belowNext = isThrough ? 0 : (looked.at(-1) as number)
  return { type: 'runArchived', left, belowBookingId: belowNext, gone }
}

/** The ids that were looked at, and how many of them stay for now. */
function archiveSome(work: Work, runId: number, below: number): { looked: number[]; left: number } {
  const { state } = work
  const looked: number[] = []
  for (const id of state.bookings.idsOnRun(runId, below)) {
    if (looked.length === LOOKED_AT) break
    looked.push(id)
  }
  const waitedFor = awaited(state)
  let left = 0
  for (const id of looked) {
    const booking = state.bookings.get(id)
    // It went with another one of its family.
    if (booking === undefined) continue
    const family = familyOf(state, booking)
    if (family.every((it) => mayLeave(state, it, waitedFor))) archiveFamily(work, family)
    else left++
  }
  return { looked, left }
}
