import type { Entry, Reply, SetCalendar, TrainCalendar } from '../../src/index.ts'
import { forgetRun, isNeeded } from './archive-commands.ts'
import { needStaff } from './caller.ts'
import { knownReasons } from './disruption-basics.ts'
import { takeOff } from './disruption-commands.ts'
import { refuse } from './refuse.ts'
import { checkId } from './shapes.ts'
import { checkCalendar } from './train-shape.ts'
import { departureAt, drawOf, isCancelled, type ModelRun, type World } from './world.ts'

export function setCalendar(world: World, entry: Entry, command: SetCalendar): Reply {
  const { trainId, calendar, reason } = command
  checkId(trainId, 'trainId')
  checkCalendar(calendar)
  if (!knownReasons.includes(reason)) refuse('invalidField', { field: 'reason' })
  needStaff(world, entry)
  const train = world.trains.find((it) => it.id === trainId && it.importId === 0)
  if (train === undefined) refuse('trainNotFound', { field: 'trainId' })
  const odd = world.runs
    .filter((run) => run.trainId === trainId && run.importId === 0)
    .filter((run) => run.serviceDate >= calendar.fromDate && !goesOn(calendar, run.serviceDate))
    .filter((run) => !isCancelled(world, run) && departureAt(world, run, 0) > world.now)
    .sort((a, b) => a.baseMs - b.baseMs || a.id - b.id)
  if (odd.length > 400) refuse('tooMany', { field: 'calendar.fromDate', figure: 400 })
  const given = structuredClone(calendar)
  const { addedDates = [], removedDates = [] } = given.exceptions ?? {}
  const isPlain = addedDates.length === 0 && removedDates.length === 0
  train.calendar = isPlain ? { ...given, exceptions: undefined } : given
  const kept = keptOf(world, odd)
  const withdrawn = odd.filter((run) => !kept.includes(run))
  for (const run of withdrawn) {
    if (isNeeded(world, run)) takeOff(world, run.id, reason, 0)
    else forgetRun(world, run)
  }
  const ids = (runs: readonly ModelRun[]) => runs.map(({ id }) => id)
  return { type: 'calendarSet', withdrawn: ids(withdrawn), kept: ids(kept) }
}

/** By the calendar on the wall of the machine that tests. */
export function goesOn(calendar: TrainCalendar, date: number): boolean {
  const { weekdays, fromDate, toDate, exceptions } = calendar
  if (exceptions?.addedDates.includes(date)) return true
  if (exceptions?.removedDates.includes(date) || date < fromDate || date > toDate) return false
  const text = String(date)
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  const sundayFirst = new Date(`${iso}T12:00:00Z`).getUTCDay()
  const isOn = [...weekdays.toString(2).padStart(7, '0')].reverse()
  return isOn[sundayFirst === 0 ? 6 : sundayFirst - 1] === '1'
}

/** Of all these runs together 500 bookings are looked at. */
function keptOf(world: World, odd: readonly ModelRun[]): ModelRun[] {
  let looked = 0
  return odd.filter((run) => {
    const waitedFor = world.bookings.some(
      (b) => b.status === 'waiting' && b.waiting?.options.some((it) => it.runId === run.id),
    )
    const isMoving = world.reseatings.some((it) => it.runId === run.id)
    if (waitedFor || isMoving || drawOf(world, run.id) !== undefined) return true
    const all = world.bookings.filter((b) => b.runId === run.id).sort((a, b) => b.id - a.id)
    return all.some(({ status }) => ++looked > 500 || alive.includes(status))
  })
}

const alive = ['held', 'paying', 'waiting', 'confirmed', 'disrupted']
