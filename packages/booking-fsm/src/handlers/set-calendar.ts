/** Another calendar for a train that is on sale. */
import { mustBeStaff } from '../actors.ts'
import { archiveWholeRun } from '../archive/archiving.ts'
import { isIdle, runsWaitedFor } from '../archive/family.ts'
import { calendarHas } from '../calendar-days.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { SetCalendar, TrainCalendar } from '../commands.ts'
import { hasDeparted } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Run, Train } from '../things.ts'
import { isReason, takeOff } from './cancel-run.ts'
import { checkCalendar } from './train-checks.ts'
import { calendarOf } from './trains.ts'

/** Runs that one entry takes off sale, or names. */
const MAX_RUNS = 400
/** Bookings that one entry looks at: where there are more, a run that has any stays. */
const LOOKED_AT = 500

export function setCalendar(work: Work, command: SetCalendar): Reply {
  const { state } = work
  const { trainId, calendar, reason } = command
  const refusal =
    firstInvalid([[isId(trainId), 'trainId']]) ??
    checkCalendar(calendar) ??
    firstInvalid([[isReason(reason), 'reason']]) ??
    mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const train = state.trains.get(trainId)
  if (train === undefined || !isVisible(state, train.importId)) {
    return refuse('trainNotFound', { field: 'trainId' })
  }
  const without = runsWithout(state, train, calendar)
  if (without.length > MAX_RUNS) {
    return refuse('tooMany', { field: 'calendar.fromDate', figure: MAX_RUNS })
  }
  train.calendar = calendarOf(calendar)
  writeRow(work, 'trains', train)
  const kept = keptOf(state, without)
  const withdrawn = without.filter((run) => !kept.has(run))
  for (const run of withdrawn) {
    // Of a run that nobody ever booked nothing is left: its day may be opened again.
    if (isIdle(state, run)) archiveWholeRun(work, run)
    else takeOff(work, run, reason, 0)
  }
  return {
    type: 'calendarSet',
    withdrawn: withdrawn.map(({ runId }) => runId),
    kept: [...kept].map(({ runId }) => runId),
  }
}

/** Still to come, and on sale, though the calendar has not their day. */
function runsWithout(state: BookingState, train: Train, calendar: TrainCalendar): Run[] {
  const { nowMs } = state.meta
  return train.runs.filter(
    (run) =>
      run.serviceDate >= calendar.fromDate &&
      !calendarHas(calendar, run.serviceDate) &&
      isVisible(state, run.importId) &&
      !run.cancelled &&
      !hasDeparted(run, 0, nowMs),
  )
}

function keptOf(state: BookingState, runs: readonly Run[]): ReadonlySet<Run> {
  const waitedFor = runsWaitedFor(state)
  let left = LOOKED_AT
  const isBooked = ({ runId }: Run) => {
    for (const bookingId of state.bookings.idsOnRun(runId)) {
      if (left-- <= 0 || isAlive(state, bookingId)) return true
    }
    return false
  }
  const isKept = (run: Run) =>
    waitedFor.has(run) ||
    state.runsInDraws.has(run.runId) ||
    state.consist.changing.has(run.runId) ||
    isBooked(run)
  return new Set(runs.filter(isKept))
}

/** Somebody has it, waits for it, or is still to choose what becomes of it. */
function isAlive({ bookings }: BookingState, bookingId: number): boolean {
  switch (bookings.get(bookingId)?.status) {
    case 'held':
    case 'paying':
    case 'waiting':
    case 'confirmed':
    case 'disrupted':
      return true
    default:
      return false
  }
}
