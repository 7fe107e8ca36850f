import { greatCircleMetres } from '../great-circle.ts'
import type { FeedStop, FeedTrip } from './feed-trips.ts'
import { tripLimits } from './trip-rules.ts'

/**
 * Distances along a trip. A feed may give them (shape_dist_traveled), without telling the unit: the
 * unit is the one with which most of its trips are as long as the way over the ground, or somewhat
 * longer. Otherwise, and for single trips whose figures make no sense, the great circle counts.
 */
export interface DistanceUnit {
  readonly name: string
  readonly metres: number
}

const units: readonly DistanceUnit[] = [
  { name: 'metres', metres: 1 },
  { name: 'kilometres', metres: 1_000 },
  { name: 'miles', metres: 1_609.344 },
  { name: 'feet', metres: 0.3048 },
]
const [shortest, longest] = [0.95, 2.5]

/** Metres from the first stop over the ground, from stop to stop; never decreasing. */
export function groundDistances(stops: readonly FeedStop[]): number[] {
  let metres = 0
  return stops.map((stop, at) => {
    const before = stops[at - 1]
    if (before !== undefined) metres += greatCircleMetres(before.station, stop.station)
    return metres
  })
}

/** The unit of the feed's own distances; undefined when it has none that can be used. */
export function findDistanceUnit(trips: readonly FeedTrip[]): DistanceUnit | undefined {
  const votes = new Map<DistanceUnit, number>()
  let voters = 0
  for (const { stops } of trips) {
    const [own, ground] = [ownLength(stops), groundDistances(stops).at(-1) ?? 0]
    if (ground === 0) continue
    voters++
    const unit = units.find((u) => isPlausible(own * u.metres, ground))
    if (unit !== undefined) votes.set(unit, (votes.get(unit) ?? 0) + 1)
  }
  for (const [unit, count] of votes) {
    if (count * 2 > voters) return unit
  }
  return undefined
}

/** The feed's own figures in metres; undefined when this trip's are missing or not plausible. */
export function ownDistances(stops: readonly FeedStop[], unit: DistanceUnit): number[] | undefined {
  const start = stops[0]?.shapeDistance ?? 0
  const metres: number[] = []
  for (const { shapeDistance } of stops) {
    if (shapeDistance === undefined) return undefined
    const next = Math.round((shapeDistance - start) * unit.metres)
    if (next < (metres.at(-1) ?? 0)) return undefined
    metres.push(next)
  }
  const ground = groundDistances(stops).at(-1) ?? 0
  const total = metres.at(-1) ?? 0
  return total <= tripLimits.maxMetres && isPlausible(total, ground) ? metres : undefined
}

function ownLength(stops: readonly FeedStop[]): number {
  const [first, last] = [stops[0]?.shapeDistance, stops.at(-1)?.shapeDistance]
  return first === undefined || last === undefined ? 0 : last - first
}

function isPlausible(metres: number, ground: number): boolean {
  return metres >= ground * shortest && metres <= ground * longest
}
