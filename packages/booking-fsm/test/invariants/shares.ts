/** Berths that two share, looked at by brute force. */
import { isReseating } from '../../src/consist/run-consist.ts'
import { hasDeparted } from '../../src/fares.ts'
import { isOfRun } from '../../src/inventory/blocks.ts'
import { coachOf } from '../../src/inventory/layout.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking, Run } from '../../src/things.ts'
import { isDue } from '../../src/waiting/timed.ts'
import { type Check, isLive, type Step, travellers } from './check.ts'

/** The number of a half: below −9, two for each berth. */
const HALVES_BELOW = -10

export function isHalf(seat: number): boolean {
  return seat <= HALVES_BELOW
}

export function berthOfHalf(half: number): number {
  return Math.floor((HALVES_BELOW - half) / 2)
}

/** Of those who travel on it, somebody sits on half a berth. */
export function isSharer(booking: Booking): boolean {
  return isLive(booking) && travellers(booking).some((at) => isHalf(booking.seats[at] ?? 0))
}

export function sharedOn({ blocks }: BookingState, run: Run): number[] {
  return [...blocks.values()]
    .filter((block) => block.shared && isOfRun(block, run))
    .flatMap(({ seats }) => seats)
}

/** Halves of the class that nobody has on the way, for who would sit on one. */
export function freeHalves(
  { state, scope }: Step,
  { run, fromStop, toStop, classCode }: Pick<Booking, 'run' | 'fromStop' | 'toStop' | 'classCode'>,
): number {
  const taken = new Set(
    scope
      .liveOn(run)
      .filter(isSharer)
      .filter((it) => it.fromStop < toStop && fromStop < it.toStop)
      .flatMap((it) => travellers(it).map((at) => it.seats[at] as number)),
  )
  const berths = sharedOn(state, run).filter(
    (berth) => coachOf(run.layout, berth)?.classCode === classCode,
  )
  const both = berths.flatMap((berth) => [0, 1].map((half) => HALVES_BELOW - berth * 2 - half))
  return both.filter((half) => !taken.has(half)).length
}

/** Whether who shares a berth there has a whole one as soon as there is one. */
export function mayMove(state: BookingState, { run, fromStop }: Booking): boolean {
  return (
    state.charts.get(run.runId)?.closedAtMs === 0 &&
    !run.cancelled &&
    !state.runsInDraws.has(run.runId) &&
    !isReseating(state, run.runId) &&
    !isDue(state, run) &&
    !hasDeparted(run, fromStop, state.meta.nowMs)
  )
}

export const sharesChecks: Readonly<Record<string, Check>> = {
  /** At most two on a berth and segment, on a berth that is shared, of their class, that nobody has alone. */
  R1: ({ state, scope }) => {
    for (const run of scope.runs) {
      const on = scope.liveOn(run)
      const sharers = on.filter(isSharer)
      const isOver = hasDeparted(run, run.train.stops.length - 2, state.meta.nowMs)
      const shared = new Set(sharedOn(state, run))
      const taken = new Map<string, number>()
      for (const booking of sharers) {
        const { bookingId, classCode, fromStop, toStop } = booking
        for (const half of travellers(booking).map((at) => booking.seats[at] as number)) {
          const berth = berthOfHalf(half)
          if (!isHalf(half)) return `${bookingId} sits partly on halves`
          if (!isOver && !shared.has(berth))
            return `${bookingId} sits on ${berth}, which is not shared`
          if (coachOf(run.layout, berth)?.classCode !== classCode) return `class of ${bookingId}`
          const alone = on.find(
            (it) =>
              !isSharer(it) &&
              it.fromStop < toStop &&
              fromStop < it.toStop &&
              travellers(it).some((at) => it.seats[at] === berth),
          )
          if (alone !== undefined && !isOver) return `${alone.bookingId} has ${berth} alone`
          for (let segment = fromStop; segment < toStop; segment++) {
            const place = `${berth}/${segment}`
            const sitting = (taken.get(place) ?? 0) + 1
            if (sitting > 2) return `run ${run.runId}: ${sitting} sit on ${place}`
            taken.set(place, sitting)
          }
        }
      }
      const counted = [...(run.inventory?.shares?.berths ?? [])].sort((a, b) => a - b)
      if (counted.join() !== [...shared].sort((a, b) => a - b).join()) {
        return `run ${run.runId}: ${counted} are shared`
      }
      const berths = new Set([...taken.keys()].map((place) => Number(place.split('/')[0])))
      const known = run.inventory?.shares?.taken.size ?? 0
      if (known !== berths.size) return `run ${run.runId}: ${known} berths are sat on`
      const listed = [...(run.inventory?.shares?.sharers ?? [])].map(
        ([id, halves]) => `${id}/${halves}`,
      )
      const there = sharers.map((it) => `${it.bookingId}/${travellers(it).length}`)
      if (listed.sort().join() !== there.sort().join()) return `run ${run.runId}: ${listed} share`
    }
    return undefined
  },
}
