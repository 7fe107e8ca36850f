/** What a train must be, with the field at fault. */
import {
  checkEach,
  checkLength,
  firstInvalid,
  isClassCode,
  isInt,
  isObject,
  isServiceDate,
  isText,
  matches,
} from '../checks.ts'
import type {
  AddTrain,
  CalendarExceptions,
  Coach,
  SeatRuleLine,
  TrainCalendar,
  TrainStop,
} from '../commands.ts'
import { checkImportId } from '../imports.ts'
import { isSeatProperty } from '../inventory/seat-properties.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'

export const MAX_STOPS = 121
export const MAX_SEATS = 2_000
const MAX_COACHES = 40
const MAX_BAY_ROWS = 4
const MAX_SEATING_LINES = 64
const MAX_EXCEPTIONS = 366
/** Fourteen days: longer than the longest journey there is. */
const MAX_SECONDS = 1_209_600
/** Once around the Earth. */
const MAX_METRES = 40_000_000

export function checkTrain(command: AddTrain): Refusal | undefined {
  const { importId, number, name, stops, coaches, calendar } = command
  return (
    checkImportId(importId) ??
    firstInvalid([
      [isText(number, 1, 32), 'number'],
      [isText(name, 0, 200), 'name'],
    ]) ??
    checkStops(stops) ??
    checkCoaches(coaches) ??
    (calendar === undefined ? undefined : checkCalendar(calendar))
  )
}

function checkStops(stops: readonly TrainStop[]): Refusal | undefined {
  const length = checkLength(stops, 2, MAX_STOPS, 'stops')
  if (length !== undefined) return length
  let earliest = 0
  let nearest = 0
  for (const [i, stop] of stops.entries()) {
    const field = `stops[${i}]`
    if (!isObject(stop)) return invalid(field)
    const it = stop as TrainStop
    const refusal = firstInvalid([
      [isText(it.stationCode, 1, 64), `${field}.stationCode`],
      [isInt(it.arrivalSeconds, earliest, MAX_SECONDS), `${field}.arrivalSeconds`],
      [isInt(it.departureSeconds, it.arrivalSeconds, MAX_SECONDS), `${field}.departureSeconds`],
      [isInt(it.distanceMetres, nearest, MAX_METRES), `${field}.distanceMetres`],
      [typeof it.boarding === 'boolean', `${field}.boarding`],
      [typeof it.alighting === 'boolean', `${field}.alighting`],
    ])
    if (refusal !== undefined) return refusal
    earliest = it.departureSeconds
    nearest = it.distanceMetres
  }
  return undefined
}

export function checkCoaches(coaches: readonly Coach[]): Refusal | undefined {
  const length = checkLength(coaches, 1, MAX_COACHES, 'coaches')
  if (length !== undefined) return length
  const labels = new Set<string>()
  let seats = 0
  for (const [i, coach] of coaches.entries()) {
    const field = `coaches[${i}]`
    if (!isObject(coach)) return invalid(field)
    const it = coach as Coach
    const refusal =
      firstInvalid([
        [isText(it.label, 1, 16) && !labels.has(it.label), `${field}.label`],
        [isClassCode(it.classCode), `${field}.classCode`],
        [isInt(it.rows, 1, 200), `${field}.rows`],
        [isColumns(it.columns), `${field}.columns`],
      ]) ?? checkSeating(it, `${field}.seating`)
    if (refusal !== undefined) return refusal
    labels.add(it.label)
    seats += it.rows * it.columns.replaceAll('-', '').length
  }
  return seats > MAX_SEATS ? refuse('tooMany', { field: 'coaches', figure: MAX_SEATS }) : undefined
}

function checkSeating({ rows, columns, seating }: Coach, field: string): Refusal | undefined {
  if (seating === undefined) return undefined
  if (!isObject(seating)) return invalid(field)
  return (
    firstInvalid([[isInt(seating.bayRows, 0, MAX_BAY_ROWS), `${field}.bayRows`]]) ??
    checkLength(seating.rules, 0, MAX_SEATING_LINES, `${field}.rules`) ??
    checkEach(seating.rules, (line, i) => checkLine(line, rows, columns, `${field}.rules[${i}]`))
  )
}

function checkLine(
  line: SeatRuleLine,
  rows: number,
  columns: string,
  field: string,
): Refusal | undefined {
  if (!isObject(line)) return invalid(field)
  const { firstRow, lastRow, letters, properties } = line as SeatRuleLine
  return (
    firstInvalid([
      [isInt(firstRow, 1, rows), `${field}.firstRow`],
      [isInt(lastRow, firstRow, rows), `${field}.lastRow`],
      [areLettersOf(columns, letters), `${field}.letters`],
    ]) ??
    checkLength(properties, 1, 12, `${field}.properties`) ??
    checkEach(properties, (property, i) =>
      isSeatProperty(property) && properties.indexOf(property) === i
        ? undefined
        : invalid(`${field}.properties[${i}]`),
    )
  )
}

function areLettersOf(columns: string, letters: unknown): boolean {
  if (!matches(letters, /^[A-Z]*$/)) return false
  const each = [...letters]
  return each.every((letter, i) => columns.includes(letter) && each.indexOf(letter) === i)
}

/** Different letters with single aisles between them: `AB-CD`. */
function isColumns(columns: unknown): boolean {
  if (!matches(columns, /^[A-Z](-?[A-Z])*$/)) return false
  const letters = columns.replaceAll('-', '')
  return new Set(letters).size === letters.length
}

export function checkCalendar(calendar: TrainCalendar): Refusal | undefined {
  if (!isObject(calendar)) return invalid('calendar')
  const { weekdays, fromDate, toDate, timeZone, exceptions } = calendar as TrainCalendar
  return (
    firstInvalid([
      [isInt(weekdays, 0, 127), 'calendar.weekdays'],
      [isServiceDate(fromDate), 'calendar.fromDate'],
      [isServiceDate(toDate) && toDate >= fromDate, 'calendar.toDate'],
      [isText(timeZone, 1, 64), 'calendar.timeZone'],
    ]) ?? (exceptions === undefined ? undefined : checkExceptions(exceptions))
  )
}

function checkExceptions(exceptions: CalendarExceptions): Refusal | undefined {
  const field = 'calendar.exceptions'
  if (!isObject(exceptions)) return invalid(field)
  const { addedDates, removedDates } = exceptions as CalendarExceptions
  return (
    checkDates(addedDates, `${field}.addedDates`, []) ??
    checkDates(removedDates, `${field}.removedDates`, addedDates)
  )
}

/** Ascending, none of them among the others. */
function checkDates(
  dates: readonly number[],
  field: string,
  others: readonly number[],
): Refusal | undefined {
  const length = checkLength(dates, 0, MAX_EXCEPTIONS, field)
  if (length !== undefined) return length
  const taken = new Set(others)
  let before = 0
  for (const [i, date] of dates.entries()) {
    if (!isServiceDate(date) || date <= before || taken.has(date)) return invalid(`${field}[${i}]`)
    before = date
  }
  return undefined
}
