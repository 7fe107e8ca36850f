/** Which coaches a run has, and whether they are being changed. */
import type { Coach } from '../commands/timetable.ts'
import { coachOf, type Layout, letterOf, masksOf, rowOf } from '../inventory/layout.ts'
import { berthOf } from '../inventory/shares.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'
import type { Reseating } from './things.ts'

export function coachesOf({ consist }: BookingState, { runId, train }: Run): readonly Coach[] {
  return consist.own.get(runId)?.coaches ?? train.coaches
}

/** Nothing of it is sold until everybody has moved. */
export function isReseating({ consist }: BookingState, runId: number): boolean {
  if (consist.changing.size === 0) return false
  return consist.changing.get(runId)?.moved === false
}

/** The booking ended before its run became another one: its seat numbers are those of then. */
export function isOfBefore({ consist }: BookingState, { run, expiresAtMs }: Booking): boolean {
  const own = consist.own.get(run.runId)
  return own !== undefined && expiresAtMs <= own.changedAtMs
}

/** Puts it into memory: a new one, or one that is loaded. */
export function keepReseating({ consist }: BookingState, reseating: Reseating): void {
  consist.changing.set(reseating.runId, reseating)
}

/** As it is painted, ['', ''] where there is no seat. */
export type Place = readonly [coachLabel: string, seatLabel: string]

export function placeAt(layout: Layout, seatOrHalf: number): Place {
  const seat = berthOf(seatOrHalf)
  const coach = seat < 0 ? undefined : coachOf(layout, seat)
  if (coach === undefined) return ['', '']
  return [coach.label, `${rowOf(coach, seat)}${letterOf(coach, seat)}`]
}

/** The seat's properties as bits; 0 where there is none. */
export function maskAt(layout: Layout, seatOrHalf: number): number {
  const seat = berthOf(seatOrHalf)
  const coach = seat < 0 ? undefined : coachOf(layout, seat)
  return coach === undefined ? 0 : (masksOf(coach)[seat - coach.firstSeat] as number)
}

/** By a layout's seat the one that is painted the same in another layout; −1: there is none. */
export function samePlaces(from: Layout, to: Layout): Int16Array {
  const same = new Int16Array(from.capacity).fill(-1)
  for (const coach of from.coaches) {
    const other = to.coaches.find(({ label }) => label === coach.label)
    if (other === undefined) continue
    for (let row = 0; row < Math.min(coach.rows, other.rows); row++) {
      for (const [at, letter] of [...coach.letters].entries()) {
        const column = other.letters.indexOf(letter)
        if (column < 0) continue
        const seat = coach.firstSeat + row * coach.letters.length + at
        same[seat] = other.firstSeat + row * other.letters.length + column
      }
    }
  }
  return same
}
