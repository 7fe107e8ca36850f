/** Which legs of a trip are one journey: there and back are two, and so are days in between. */
import { legsNow } from '../exchanges.ts'
import { arrivalMs, departureMs } from '../fares.ts'
import { DEFAULT_CHANGE_SECONDS } from '../queries/stations.ts'
import { GROUP_WALK_MS } from '../search/rounds.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'

export const ONE_DAY_MS = 86_400_000

/** A run between two of its stops. */
interface Ride {
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
}

/** The journey that the leg is in, of those legs that count; empty when it does not count itself. */
export function journeyOf(
  state: BookingState,
  booking: Booking,
  counts: (leg: Booking) => boolean,
): readonly Booking[] {
  let journey: Booking[] = []
  for (const leg of legsNow(state, booking)) {
    if (!counts(leg)) continue
    if (journey.length > 0 && !goesOn(state, journey, leg)) {
      if (journey.includes(booking)) break
      journey = []
    }
    journey.push(leg)
  }
  return journey.includes(booking) ? journey : []
}

/** How long it takes from one train to the other, where the one arrives and the other leaves. */
export function changeMs(state: BookingState, from: Booking, to: Booking): number {
  const [here, there] = [stationAt(from, from.toStop), stationAt(to, to.fromStop)]
  const least = (stationId: number) =>
    (state.stations.get(stationId)?.data.changeSeconds ?? DEFAULT_CHANGE_SECONDS) * 1_000
  return here === there ? least(here) : Math.max(least(here), least(there)) + GROUP_WALK_MS
}

/** The train as it was sold, whatever the booking was moved to since. */
export function soldAs(
  { disruption, runs }: BookingState,
  { bookingId, run, fromStop, toStop }: Booking,
): Ride {
  const first = disruption.changes.get(bookingId)?.[0]
  const sold = first && runs.get(first.runId)
  if (first === undefined || sold === undefined) return { run, fromStop, toStop }
  return { run: sold, fromStop: first.fromStop, toStop: first.toStop }
}

/** It leaves where the one before it arrives, within a day, and does not go back to where all began. */
function goesOn(state: BookingState, journey: readonly Booking[], leg: Booking): boolean {
  const first = soldAs(state, journey[0] as Booking)
  const last = soldAs(state, journey.at(-1) as Booking)
  const next = soldAs(state, leg)
  const betweenMs = departureMs(next.run, next.fromStop) - arrivalMs(last.run, last.toStop)
  return (
    isSamePlace(state, stationAt(last, last.toStop), stationAt(next, next.fromStop)) &&
    !isSamePlace(state, stationAt(first, first.fromStop), stationAt(next, next.toStop)) &&
    betweenMs >= 0 &&
    betweenMs <= ONE_DAY_MS
  )
}

function stationAt({ run }: Pick<Ride, 'run'>, stop: number): number {
  return run.train.stationIds[stop] as number
}

/** The same station, or another one of its group. */
function isSamePlace({ stations }: BookingState, one: number, other: number): boolean {
  if (one === other) return true
  const groupCode = stations.get(one)?.data.groupCode ?? ''
  return groupCode !== '' && groupCode === stations.get(other)?.data.groupCode
}
