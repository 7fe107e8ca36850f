/** What is known of archived bookings in memory. The rest stands in the archive's tables. */
import { isLongOver } from '../archive/family.ts'
import { isVisible } from '../imports.ts'
import { encodePnr } from '../pnr.ts'
import type { BookingState } from '../state.ts'

export interface StubView {
  readonly bookingId: number
  readonly pnr: string
  /** The first of the bookings that were archived with it: its trip, or what it was exchanged for. */
  readonly familyId: number
  readonly accountId: number
  /** What is left of each passenger's fare; none when it was not sold. */
  readonly keptMinor: readonly number[]
  /** Of it and its family: agreed to go back, and neither paid nor on its way. */
  readonly owedMinor: number
}

export function findArchived(
  { archive, meta }: BookingState,
  bookingId: number,
): StubView | undefined {
  const stub = archive.get(bookingId)
  if (stub === undefined) return undefined
  const { familyId, accountId, fares } = stub
  const { owedMinor } = archive.get(familyId) ?? stub
  const keptMinor = fares.map((fare) => fare.keptMinor)
  const pnr = encodePnr(meta.pnrKey, bookingId)
  return { bookingId, pnr, familyId, accountId, keptMinor, owedMinor }
}

/** Bookings in the archive. */
export function archivedCount({ archive }: BookingState): number {
  return archive.size
}

/** The first run behind this one, by id, that arrived so long ago that it is to be archived. */
export function nextToArchive(state: BookingState, afterRunId: number): number | undefined {
  let next: number | undefined
  for (const run of state.runs.values()) {
    const { runId } = run
    if (runId <= afterRunId || (next !== undefined && runId > next)) continue
    if (isVisible(state, run.importId) && isLongOver(state, run)) next = runId
  }
  return next
}
