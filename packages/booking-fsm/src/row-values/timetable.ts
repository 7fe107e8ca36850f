/** The rows of stations, trains, runs and what is kept off sale. */
import type { Coach } from '../commands.ts'
import { packSeating } from '../inventory/seat-properties.ts'
import type { RowValues } from '../row-values.ts'
import type { Value } from '../rows.ts'
import type { StationData, Train } from '../things.ts'

export const timetableRows = {
  imports: (it) => [it.importId, it.source, it.status, it.begunAtMs, it.endedAtMs],
  stations: (it) => [
    it.stationId,
    it.code,
    ...stationData(it.data),
    it.importId || null,
    ...laterStationData(it.data),
  ],
  station_changes: (it) => [
    it.importId,
    it.stationId,
    ...stationData(it.data),
    ...laterStationData(it.data),
  ],
  trains: (it) => [
    it.trainId,
    it.number,
    it.name,
    JSON.stringify(packedStops(it)),
    packedCoaches(it.coaches),
    it.calendar === undefined ? null : JSON.stringify(packedCalendar(it.calendar)),
    it.importId || null,
  ],
  runs: (it) => [it.runId, it.train.trainId, it.serviceDate, it.baseMs, it.importId || null],
  seat_blocks: (it) => [
    it.blockId,
    it.train.trainId,
    it.runId,
    it.fromDate,
    it.toDate,
    it.seats.join(','),
    it.reason,
    it.accountId,
    it.atMs,
    it.shared ? 1 : null,
  ],
  quotas: (it) => [
    it.trainId,
    it.runId,
    it.fromDate,
    it.classCode,
    JSON.stringify(
      it.pools.map((of) => [
        of.code,
        of.capacity,
        of.roles,
        of.passengerTypes,
        of.releaseBeforeDepartureMs,
      ]),
    ),
  ],
  booking_pools: (it) => [it.bookingId, it.pool],
  run_consists: (it) => [it.runId, it.changedAtMs, packedCoaches(it.coaches)],
  charts: (it) => [it.run.runId, it.closesAtMs, it.closedAtMs, it.offering.atMs],
} satisfies Partial<RowValues>

function stationData(data: StationData): Value[] {
  return [
    data.name,
    JSON.stringify(data.aliases),
    JSON.stringify(data.searchTerms),
    data.latitudeE6,
    data.longitudeE6,
    data.timeZone,
  ]
}

/** The columns that came later. */
function laterStationData({ groupCode, changeSeconds, zone }: StationData): Value[] {
  return [groupCode || null, changeSeconds ?? null, zone || null]
}

/** Station, arrival, departure, distance, 1 for boarding and 2 for alighting. */
function packedStops(train: Train): number[][] {
  return train.stops.map((stop, position) => [
    train.stationIds[position] ?? 0,
    stop.arrivalSeconds,
    stop.departureSeconds,
    stop.distanceMetres,
    (stop.boarding ? 1 : 0) + (stop.alighting ? 2 : 0),
  ])
}

export function packedCoaches(coaches: readonly Coach[]): string {
  return JSON.stringify(coaches.map(packedCoach))
}

/** What is special about it is there only when it is special. */
function packedCoach({ label, classCode, rows, columns, seating }: Coach): unknown[] {
  const plain = [label, classCode, rows, columns]
  return seating === undefined ? plain : [...plain, packSeating(seating)]
}

/** With the exceptions behind, where there are any. */
function packedCalendar(calendar: NonNullable<Train['calendar']>): unknown[] {
  const { weekdays, fromDate, toDate, timeZone, exceptions } = calendar
  const packed = [weekdays, fromDate, toDate, timeZone]
  return exceptions === undefined
    ? packed
    : [...packed, exceptions.addedDates, exceptions.removedDates]
}
