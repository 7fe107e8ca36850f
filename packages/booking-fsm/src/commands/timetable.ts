/** The timetable, by hand or staged under an import. */
import type { Seating } from './inventory.ts'
import type { Reason } from './reasons.ts'

/** Adds stations, or replaces those with the same code. Staff, operator or cluster. */
export interface PutStations {
  readonly type: 'putStations'
  /** Set when they belong to an import that is not on sale yet. */
  readonly importId: number | undefined
  readonly stations: readonly StationInput[]
}

export interface StationInput {
  /** Unique; at most 64 characters. */
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Normalised spellings (lower case, no accents) of name, aliases and code, to search by. */
  readonly searchTerms: readonly string[]
  readonly latitudeE6: number
  readonly longitudeE6: number
  /** IANA name, for display only. */
  readonly timeZone: string
  /**
   * Code of the station that stands for several, e.g. a city's; absent or '' for none. Whoever asks for
   * that one means all its members.
   */
  readonly groupCode?: string | undefined
  /** Least time between two trains here, in seconds; absent: 300. */
  readonly changeSeconds?: number | undefined
  /** Fare zone; absent or '' for none. */
  readonly zone?: string | undefined
}

export interface AddTrain {
  readonly type: 'addTrain'
  readonly importId: number | undefined
  /** The train's public number, e.g. `IC 204`. */
  readonly number: string
  readonly name: string
  /** In order; 2 to 121. */
  readonly stops: readonly TrainStop[]
  readonly coaches: readonly Coach[]
  /** Days on which the cluster opens runs by itself; absent for trains opened by hand or import. */
  readonly calendar: TrainCalendar | undefined
}

export interface TrainStop {
  readonly stationCode: string
  /** Seconds since "noon minus 12 h" of the service day (GTFS); may exceed 86,400. */
  readonly arrivalSeconds: number
  readonly departureSeconds: number
  /** From the train's first stop; never decreasing. */
  readonly distanceMetres: number
  readonly boarding: boolean
  readonly alighting: boolean
}

export interface Coach {
  /** What is painted on it, e.g. `7`. Unique in the train. */
  readonly label: string
  readonly classCode: string
  /** Rows and letters: seat `rc` stands for row 1… and a letter of `columns`; `columns` like `AB-CD`, `-` is the aisle. */
  readonly rows: number
  readonly columns: string
  /** Absent: windows and aisles as `columns` says, and nothing else. */
  readonly seating?: Seating | undefined
}

export interface TrainCalendar {
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdays: number
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  /** IANA zone in which the train's times are meant; resolved at the door when runs are opened. */
  readonly timeZone: string
  readonly exceptions?: CalendarExceptions | undefined
}

/** Single days that differ from the weekdays; service dates as yyyymmdd, ascending. At most 366 each. */
export interface CalendarExceptions {
  /** On which it runs all the same, inside the dates of the calendar or not. */
  readonly addedDates: readonly number[]
  /** On which it does not; none of the above. */
  readonly removedDates: readonly number[]
}

/**
 * From its first date on the train runs by another calendar. Runs to come on days that it has not leave: what staff
 * opened by hand on such a day, too. Those that somebody has booked, or waits for, stay and are named.
 */
export interface SetCalendar {
  readonly type: 'setCalendar'
  readonly trainId: number
  readonly calendar: TrainCalendar
  /** Why runs are cancelled that can not go without a trace. */
  readonly reason: Reason
}

/** Opens runs of a train. A date that the train already runs on is skipped, not an error. */
export interface AddRuns {
  readonly type: 'addRuns'
  readonly importId: number | undefined
  /** By id, or 0 with `trainNumber` naming the train added last under that number (in the same import, if one is given). */
  readonly trainId: number
  readonly trainNumber: string
  readonly runs: readonly RunInput[]
  /**
   * Dates that the train's calendar has not are skipped as well: it may be another one by now than whoever opens its
   * days has seen. From level 3 on.
   */
  readonly byCalendar?: boolean | undefined
}

export interface RunInput {
  /** yyyymmdd. */
  readonly serviceDate: number
  /** The UTC instant of "noon minus 12 h" of the service day in the train's zone. */
  readonly baseMs: number
}

/** Bulk work staged over entries: nothing under `importId` is visible before `commitImport`. */
export interface BeginImport {
  readonly type: 'beginImport'
  /** What is imported, for the record, e.g. a file's name and hash. */
  readonly source: string
}

export interface CommitImport {
  readonly type: 'commitImport'
  readonly importId: number
}

export interface AbortImport {
  readonly type: 'abortImport'
  readonly importId: number
}
