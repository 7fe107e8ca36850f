/** Places whose seats are given later, looked at by brute force. */
import { hasDeparted } from '../../src/fares.ts'
import type { ClassLayout } from '../../src/inventory/layout.ts'
import { isFree } from '../../src/inventory/occupancy.ts'
import { arePlacesClosed } from '../../src/inventory/seat-rule.ts'
import { laterBy, overbookedBy } from '../../src/seat-promise/rule.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking, Run } from '../../src/things.ts'
import { type Check, isSeatless, travellers } from './check.ts'

export function seatsOfClass({ layout }: Run, of: ClassLayout): number[] {
  const { capacity, classAt } = layout
  return Array.from({ length: capacity }, (_, seat) => seat).filter(
    (seat) => classAt[seat] === of.position,
  )
}

function seatlessOn(bookings: readonly Booking[], run: Run, of: ClassLayout, at: number): number {
  return bookings
    .filter((it) => isSeatless(it) && it.run === run && it.classCode === of.classCode)
    .filter(({ fromStop, toStop }) => fromStop <= at && at < toStop)
    .reduce((sum, it) => sum + travellers(it).length, 0)
}

function openOn(run: Run, of: ClassLayout, at: number): number {
  const { inventory } = run
  const ordinary = seatsOfClass(run, of).filter((seat) => !of.wheelchairs.includes(seat))
  if (inventory === undefined) return ordinary.length
  return ordinary.filter((seat) => isFree(inventory, seat, at, inventory.segments)).length
}

/** What some rule ever allowed beyond the seats of a class like this. */
export function mostBeyond({ overbookingRules }: BookingState, of: ClassLayout): number {
  const shares = overbookingRules.flatMap(({ lines }) =>
    lines.filter((it) => it.classCode === of.classCode).map(({ basisPoints }) => basisPoints),
  )
  return Math.floor((of.capacity * Math.max(0, ...shares)) / 10_000)
}

/** Who wants to travel for so many segments can be told yes: one by one, without asking how it is found out. */
export function partyThatFits(
  state: BookingState,
  bookings: readonly Booking[],
  run: Run,
  of: ClassLayout,
  from: number,
  to: number,
  freeSeats: number,
): number {
  const all = Array.from({ length: run.train.stops.length - 1 }, (_, at) => at)
  const { nowMs } = state.meta
  const isLater = laterBy(state, run, of, nowMs) !== undefined
  const waits = all.filter((at) => seatlessOn(bookings, run, of, at) > 0)
  if (!isLater && waits.length === 0) return freeSeats
  const within = isLater ? all.filter((at) => at >= from && at < to) : waits.filter((at) => at < to)
  const left = within.map((at) => openOn(run, of, at) - seatlessOn(bookings, run, of, at))
  const { inventory } = run
  const closed = arePlacesClosed(state, run, of, nowMs)
  const gaps = seatsOfClass(run, of).filter((seat) => {
    if (inventory !== undefined && !isFree(inventory, seat, from, to)) return false
    if (of.wheelchairs.includes(seat)) return !closed
    return inventory !== undefined && !isFree(inventory, seat, to, inventory.segments)
  })
  const beyond = overbookedBy(state, run, of, nowMs)
  const places = Math.min(...left.map((seats) => seats + beyond))
  return Math.max(gaps.length, Math.min(isLater ? places : freeSeats, places))
}

export const laterChecks: Readonly<Record<string, Check>> = {
  /** Whoever was promised a place finds a seat, and nobody is without one at departure. */
  L1: ({ state, scope }) => {
    for (const run of scope.runs) {
      const bookings = scope.liveOn(run).filter(isSeatless)
      for (const of of run.layout.classes) {
        const counted = run.inventory?.later?.[of.position]
        for (let at = 0; at < run.train.stops.length - 1; at++) {
          const places = bookings.length === 0 ? 0 : seatlessOn(bookings, run, of, at)
          const where = () => `run ${run.runId}, class ${of.classCode}, segment ${at}`
          if ((counted?.[at] ?? 0) !== places) return `${where()}: ${counted?.[at]} of ${places}`
          if (places > 0 && places > openOn(run, of, at) + mostBeyond(state, of)) {
            return `${where()}: ${places} will find no seat`
          }
        }
      }
    }
    const { nowMs } = state.meta
    const late = scope.seatless.find(
      (it) =>
        !it.run.cancelled &&
        hasDeparted(it.run, it.fromStop, nowMs) &&
        !state.seating.has(it.run) &&
        !isDue(state, it.run),
    )
    return late === undefined ? undefined : `${late.bookingId} has left without a seat`
  },
}

/** One list is closed in an entry. */
function isDue({ charts, meta }: BookingState, { runId }: Run): boolean {
  const chart = charts.get(runId)
  return chart !== undefined && chart.closedAtMs === 0 && chart.closesAtMs <= meta.nowMs
}
