import type { CoachLayout, Seat } from '@quorail/proto/quorail/booking/v1/types_pb'

export type SeatPosition = 'window' | 'aisle' | 'middle'

export interface SeatView {
  readonly seat: number
  readonly coach: string
  readonly classCode: string
  readonly label: string
  /** From 1. */
  readonly row: number
  /** Place across the coach, from 1; the aisle takes one as well. */
  readonly lane: number
  readonly position: SeatPosition
  readonly free: boolean
}

export interface CoachView {
  readonly label: string
  readonly classCode: string
  readonly rows: number
  readonly lanes: number
  readonly aisles: readonly number[]
  readonly seats: readonly SeatView[]
  readonly freeSeats: number
}

export function buildCoaches(
  layouts: readonly Pick<CoachLayout, 'label' | 'classCode' | 'rows' | 'columns'>[],
  seats: readonly Pick<Seat, 'seat' | 'coachLabel' | 'label' | 'row' | 'column' | 'free'>[],
): readonly CoachView[] {
  return layouts.map(({ label, classCode, rows, columns }) => {
    const letters = [...columns]
    const views = seats
      .filter(({ coachLabel }) => coachLabel === label)
      .map(({ seat, label: name, row, column, free }): SeatView => {
        const lane = letters.indexOf(column) + 1
        const position = positionOf(letters, lane - 1)
        return { seat, coach: label, classCode, label: name, row, lane, position, free }
      })
    return {
      label,
      classCode,
      rows,
      lanes: letters.length,
      aisles: letters.flatMap((letter, index) => (letter === '-' ? [index + 1] : [])),
      seats: views,
      freeSeats: views.filter(({ free }) => free).length,
    }
  })
}

function positionOf(letters: readonly string[], index: number): SeatPosition {
  if (index <= 0 || index === letters.length - 1) return 'window'
  return letters[index - 1] === '-' || letters[index + 1] === '-' ? 'aisle' : 'middle'
}

export type SeatState = 'free' | 'taken' | 'chosen' | 'lost' | 'suggested'

const stateWords: Readonly<Record<SeatState, string>> = {
  free: 'free',
  taken: 'taken',
  chosen: 'chosen by you',
  lost: 'just taken by someone else',
  suggested: 'free, close to the seat you lost',
}

/** The full name of a seat, e.g. "Coach 3, seat 12A, window, free". */
export function seatName(seat: SeatView, state: SeatState): string {
  return `Coach ${seat.coach}, seat ${seat.label}, ${seat.position}, ${stateWords[state]}`
}

/** In a coach drawn upright rows go down; in one drawn lying they go to the right. */
export type Orientation = 'upright' | 'lying'

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
}

/** Where a key leads from a seat; undefined for other keys. Aisles and gaps are stepped over. */
export function moveInGrid(
  coach: CoachView,
  from: SeatView,
  key: string,
  orientation: Orientation,
): SeatView | undefined {
  if (key === 'Home') return coach.seats[0]
  if (key === 'End') return coach.seats.at(-1)
  const step = steps[key]
  if (step === undefined) return undefined
  const [rowStep, laneStep] = orientation === 'upright' ? step : [step[1], step[0]]
  let [row, lane] = [from.row + rowStep, from.lane + laneStep]
  while (row >= 1 && row <= coach.rows && lane >= 1 && lane <= coach.lanes) {
    const found = coach.seats.find((seat) => seat.row === row && seat.lane === lane)
    if (found !== undefined) return found
    row += rowStep
    lane += laneStep
  }
  return from
}

/** Free seats of the class close to the given one: its coach first, then by distance. */
export function nearestFree(
  coaches: readonly CoachView[],
  lost: SeatView,
  excluded: ReadonlySet<number>,
  count: number,
): readonly SeatView[] {
  const home = coaches.findIndex(({ label }) => label === lost.coach)
  const distance = (seat: SeatView, coach: number) =>
    Math.abs(coach - home) * 1_000 +
    Math.abs(seat.row - lost.row) * 2 +
    Math.abs(seat.lane - lost.lane)
  return coaches
    .flatMap((coach, at) => coach.seats.map((seat) => ({ seat, away: distance(seat, at) })))
    .filter(({ seat }) => seat.free && seat.classCode === lost.classCode)
    .filter(({ seat }) => !excluded.has(seat.seat))
    .sort((a, b) => a.away - b.away || a.seat.seat - b.seat.seat)
    .slice(0, count)
    .map(({ seat }) => seat)
}
