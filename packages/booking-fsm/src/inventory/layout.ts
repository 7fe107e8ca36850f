/** How a train's seats are numbered and grouped: fixed when the train is added. */
import type { Coach } from '../commands.ts'

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
}

export function layoutOf(coaches: readonly Coach[]): Layout {
  const laidOut: CoachLayout[] = []
  const byClass = new Map<string, CoachLayout[]>()
  let firstSeat = 0
  for (const { label, classCode, rows, columns } of coaches) {
    const letters = columns.replaceAll('-', '')
    const seatCount = rows * letters.length
    const coach = { label, classCode, firstSeat, seatCount, rows, letters }
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
