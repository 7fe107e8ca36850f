import type {
  AbortImport,
  AddRuns,
  AddTrain,
  BeginImport,
  CommitImport,
  Entry,
  PutStations,
  Reply,
  StationInput,
} from '../../src/index.ts'
import { goesOn } from './calendar-commands.ts'
import { needStaff } from './caller.ts'
import { refuse } from './refuse.ts'
import {
  checkBoolean,
  checkId,
  checkInt,
  checkLength,
  checkText,
  isRealDate,
  maxInstant,
  maxSafe,
} from './shapes.ts'
import { checkTrainShape } from './train-shape.ts'
import type { ModelTrain, World } from './world.ts'

const done: Reply = { type: 'done' }

function needOpen(world: World, importId: number | undefined): void {
  if (importId === undefined) return
  const found = world.imports.find((i) => i.id === importId)
  if (found === undefined) refuse('importNotFound', { field: 'importId' })
  else if (!found.open) refuse('importNotOpen')
}

export function putStations(world: World, entry: Entry, command: PutStations): Reply {
  if (command.importId !== undefined) checkId(command.importId, 'importId')
  checkLength(command.stations, 1, 1_000, 'stations')
  command.stations.forEach((station, i) => {
    const at = `stations[${i}]`
    checkText(station.code, 1, 64, `${at}.code`)
    if (command.stations.slice(0, i).some((earlier) => earlier.code === station.code)) {
      refuse('invalidField', { field: `${at}.code` })
    }
    checkText(station.name, 1, 200, `${at}.name`)
    checkLength(station.aliases, 0, 20, `${at}.aliases`)
    station.aliases.forEach((alias, j) => {
      checkText(alias, 1, 200, `${at}.aliases[${j}]`)
    })
    checkLength(station.searchTerms, 0, 64, `${at}.searchTerms`)
    station.searchTerms.forEach((term, j) => {
      checkText(term, 1, 200, `${at}.searchTerms[${j}]`)
    })
    checkInt(station.latitudeE6, -90_000_000, 90_000_000, `${at}.latitudeE6`)
    checkInt(station.longitudeE6, -180_000_000, 180_000_000, `${at}.longitudeE6`)
    checkText(station.timeZone, 1, 64, `${at}.timeZone`)
    const { groupCode, changeSeconds, zone } = station
    if (groupCode !== undefined) checkText(groupCode, 0, 64, `${at}.groupCode`)
    if (groupCode === station.code) refuse('invalidField', { field: `${at}.groupCode` })
    if (changeSeconds !== undefined) checkInt(changeSeconds, 0, 86_400, `${at}.changeSeconds`)
    if (zone !== undefined) checkText(zone, 0, 16, `${at}.zone`)
  })
  needStaff(world, entry)
  needOpen(world, command.importId)
  const importId = command.importId ?? 0
  const isLater = ({ groupCode, changeSeconds, zone }: StationInput) =>
    Boolean(groupCode) || changeSeconds !== undefined || Boolean(zone)
  if (world.featureLevel < 2 && command.stations.some(isLater)) {
    refuse('featureNotActive', { figure: 2 })
  }
  command.stations.forEach(({ groupCode }, i) => {
    if (!groupCode) return
    const there = world.stations.some(
      (s) => s.input.code === groupCode && (s.importId === 0 || s.importId === importId),
    )
    const comes = command.stations.some((s) => s.code === groupCode)
    if (!there && !comes) refuse('stationNotFound', { field: `stations[${i}].groupCode` })
  })
  for (const input of command.stations) replaceStation(world, importId, input)
  return done
}

function replaceStation(
  world: World,
  importId: number,
  input: PutStations['stations'][number],
): void {
  const visible = world.stations.find((s) => s.importId === 0 && s.input.code === input.code)
  if (importId !== 0 && visible !== undefined && isSame(visible.input, input)) {
    // Nothing new under this import: what it brought earlier for this station is taken back.
    world.stations = world.stations.filter(
      (s) => s.importId !== importId || s.input.code !== input.code,
    )
    return
  }
  const known = world.stations.find((s) => s.importId === importId && s.input.code === input.code)
  if (known === undefined) world.stations.push({ importId, input })
  else known.input = input
}

function isSame(a: StationInput, b: StationInput): boolean {
  const plain = ({
    code,
    name,
    aliases,
    searchTerms,
    latitudeE6,
    longitudeE6,
    timeZone,
    groupCode = '',
    changeSeconds,
    zone = '',
  }: StationInput) =>
    JSON.stringify([
      [code, name, aliases, searchTerms, latitudeE6, longitudeE6, timeZone],
      [groupCode, changeSeconds, zone],
    ])
  return plain(a) === plain(b)
}

