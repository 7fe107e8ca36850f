/** Bulk work under an id: visible with its commit, gone with its abort. One at a time. */
import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isId, isText } from '../checks.ts'
import type { AbortImport, BeginImport, CommitImport } from '../commands.ts'
import { createImport, mustBeOpen } from '../imports.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'
import type { Import } from '../things.ts'
import { setStationData, showTrain } from '../timetable.ts'

export function beginImport(work: Work, command: BeginImport): Reply {
  const { state } = work
  const { source } = command
  const refusal = firstInvalid([[isText(source, 1, 500), 'source']]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  if (state.openImport !== undefined) {
    return refuse('importNotOpen', { figure: state.openImport.importId })
  }
  const begun = createImport({
    importId: state.meta.nextImportId++,
    source,
    begunAtMs: state.meta.nowMs,
    status: 'open',
    endedAtMs: 0,
  })
  state.imports.set(begun.importId, begun)
  state.openImport = begun
  writeRow(work, 'imports', begun)
  return { type: 'importBegun', importId: begun.importId }
}

export function commitImport(work: Work, command: CommitImport): Reply {
  const imported = openImport(work, command)
  if ('type' in imported) return imported
  const { state } = work
  const { changes, runs, trains, stations } = imported.staged
  end(work, imported, 'committed')
  // Trains and runs carry the import's id, which is visible from here on: their rows stay as they are.
  for (const station of stations) state.stationByCode.set(station.code, station)
  for (const train of trains) showTrain(state, train)
  // By id, not in the order they came: a state that was loaded must write the same rows in the same order.
  for (const change of [...changes.values()].sort((a, b) => a.stationId - b.stationId)) {
    deleteRow(work, 'station_changes', change, [change.importId, change.stationId])
    const station = state.stations.get(change.stationId)
    if (station === undefined) continue
    setStationData(state, station, change.data)
    writeRow(work, 'stations', station)
  }
  state.departures.forgetAll()
  for (const staged of [changes, runs, trains, stations]) staged.clear()
  return { type: 'done' }
}

export function abortImport(work: Work, command: AbortImport): Reply {
  const imported = openImport(work, command)
  if ('type' in imported) return imported
  end(work, imported, 'aborting')
  // The rows go with the next entries, in portions, in the order of their ids.
  const { changes } = imported.staged
  const byStation = [...changes.values()].sort((a, b) => a.stationId - b.stationId)
  changes.clear()
  for (const change of byStation) changes.set(change.stationId, change)
  work.state.aborting.push(imported)
  return { type: 'done' }
}

function openImport(work: Work, command: CommitImport | AbortImport): Import | Reply {
  const { importId } = command
  const refusal =
    firstInvalid([[isId(importId), 'importId']]) ??
    mustBeStaff(work) ??
    mustBeOpen(work.state, importId)
  return refusal ?? (work.state.imports.get(importId) as Import)
}

function end(work: Work, imported: Import, status: 'committed' | 'aborting'): void {
  const { state } = work
  imported.status = status
  imported.endedAtMs = state.meta.nowMs
  forgetStaged(state)
  writeRow(work, 'imports', imported)
}

function forgetStaged(state: BookingState): void {
  state.openImport = undefined
  state.stagedStationByCode.clear()
  state.stagedTrainByNumber.clear()
}
