import { mustBeStaff } from '../actors.ts'
import { calendarHas } from '../calendar-days.ts'
import {
  checkLength,
  firstInvalid,
  isInstant,
  isInt,
  isObject,
  isServiceDate,
  isText,
} from '../checks.ts'
import type { AddRuns, RunInput } from '../commands.ts'
import { checkImportId, isVisible, mustBeOpen, trainFor } from '../imports.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Run, Train } from '../things.ts'
import { addRun } from '../timetable.ts'

export function addRuns(work: Work, command: AddRuns): Reply {
  const { state } = work
  const { importId, trainId, trainNumber, runs, byCalendar = false } = command
  const refusal = checkRuns(command) ?? mustBeStaff(work) ?? mustBeOpen(state, importId)
  if (refusal !== undefined) return refusal
  if (byCalendar && state.meta.featureLevel < 3) return refuse('featureNotActive', { figure: 3 })
  const train = trainFor(state, trainId, trainNumber, importId)
  if (train === undefined) {
    return refuse('trainNotFound', { field: trainId === 0 ? 'trainNumber' : 'trainId' })
  }
  const runIds: number[] = []
  for (const { serviceDate, baseMs } of runs) {
    if (runsOn(state, train, serviceDate)) continue
    if (byCalendar && !isOf(train, serviceDate)) continue
    const run: Run = {
      hashLow: 0,
      hashHigh: 0,
      runId: state.meta.nextRunId++,
      train,
      serviceDate,
      baseMs,
      importId: importId ?? 0,
      layout: train.layout,
      cancelled: false,
      goesTo: 0,
      inventory: undefined,
    }
    addRun(state, run)
    writeRow(work, 'runs', run)
    runIds.push(run.runId)
  }
  return { type: 'runsAdded', runIds, skipped: runs.length - runIds.length }
}

function isOf({ calendar }: Train, serviceDate: number): boolean {
  return calendar !== undefined && calendarHas(calendar, serviceDate)
}

/** Runs of aborted imports that wait to be removed do not count. */
function runsOn(state: BookingState, train: Train, serviceDate: number): boolean {
  if (!train.serviceDates.has(serviceDate)) return false
  return train.runs.some(
    (run) =>
      run.serviceDate === serviceDate &&
      (isVisible(state, run.importId) || run.importId === state.openImport?.importId),
  )
}

function checkRuns({
  importId,
  trainId,
  trainNumber,
  runs,
  byCalendar,
}: AddRuns): Refusal | undefined {
  const refusal =
    checkImportId(importId) ??
    firstInvalid([
      [isInt(trainId, 0, Number.MAX_SAFE_INTEGER), 'trainId'],
      [isText(trainNumber, 0, 32), 'trainNumber'],
      [byCalendar === undefined || typeof byCalendar === 'boolean', 'byCalendar'],
    ]) ??
    checkLength(runs, 1, 1_000, 'runs')
  if (refusal !== undefined) return refusal
  for (const [i, run] of runs.entries()) {
    if (!isObject(run)) return invalid(`runs[${i}]`)
    const { serviceDate, baseMs } = run as RunInput
    const refused = firstInvalid([
      [isServiceDate(serviceDate), `runs[${i}].serviceDate`],
      [isInstant(baseMs), `runs[${i}].baseMs`],
    ])
    if (refused !== undefined) return refused
  }
  return undefined
}
