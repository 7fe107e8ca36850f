/** How a train's seats are numbered and grouped: fixed when the train is added. */
import type { Coach } from '../commands.ts'

export interface Layout {
  readonly capacity: number
  readonly coaches: readonly CoachLayout[]
  readonly classes: readonly ClassLayout[]
}
export interface CoachLayout {
  readonly label: string
  readonly classCode: string
  readonly firstSeat: number
  readonly seatCount: number
  readonly rows: number
  /** The letters in order, without aisles. */
  readonly letters: string
}
/** The coaches of one class, in train order. */
export interface ClassLayout {
  readonly classCode: string
  readonly capacity: number
  readonly coaches: readonly CoachLayout[]
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
  const classes = [...byClass].map(([classCode, of]) => ({
    classCode,
    capacity: of.reduce((sum, coach) => sum + coach.seatCount, 0),
    coaches: of,
  }))
  return { capacity: firstSeat, coaches: laidOut, classes }
}

export function classOf(layout: Layout, classCode: string): ClassLayout | undefined {
  return layout.classes.find((of) => of.classCode === classCode)
}

/** The coach a seat is in; undefined beyond the train. */
export function coachOf(layout: Layout, seat: number): CoachLayout | undefined {
  return layout.coaches.find(
    (coach) => seat >= coach.firstSeat && seat < coach.firstSeat + coach.seatCount,
  )
}

/** The row as painted, from 1. */
export function rowOf(coach: CoachLayout, seat: number): number {
  return Math.floor((seat - coach.firstSeat) / coach.letters.length) + 1
}

export function letterOf(coach: CoachLayout, seat: number): string {
  return coach.letters.charAt((seat - coach.firstSeat) % coach.letters.length)
}
