/** Who has a wheelchair place keeps one on another train. */
import type { Booking } from '../things.ts'
import { classOf } from './layout.ts'

/** Who had a wheelchair place before the others, as preferences count them. */
export function inOrderOfNeed(booking: Booking, positions: readonly number[]): readonly number[] {
  const needing = positions.filter((position) => hasPlace(booking, position))
  return [...needing, ...positions.filter((position) => !needing.includes(position))]
}

/** The passenger's seat was a wheelchair place, which nobody has who has not asked for it. */
export function hasPlace({ run, classCode, seats }: Booking, position: number): boolean {
  const places = classOf(run.layout, classCode)?.wheelchairs ?? []
  return places.includes(seats[position] as number)
}
