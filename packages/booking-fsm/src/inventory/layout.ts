/** How a train's seats are numbered and grouped: fixed when the train is added. */
import type { Coach, Seating } from '../commands.ts'
import { propertyBits, seatMasks } from './seat-properties.ts'

export interface Layout {
  readonly capacity: number
  readonly coaches: readonly CoachLayout[]
  readonly classes: readonly ClassLayout[]
  /** Per seat: which of `coaches` and which of `classes`. */
  readonly coachAt: Uint8Array
  readonly classAt: Uint8Array
}
/** Seats that follow each other: a row or a coach. */
export interface Unit {
  readonly firstSeat: number
  readonly seatCount: number
}
export interface CoachLayout extends Unit {
  readonly label: string
  readonly classCode: string
  readonly rows: number
  /** The letters in order, without aisles. */
  readonly letters: string
  readonly columns: string
  readonly seating: Seating | undefined
  /** Per seat of the coach its properties; made when somebody asks. */
  masks: Uint16Array | undefined
}
/** The coaches of one class, in train order. */
export interface ClassLayout {
  /** Its place among the train's classes. */
  readonly position: number
  readonly classCode: string
  readonly capacity: number
  readonly coaches: readonly CoachLayout[]
  /** Of each coach its rows. */
  readonly rows: readonly (readonly Unit[])[]
  /** The seats of each bay, coach by coach, row by row, side by side. */
  readonly bays: readonly (readonly number[])[]
  /** Seats that are wheelchair places. */
  readonly wheelchairs: readonly number[]
}

export function layoutOf(coaches: readonly Coach[]): Layout {
  const laidOut: CoachLayout[] = []
  const byClass = new Map<string, CoachLayout[]>()
  let firstSeat = 0
  for (const { label, classCode, rows, columns, seating } of coaches) {
    const letters = columns.replaceAll('-', '')
    const seatCount = rows * letters.length
    const coach: CoachLayout = {
      label,
      classCode,
      firstSeat,
      seatCount,
      rows,
      letters,
      columns,
      seating,
      masks: undefined,
    }
    laidOut.push(coach)
    const sameClass = byClass.get(classCode)
    if (sameClass === undefined) byClass.set(classCode, [coach])
    else sameClass.push(coach)
    firstSeat += seatCount
  }
  const classes = [...byClass].map(([classCode, of], position) => ({
    position,
    classCode,
    capacity: of.reduce((sum, coach) => sum + coach.seatCount, 0),
    coaches: of,
    rows: of.map(rowsOf),
    ...specialsOf(of),
  }))
  return {
    capacity: firstSeat,
    coaches: laidOut,
    classes,
    ...seatIndexes(firstSeat, laidOut, classes),
  }
}

function seatIndexes(
  capacity: number,
  coaches: readonly CoachLayout[],
  classes: readonly ClassLayout[],
): Pick<Layout, 'coachAt' | 'classAt'> {
  const coachAt = new Uint8Array(capacity)
  const classAt = new Uint8Array(capacity)
  for (const [i, { classCode, firstSeat, seatCount }] of coaches.entries()) {
    const end = firstSeat + seatCount
    coachAt.fill(i, firstSeat, end)
    classAt.fill(
      classes.findIndex((of) => of.classCode === classCode),
      firstSeat,
      end,
    )
  }
  return { coachAt, classAt }
}

function rowsOf({ firstSeat, rows, letters: { length } }: CoachLayout): Unit[] {
  const units: Unit[] = []
  for (let row = 0; row < rows; row++) {
    units.push({ firstSeat: firstSeat + row * length, seatCount: length })
  }
  return units
}

/** Nothing is made for coaches about which nothing is special. */
function specialsOf(coaches: readonly CoachLayout[]): Pick<ClassLayout, 'bays' | 'wheelchairs'> {
  const special = coaches.filter(({ seating }) => seating !== undefined)
  if (special.length === 0) return plain
  const wheelchairs: number[] = []
  for (const coach of special) {
    masksOf(coach).forEach((mask, at) => {
      if ((mask & propertyBits.wheelchair) !== 0) wheelchairs.push(coach.firstSeat + at)
    })
  }
  return { bays: special.flatMap(baysOf), wheelchairs }
}
const plain = { bays: [], wheelchairs: [] } as const

function baysOf({ firstSeat, rows, columns, letters, seating }: CoachLayout): number[][] {
  const bayRows = seating?.bayRows ?? 0
  const bays: number[][] = []
  for (let first = 0; bayRows > 0 && first < rows; first += bayRows) {
    let column = 0
    for (const side of columns.split('-')) {
      const bay: number[] = []
      for (let row = first; row < Math.min(first + bayRows, rows); row++) {
        for (let at = 0; at < side.length; at++) {
          bay.push(firstSeat + row * letters.length + column + at)
        }
      }
      bays.push(bay)
      column += side.length
    }
  }
  return bays
}

/** Per seat of the coach its properties, as bits. */
export function masksOf(coach: CoachLayout): Uint16Array {
  coach.masks ??= seatMasks(coach.rows, coach.columns, coach.seating)
  return coach.masks
}

export function classOf(layout: Layout, classCode: string): ClassLayout | undefined {
  return layout.classes.find((of) => of.classCode === classCode)
}

/** The coach a seat is in; undefined beyond the train. */
export function coachOf(layout: Layout, seat: number): CoachLayout | undefined {
  return seat < layout.capacity ? layout.coaches[layout.coachAt[seat] as number] : undefined
}

/** The row as painted, from 1. */
export function rowOf(coach: CoachLayout, seat: number): number {
  return Math.floor((seat - coach.firstSeat) / coach.letters.length) + 1
}

export function letterOf(coach: CoachLayout, seat: number): string {
  return coach.letters.charAt((seat - coach.firstSeat) % coach.letters.length)
}
