import type { AddTrain, Coach, Seating, TrainCalendar, TrainStop } from '../../src/index.ts'
import { refuse } from './refuse.ts'
import {
  checkBoolean,
  checkId,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  classPattern,
  isRealDate,
} from './shapes.ts'

export function checkTrainShape(command: AddTrain): void {
  if (command.importId !== undefined) checkId(command.importId, 'importId')
  checkText(command.number, 1, 32, 'number')
  checkText(command.name, 0, 200, 'name')
  checkLength(command.stops, 2, 121, 'stops')
  command.stops.forEach((stop, i) => {
    checkStop(stop, command.stops[i - 1], `stops[${i}]`)
  })
  checkCoaches(command.coaches)
  if (command.calendar !== undefined) checkCalendar(command.calendar)
}

export function checkCoaches(coaches: readonly Coach[]): void {
  checkLength(coaches, 1, 40, 'coaches')
  coaches.forEach((coach, i) => {
    checkCoach(coach, coaches.slice(0, i), `coaches[${i}]`)
  })
  const seats = coaches.reduce((sum, coach) => sum + seatLabelsOf(coach).length, 0)
  if (seats > 2_000) refuse('tooMany', { field: 'coaches', figure: 2_000 })
}

function checkStop(stop: TrainStop, before: TrainStop | undefined, at: string): void {
  checkText(stop.stationCode, 1, 64, `${at}.stationCode`)
  checkInt(stop.arrivalSeconds, before?.departureSeconds ?? 0, 1_209_600, `${at}.arrivalSeconds`)
  checkInt(stop.departureSeconds, stop.arrivalSeconds, 1_209_600, `${at}.departureSeconds`)
  checkInt(stop.distanceMetres, before?.distanceMetres ?? 0, 40_000_000, `${at}.distanceMetres`)
  checkBoolean(stop.boarding, `${at}.boarding`)
  checkBoolean(stop.alighting, `${at}.alighting`)
}

function checkCoach(coach: Coach, earlier: readonly Coach[], at: string): void {
  checkText(coach.label, 1, 16, `${at}.label`)
  if (earlier.some((other) => other.label === coach.label)) {
    refuse('invalidField', { field: `${at}.label` })
  }
  checkPattern(coach.classCode, classPattern, `${at}.classCode`)
  checkInt(coach.rows, 1, 200, `${at}.rows`)
  checkPattern(coach.columns, /^[A-Z](-?[A-Z])*$/, `${at}.columns`)
  const letters = lettersOf(coach)
  if (new Set(letters).size !== letters.length) refuse('invalidField', { field: `${at}.columns` })
  if (coach.seating !== undefined) checkSeating(coach, coach.seating, `${at}.seating`)
}

function checkSeating(coach: Coach, seating: Seating, at: string): void {
  if (seating === null || typeof seating !== 'object') refuse('invalidField', { field: at })
  checkInt(seating.bayRows, 0, 4, `${at}.bayRows`)
  checkLength(seating.rules, 0, 64, `${at}.rules`)
  seating.rules.forEach((line, i) => {
    const field = `${at}.rules[${i}]`
    checkInt(line.firstRow, 1, coach.rows, `${field}.firstRow`)
    checkInt(line.lastRow, line.firstRow, coach.rows, `${field}.lastRow`)
    checkPattern(line.letters, /^[A-Z]*$/, `${field}.letters`)
    const letters = [...line.letters]
    const known = letters.every((letter) => lettersOf(coach).includes(letter))
    if (!known || new Set(letters).size < letters.length) {
      refuse('invalidField', { field: `${field}.letters` })
    }
    checkLength(line.properties, 1, 12, `${field}.properties`)
    line.properties.forEach((property, j) => {
      const again = line.properties.slice(0, j).includes(property)
      if (!seatWords.includes(property) || again) {
        refuse('invalidField', { field: `${field}.properties[${j}]` })
      }
    })
  })
}

export const seatWords: readonly string[] = [
  'window',
  'aisle',
  'table',
  'facing',
  'quiet',
  'lowerBerth',
  'middleBerth',
  'upperBerth',
  'sideLowerBerth',
  'sideUpperBerth',
  'wheelchair',
  'companion',
]

/** What is said of a seat, in the order of the words. */
export function propertiesOf(coach: Coach, row: number, letter: string): string[] {
  const lines = coach.seating?.rules ?? []
  const said = lines
    .filter((line) => row >= line.firstRow && row <= line.lastRow)
    .filter((line) => line.letters === '' || line.letters.includes(letter))
    .flatMap((line): string[] => [...line.properties])
  const byLines = lines.some((line) =>
    line.properties.some((word) => word === 'window' || word === 'aisle'),
  )
  if (!byLines) {
    const written = [...coach.columns]
    const at = written.indexOf(letter)
    if (at === 0 || at === written.length - 1) said.push('window')
    if (written[at - 1] === '-' || written[at + 1] === '-') said.push('aisle')
  }
  return seatWords.filter((word) => said.includes(word))
}

export function checkCalendar(calendar: TrainCalendar): void {
  if (calendar === null || typeof calendar !== 'object') {
    refuse('invalidField', { field: 'calendar' })
  }
  checkInt(calendar.weekdays, 0, 127, 'calendar.weekdays')
  if (!isRealDate(calendar.fromDate)) refuse('invalidField', { field: 'calendar.fromDate' })
  if (!isRealDate(calendar.toDate) || calendar.toDate < calendar.fromDate) {
    refuse('invalidField', { field: 'calendar.toDate' })
  }
  checkText(calendar.timeZone, 1, 64, 'calendar.timeZone')
  const { exceptions } = calendar
  if (exceptions === undefined) return
  const at = 'calendar.exceptions'
  if (exceptions === null || typeof exceptions !== 'object') refuse('invalidField', { field: at })
  const { addedDates, removedDates } = exceptions
  for (const [field, dates] of Object.entries({ addedDates, removedDates })) {
    checkLength(dates, 0, 366, `${at}.${field}`)
    dates.forEach((date, i) => {
      const ascends = i === 0 || date > (dates[i - 1] ?? 0)
      const twice = field === 'removedDates' && addedDates.includes(date)
      if (isRealDate(date) && ascends && !twice) return
      refuse('invalidField', { field: `${at}.${field}[${i}]` })
    })
  }
}

function lettersOf(coach: Coach): string[] {
  return [...coach.columns].filter((letter) => letter !== '-')
}

export function seatLabelsOf(coach: Coach): { row: number; letter: string }[] {
  const labels: { row: number; letter: string }[] = []
  for (let row = 1; row <= coach.rows; row++) {
    for (const letter of lettersOf(coach)) labels.push({ row, letter })
  }
  return labels
}
