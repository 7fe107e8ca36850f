/** What every draw of a command is made of. */
import type { Command } from '../../src/index.ts'
import type { ModelBooking, World } from './world.ts'

/** Gives the step's next number. */
export type Draw = () => number

export interface Asked {
  readonly actor: number
  readonly command: Command
}

export const pick = <T>(list: readonly T[], draw: Draw): T | undefined => list[draw() % list.length]
export const oneIn = (count: number, draw: Draw) => draw() % count === 0

export function passenger(world: World, draw: Draw): number {
  if (oneIn(40, draw)) return draw() % 9
  // Those that are closed, mostly not: in a long history they would be nearly all.
  const open = world.accounts.filter(({ closed }) => !closed)
  return pick(oneIn(12, draw) ? world.accounts : open, draw)?.id ?? 1
}

export function staff(world: World, draw: Draw): number {
  const able = world.accounts.filter(
    ({ role, closed }) => !closed && (role === 'staff' || role === 'operator'),
  )
  return oneIn(8, draw) ? passenger(world, draw) : (pick(able, draw)?.id ?? 0)
}

/** A command on a booking that suits it, mostly, by its owner, mostly. */
export function onBooking(
  world: World,
  draw: Draw,
  suits: (booking: ModelBooking) => boolean,
  command: (bookingId: number, booking: ModelBooking | undefined) => Command,
): Asked {
  const suited = world.bookings.filter(suits).slice(-30)
  const booking = pick(suited.length > 0 && !oneIn(6, draw) ? suited : world.bookings, draw)
  const actor = oneIn(20, draw) ? passenger(world, draw) : (booking?.accountId ?? 1)
  return { actor, command: command(booking?.id ?? draw() % 5, booking) }
}
