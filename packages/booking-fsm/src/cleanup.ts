/** Rows of aborted imports go in bounded portions, in an order that follows from the rows alone. */

import { deleteRow, type Work, writeRow } from './store.ts'
import type { Import } from './things.ts'
import { removeRun, removeStation, removeTrain } from './timetable.ts'

const ROWS_PER_ENTRY = 500

export function cleanAbortedImports(work: Work): void {
  const { aborting } = work.state
  let rows = ROWS_PER_ENTRY
  for (let next = aborting[0]; next !== undefined && rows > 0; next = aborting[0]) {
    rows -= cleanRows(work, next, rows)
    if (rows === 0) return
    aborting.shift()
    next.status = 'aborted'
    writeRow(work, 'imports', next)
  }
}

/** Removes up to `limit` rows; gives how many. What refers to something goes before it. */
function cleanRows(work: Work, imported: Import, limit: number): number {
  const { state } = work
  const { changes, runs, trains, stations } = imported.staged
  let removed = 0
  for (const change of changes.values()) {
    if (removed++ === limit) return limit
    changes.delete(change.stationId)
    deleteRow(work, 'station_changes', change, [change.importId, change.stationId])
  }
  for (const run of runs) {
    if (removed++ === limit) return limit
    runs.delete(run)
    removeRun(state, run)
    deleteRow(work, 'runs', run, [run.runId])
  }
  for (const train of trains) {
    if (removed++ === limit) return limit
    trains.delete(train)
    removeTrain(state, train)
    deleteRow(work, 'trains', train, [train.trainId])
  }
  for (const station of stations) {
    if (removed++ === limit) return limit
    stations.delete(station)
    removeStation(state, station)
    deleteRow(work, 'stations', station, [station.stationId])
  }
  return removed
}
