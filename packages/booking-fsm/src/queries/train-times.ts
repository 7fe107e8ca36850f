import type { TrainStop } from '../commands.ts'
import { isVisible } from '../imports.ts'
import type { BookingState } from '../state.ts'

export interface TrainTimesQuery {
  /** Trains with a greater id. */
  readonly afterTrainId: number
  /** Runs from this service date on, yyyymmdd. */
  readonly fromDate: number
  readonly limit: number
}

/** A train as an import would add it, and the days that it has. */
export interface TrainTimesView {
  readonly trainId: number
  readonly number: string
  readonly name: string
  /** It came with an import. */
  readonly imported: boolean
  readonly stops: readonly TrainStop[]
  /** Visible ones, by instant. */
  readonly runs: readonly TrainDayView[]
}

export interface TrainDayView {
  readonly serviceDate: number
  readonly baseMs: number
  /** It does not go at all. */
  readonly cancelled: boolean
}

/** What is on sale of each train, by id: what an import compares its feed with. */
export function trainTimes(state: BookingState, query: TrainTimesQuery): TrainTimesView[] {
  const { afterTrainId, fromDate, limit } = query
  return [...state.trains.values()]
    .filter(({ trainId, importId }) => trainId > afterTrainId && isVisible(state, importId))
    .sort((a, b) => a.trainId - b.trainId)
    .slice(0, Math.max(limit, 0))
    .map(({ trainId, number, name, importId, stationIds, stops, runs }) => ({
      trainId,
      number,
      name,
      imported: importId > 0,
      stops: stops.map((stop, position) => ({
        stationCode: state.stations.get(stationIds[position] as number)?.code ?? '',
        ...stop,
      })),
      runs: runs
        .filter((run) => run.serviceDate >= fromDate && isVisible(state, run.importId))
        .map(({ serviceDate, baseMs, cancelled, goesTo }) => ({
          serviceDate,
          baseMs,
          cancelled: cancelled && goesTo === 0,
        })),
    }))
}
