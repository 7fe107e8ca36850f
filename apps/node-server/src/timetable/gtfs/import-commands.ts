import type { Command, StationInput } from '@quorail/booking-fsm'
import { defaultConsist } from './default-consist.ts'
import type { TrainToImport } from './reconcile.ts'

/** So many at a time: an entry stays far below 1 MiB and applies within a few milliseconds. */
export const stationsPerCommand = 200
export const runsPerCommand = 200

/** Everything between `beginImport`, whose reply gives the id, and `commitImport`. */
export function* stagedCommands(
  importId: number,
  stations: readonly StationInput[],
  trains: readonly TrainToImport[],
): Iterable<Command> {
  for (const part of inParts(stations, stationsPerCommand)) {
    yield { type: 'putStations', importId, stations: part }
  }
  for (const { trainId, number, name, stops, runs } of trains) {
    if (trainId === 0) {
      const coaches = defaultConsist
      yield { type: 'addTrain', importId, number, name, stops, coaches, calendar: undefined }
    }
    // Without an id it means the train of the number that was added last, which is the one above.
    const trainNumber = trainId === 0 ? number : ''
    for (const part of inParts(runs, runsPerCommand)) {
      yield { type: 'addRuns', importId, trainId, trainNumber, runs: part }
    }
  }
}

function* inParts<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
