import type { StationChoice } from '@/features/search/model/station-combobox'

/** A train as it is being written down, before the cluster has seen it. */
export interface TrainDraft {
  readonly number: string
  readonly name: string
  /** Not chosen yet: as the other trains have it. */
  readonly timeZone: string | undefined
  readonly stops: readonly StopDraft[]
  readonly coaches: readonly CoachDraft[]
}

export interface StopDraft {
  readonly key: number
  readonly station: StationChoice | undefined
  readonly arrival: string
  readonly departure: string
}

export interface CoachDraft {
  readonly key: number
  readonly label: string
  readonly classCode: string
  readonly rows: number
  readonly columns: string
}

let keys = 0

export function newStop(): StopDraft {
  return { key: ++keys, station: undefined, arrival: '', departure: '' }
}

export function newCoach(label: string): CoachDraft {
  return { key: ++keys, label, classCode: '2', rows: 20, columns: 'AB-CD' }
}

export function emptyDraft(): TrainDraft {
  return {
    number: '',
    name: '',
    timeZone: undefined,
    stops: [newStop(), newStop()],
    coaches: [{ ...newCoach('1'), classCode: '1', rows: 14, columns: 'A-CD' }, newCoach('2')],
  }
}

/** The first stop has no arrival and the last no departure: each takes the other's time. */
export function wireStops(stops: readonly StopDraft[]) {
  return stops.map(({ station, arrival, departure }, index) => ({
    stationCode: station?.code ?? '',
    arrival: index === 0 ? departure : arrival,
    departure: index === stops.length - 1 ? arrival : departure,
    distanceMetres: 0,
  }))
}

export function seatsOf({ rows, columns }: Pick<CoachDraft, 'rows' | 'columns'>): number {
  return rows * columns.replaceAll('-', '').length
}
