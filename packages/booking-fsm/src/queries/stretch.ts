import { arrivalMs, departureMs } from '../fares.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'
import { lateView } from './delays.ts'

/** What a journey, a leg and a booking say alike of the part of a run between two of its stops. */
export function stretchView(state: BookingState, run: Run, fromStop: number, toStop: number) {
  const { train } = run
  const metres = (stop: number) => train.stops[stop]?.distanceMetres ?? 0
  return {
    runId: run.runId,
    trainNumber: train.number,
    trainName: train.name,
    serviceDate: run.serviceDate,
    fromStop,
    toStop,
    fromStationId: train.stationIds[fromStop] as number,
    toStationId: train.stationIds[toStop] as number,
    departureMs: departureMs(run, fromStop),
    arrivalMs: arrivalMs(run, toStop),
    ...lateView(state, run, fromStop, toStop),
    distanceMetres: metres(toStop) - metres(fromStop),
  }
}