export function addTrain(world: World, entry: Entry, command: AddTrain): Reply {
  checkTrainShape(command)
  needStaff(world, entry)
  needOpen(world, command.importId)
  const importId = command.importId ?? 0
  const isLater =
    command.calendar?.exceptions !== undefined ||
    command.coaches.some((coach) => coach.seating !== undefined)
  if (world.featureLevel < 2 && isLater) {
    refuse('featureNotActive', { figure: 2 })
  }
  command.stops.forEach((stop, i) => {
    const known = world.stations.some(
      (s) => s.input.code === stop.stationCode && (s.importId === 0 || s.importId === importId),
    )
    if (!known) refuse('stationNotFound', { field: `stops[${i}].stationCode` })
  })
  const { number, name, stops, coaches, calendar } = command
  const id = ++world.given.trains
  world.trains.push({ id, importId, number, name, stops, coaches, calendar })
  return { type: 'trainAdded', trainId: id }
}

export function addRuns(world: World, entry: Entry, command: AddRuns): Reply {
  if (command.importId !== undefined) checkId(command.importId, 'importId')
  checkInt(command.trainId, 0, maxSafe, 'trainId')
  checkText(command.trainNumber, 0, 32, 'trainNumber')
  if (command.byCalendar !== undefined) checkBoolean(command.byCalendar, 'byCalendar')
  checkLength(command.runs, 1, 1_000, 'runs')
  command.runs.forEach((run, i) => {
    if (!isRealDate(run.serviceDate)) refuse('invalidField', { field: `runs[${i}].serviceDate` })
    checkInt(run.baseMs, 0, maxInstant, `runs[${i}].baseMs`)
  })
  needStaff(world, entry)
  needOpen(world, command.importId)
  const importId = command.importId ?? 0
  if (command.byCalendar && world.featureLevel < 3) refuse('featureNotActive', { figure: 3 })
  const train = trainNamed(world, command, importId)
  const runIds: number[] = []
  let skipped = 0
  for (const { serviceDate, baseMs } of command.runs) {
    const isThere = world.runs.some(
      (run) => run.trainId === train.id && run.serviceDate === serviceDate,
    )
    const isOdd = train.calendar === undefined || !goesOn(train.calendar, serviceDate)
    if (isThere || (command.byCalendar && isOdd)) {
      skipped++
      continue
    }
    const id = ++world.given.runs
    world.runs.push({ id, importId, trainId: train.id, serviceDate, baseMs })
    runIds.push(id)
  }
  return { type: 'runsAdded', runIds, skipped }
}

function trainNamed(world: World, command: AddRuns, importId: number): ModelTrain {
  if (command.trainId > 0) {
    const byId = world.trains.find(
      (train) =>
        train.id === command.trainId && (train.importId === 0 || train.importId === importId),
    )
    return byId ?? refuse('trainNotFound', { field: 'trainId' })
  }
  const byNumber = world.trains.findLast(
    (train) => train.number === command.trainNumber && train.importId === importId,
  )
  return byNumber ?? refuse('trainNotFound', { field: 'trainNumber' })
}

export function beginImport(world: World, entry: Entry, command: BeginImport): Reply {
  checkText(command.source, 1, 500, 'source')
  needStaff(world, entry)
  const open = world.imports.find((i) => i.open)
  if (open !== undefined) refuse('importNotOpen', { figure: open.id })
  const id = world.imports.length + 1
  world.imports.push({ id, open: true, gone: false })
  return { type: 'importBegun', importId: id }
}

export function endImport(world: World, entry: Entry, command: CommitImport | AbortImport): Reply {
  checkId(command.importId, 'importId')
  needStaff(world, entry)
  needOpen(world, command.importId)
  const ended = world.imports.find((i) => i.id === command.importId)
  if (ended !== undefined) ended.open = false
  const mine = (thing: { importId: number }) => thing.importId === command.importId
  const staged = world.stations.filter(mine)
  world.stations = world.stations.filter((station) => !mine(station))
  if (command.type === 'commitImport') {
    for (const { input } of staged) replaceStation(world, 0, input)
    for (const thing of [...world.trains, ...world.runs].filter(mine)) thing.importId = 0
  } else {
    world.trains = world.trains.filter((train) => !mine(train))
    world.runs = world.runs.filter((run) => !mine(run))
  }
  return done
}
