/** Putting stations, trains and runs into memory: by commands, and by loading their rows. */

import { isVisible } from './imports.ts'
import { applyBlocks } from './inventory/blocks.ts'
import type { BookingState } from './state.ts'
import type { Run, Station, StationData, Train } from './things.ts'

export function addStation(state: BookingState, station: Station): void {
  state.stations.set(station.stationId, station)
  joinGroup(state, station)
  const imported = state.imports.get(station.importId)
  if (isVisible(state, station.importId)) state.stationByCode.set(station.code, station)
  else imported?.staged.stations.add(station)
  if (imported?.status === 'open') state.stagedStationByCode.set(station.code, station)
}

export function addTrain(state: BookingState, train: Train): void {
  state.trains.set(train.trainId, train)
  const imported = state.imports.get(train.importId)
  if (isVisible(state, train.importId)) showTrain(state, train)
  else imported?.staged.trains.add(train)
  if (imported?.status === 'open') state.stagedTrainByNumber.set(train.number, train)
  train.stationIds.forEach((stationId, position) => {
    const calls = state.stations.get(stationId)?.calls
    const positions = calls?.get(train)
    if (positions === undefined) calls?.set(train, [position])
    else positions.push(position)
  })
}

/** A train's number names the one with the greatest id. */
export function showTrain(state: BookingState, train: Train): void {
  const other = state.trainByNumber.get(train.number)
  if (other === undefined || other.trainId < train.trainId) {
    state.trainByNumber.set(train.number, train)
  }
}

export function addRun(state: BookingState, run: Run): void {
  state.runs.set(run.runId, run)
  const { runs, serviceDates } = run.train
  let at = runs.length
  while (at > 0 && compareRuns(runs[at - 1] as Run, run) > 0) at--
  runs.splice(at, 0, run)
  serviceDates.add(run.serviceDate)
  state.departures.add(run)
  if (!isVisible(state, run.importId)) state.imports.get(run.importId)?.staged.runs.add(run)
  if (state.blocks.size > 0) applyBlocks(state, run)
}

export function removeStation(state: BookingState, station: Station): void {
  state.stations.delete(station.stationId)
  leaveGroup(state, station)
}

export function removeTrain(state: BookingState, train: Train): void {
  state.trains.delete(train.trainId)
  for (const stationId of train.stationIds) state.stations.get(stationId)?.calls.delete(train)
}

export function removeRun(state: BookingState, run: Run): void {
  state.runs.delete(run.runId)
  state.departures.remove(run)
  const { runs, serviceDates } = run.train
  runs.splice(runs.indexOf(run), 1)
  // A date is taken again when a run was added for it while this one was waiting to be removed.
  if (!runs.some((other) => other.serviceDate === run.serviceDate)) {
    serviceDates.delete(run.serviceDate)
  }
}

export function createStation(
  fields: Pick<Station, 'stationId' | 'code' | 'data' | 'importId'>,
): Station {
  const haystack = haystackOf(fields.data)
  return { hashLow: 0, hashHigh: 0, ...fields, haystack, calls: new Map() }
}

export function setStationData(state: BookingState, station: Station, data: StationData): void {
  leaveGroup(state, station)
  station.data = data
  joinGroup(state, station)
  station.haystack = haystackOf(data)
}

function joinGroup({ membersOf }: BookingState, station: Station): void {
  const { groupCode } = station.data
  if (groupCode === '') return
  const members = membersOf.get(groupCode)
  if (members === undefined) membersOf.set(groupCode, new Set([station]))
  else members.add(station)
}

function leaveGroup({ membersOf }: BookingState, station: Station): void {
  const { groupCode } = station.data
  const members = membersOf.get(groupCode)
  members?.delete(station)
  if (members?.size === 0) membersOf.delete(groupCode)
}

function haystackOf(data: StationData): string {
  return `\n${data.searchTerms.join('\n')}`
}

function compareRuns(a: Run, b: Run): number {
  return a.baseMs - b.baseMs || a.runId - b.runId
}
