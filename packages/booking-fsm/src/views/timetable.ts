/** What queries give of stations, trains and runs. */

import type { Coach, SeatProperty, TrainCalendar } from '../commands.ts'

export interface StationView {
  readonly stationId: number
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
  readonly timeZone: string
  /** Code of the group that it belongs to; '' for none. */
  readonly groupCode: string
  /** Least time between two trains here. */
  readonly changeSeconds: number
  readonly zone: string
}

export interface StopView {
  readonly stationId: number
  readonly arrivalMs: number
  readonly departureMs: number
  readonly distanceMetres: number
  readonly boarding: boolean
  readonly alighting: boolean
  /** As far as is known: what was recorded for it, or for the last stop before it that has a record. */
  readonly lateMinutes: number
  /** It has come, and so late it was; otherwise it is what is expected. */
  readonly lateFinal: boolean
}

export interface TrainView {
  readonly trainId: number
  readonly number: string
  readonly name: string
  readonly stationIds: readonly number[]
  readonly coaches: readonly Coach[]
  readonly calendar: TrainCalendar | undefined
  /** Latest service date opened, yyyymmdd; 0 when none. */
  readonly lastServiceDate: number
}

export interface RunView {
  readonly runId: number
  readonly trainId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly stops: readonly StopView[]
  readonly coaches: readonly Coach[]
  /** It does not go. */
  readonly cancelled: boolean
  /** When it is cancelled: the stop where it ends; 0: it does not go at all. */
  readonly goesTo: number
}

/** A seat's number in its run: coaches in order, rows in order, letters in order, from 0. */
export interface SeatView {
  readonly seat: number
  readonly coachLabel: string
  readonly classCode: string
  /** Row and letter as painted, e.g. `12C`. */
  readonly label: string
  readonly row: number
  readonly column: string
  /** Free on every segment asked for. */
  readonly free: boolean
  readonly properties: readonly SeatProperty[]
  /** How many segments beside the journey it is free for: the less, the better it fits. 0 when it is not free. */
  readonly residual: number
  /** Free, and may be chosen by number by whoever needs no wheelchair place. */
  readonly offered: boolean
}

/** Who sits where on a run. */
export interface ManifestView {
  readonly runId: number
  /** When its waiting list closes, or closed; 0: by no rule. */
  readonly closesAtMs: number
  readonly closed: boolean
  /** Passengers who wait for it. */
  readonly waiting: number
  /** By seat, then by boarding stop. */
  readonly passengers: readonly {
    readonly bookingId: number
    readonly pnr: string
    /** In the booking. */
    readonly position: number
    readonly name: string
    readonly passengerType: string
    readonly seat: number
    /** Of that berth a half, to sit on. */
    readonly shared: boolean
    readonly seatLabel: string
    readonly coachLabel: string
    readonly classCode: string
    readonly fromStop: number
    readonly toStop: number
    /** Paid for; otherwise held still. */
    readonly sold: boolean
  }[]
}

export interface OccupancyView {
  readonly runId: number
  readonly capacity: number
  /** Per segment: seats sold, seats held (held or paying) and seats off sale. */
  readonly segments: readonly {
    readonly sold: number
    readonly held: number
    readonly blocked: number
  }[]
}
