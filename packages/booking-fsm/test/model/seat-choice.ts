import type { SeatPreferences } from '../../src/index.ts'
import { ruleInForce } from './rule-commands.ts'
import { propertiesOf, seatLabelsOf } from './train-shape.ts'
import type { World } from './world.ts'
import { departureAt, isLive, isOfRun, type ModelRun, type ModelTrain, trainOf } from './world.ts'

/** A seat of a train, by its number from 0. */
export interface ModelSeat {
  readonly seat: number
  /** Position of the coach in the train. */
  readonly coach: number
  readonly coachLabel: string
  readonly classCode: string
  readonly row: number
  readonly letter: string
  /** In which part of the row between aisles, from 0. */
  readonly side: number
  readonly properties: readonly string[]
}

/** A train's coaches stay as they are. */
const seatsOfTrains = new WeakMap<ModelTrain, readonly ModelSeat[]>()

export function seatsOf(train: ModelTrain): readonly ModelSeat[] {
  const known = seatsOfTrains.get(train) ?? makeSeats(train)
  seatsOfTrains.set(train, known)
  return known
}

function makeSeats(train: ModelTrain): ModelSeat[] {
  const seats: ModelSeat[] = []
  train.coaches.forEach((coach, position) => {
    for (const { row, letter } of seatLabelsOf(coach)) {
      seats.push({
        seat: seats.length,
        coach: position,
        coachLabel: coach.label,
        classCode: coach.classCode,
        row,
        letter,
        side: coach.columns.split('-').findIndex((part) => part.includes(letter)),
        properties: propertiesOf(coach, row, letter),
      })
    }
  })
  return seats
}

/** Whether nobody has the seat on any of the segments [from, to). */
export function isFree(
  world: World,
  run: ModelRun,
  seat: number,
  from: number,
  to: number,
): boolean {
  const blocked = world.blocks.some((block) => isOfRun(block, run) && block.seats.includes(seat))
  if (blocked) return false
  return !world.bookings.some(
    (booking) =>
      booking.runId === run.id &&
      isLive(booking) &&
      booking.passengers.some(
        (p) => p.seat === seat && p.half === undefined && p.cancelledAt === 0,
      ) &&
      booking.fromStop < to &&
      from < booking.toStop,
  )
}

/** How much longer than asked the free stretch around [from, to) is. */
export function residual(
  world: World,
  run: ModelRun,
  seat: number,
  from: number,
  to: number,
): number {
  let [start, end] = [from, to]
  while (start > 0 && isFree(world, run, seat, start - 1, start)) start--
  const segments = trainOf(world, run).stops.length - 1
  while (end < segments && isFree(world, run, seat, end, end + 1)) end++
  return end - start - (to - from)
}

export function isPlace({ properties }: { readonly properties: readonly string[] }): boolean {
  return properties.includes('wheelchair')
}

/** Whether wheelchair places are kept for who needs them. */
export function placesAreClosed(world: World, run: ModelRun, now = world.now): boolean {
  const release = ruleInForce(world.seatRules, now)?.wheelchairReleaseMs ?? 0
  return departureAt(world, run, 0) - release > now
}

interface Candidate extends ModelSeat {
  readonly residual: number
  /** Wishes that it does not meet, then the residual. */
  readonly badness: number
}

/** The best fit for so many passengers; the free seats' number when there are not enough. */
export function chooseSeats(
  world: World,
  run: ModelRun,
  from: number,
  to: number,
  classCode: string,
  passengers: number,
  preferences?: SeatPreferences,
  spoilt: (seat: number) => number = () => 0,
): { seats: number[] } | { free: number } {
  const { required = [], wished = [], apart = false, wheelchairPlaces = 0 } = preferences ?? {}
  const train = trainOf(world, run)
  const closed = placesAreClosed(world, run)
  const suited: Candidate[] = seatsOf(train)
    .filter((s) => s.classCode === classCode && isFree(world, run, s.seat, from, to))
    .filter((s) => required.every((word) => s.properties.includes(word)))
    .filter((s) => !isPlace(s) || !closed || wheelchairPlaces > 0)
    .map((s) => {
      const gap = residual(world, run, s.seat, from, to)
      const beside = wheelchairPlaces > 0 && !isPlace(s) ? ['companion'] : []
      const missing = [...wished, ...beside].filter((word) => !s.properties.includes(word))
      return { ...s, residual: gap, badness: missing.length * 1_000 + gap + spoilt(s.seat) }
    })
  const coaches = train.coaches.flatMap((c, at) => (c.classCode === classCode ? [at] : []))
  if (wheelchairPlaces > 0) return withWheelchairs(suited, coaches, passengers, wheelchairPlaces)
  const free = suited
  if (free.length < passengers) return { free: free.length }
  if (apart) return { seats: bestWindow([free], passengers) ?? [] }

  const bay = bestWindow(passengers > 1 ? baysIn(train, coaches, free) : [], passengers)
  if (bay !== undefined) return { seats: bay }
  const longest = Math.max(...coaches.map((at) => train.coaches[at]?.rows ?? 0))
  for (let rows = 1; rows <= longest; rows++) {
    const windows: Candidate[][] = []
    for (const coach of coaches) {
      for (let first = 1; first + rows - 1 <= (train.coaches[coach]?.rows ?? 0); first++) {
        windows.push(
          free.filter((s) => s.coach === coach && s.row >= first && s.row < first + rows),
        )
      }
    }
    const best = bestWindow(windows, passengers)
    if (best !== undefined) return { seats: best }
  }
  for (let count = 2; count <= coaches.length; count++) {
    const windows: Candidate[][] = []
    for (let first = 0; first + count <= coaches.length; first++) {
      const neighbours = coaches.slice(first, first + count)
      windows.push(free.filter((s) => neighbours.includes(s.coach)))
    }
    const best = bestWindow(windows, passengers)
    if (best !== undefined) return { seats: best }
  }
  throw new Error('enough seats, and no window that holds them')
}

/** Coach by coach, from the front, side by side. */
function baysIn(
  train: ModelTrain,
  coaches: readonly number[],
  free: readonly Candidate[],
): Candidate[][] {
  return coaches.flatMap((at) => {
    const coach = train.coaches[at]
    const depth = coach?.seating?.bayRows ?? 0
    if (coach === undefined || depth === 0) return []
    const sides = coach.columns.split('-').map((_, side) => side)
    const firsts = Array.from({ length: Math.ceil(coach.rows / depth) }, (_, i) => 1 + i * depth)
    return firsts.flatMap((first) =>
      sides.map((side) =>
        free.filter(
          (s) => s.coach === at && s.side === side && s.row >= first && s.row < first + depth,
        ),
      ),
    )
  })
}

/** Those who need the places first, then the others, in one coach if that can be. */
function withWheelchairs(
  suited: readonly Candidate[],
  coaches: readonly number[],
  passengers: number,
  needed: number,
): { seats: number[] } | { free: number } {
  const places = suited.filter(isPlace)
  const others = suited.filter((s) => !isPlace(s))
  if (places.length < needed) return { free: places.length }
  const rest = passengers - needed
  if (others.length < rest) return { free: needed + others.length }
  const inOne = coaches.map((at) => (s: Candidate) => s.coach === at)
  const ways = [...inOne, () => true]
    .map((fits, i) => ({
      anywhere: i === coaches.length,
      first: best(places.filter(fits), needed),
      second: best(others.filter(fits), rest),
    }))
    .filter(({ first, second }) => first.length === needed && second.length === rest)
  const one = ways.filter(({ anywhere }) => !anywhere)
  const sum = (of: readonly Candidate[]) => of.reduce((total, s) => total + s.badness, 0)
  const chosen = (one.length > 0 ? one : ways)
    .map((way) => ({ ...way, sum: sum(way.first) + sum(way.second) }))
    .reduce((a, b) => (b.sum < a.sum ? b : a))
  const numbers = (of: readonly Candidate[]) => of.map((s) => s.seat).sort((a, b) => a - b)
  return { seats: [...numbers(chosen.first), ...numbers(chosen.second)] }
}

function best(from: readonly Candidate[], count: number): Candidate[] {
  return [...from].sort((a, b) => a.badness - b.badness || a.seat - b.seat).slice(0, count)
}

/** Windows come in the order in which they are preferred when their sums are equal. */
function bestWindow(windows: readonly Candidate[][], passengers: number): number[] | undefined {
  let found: { seats: number[]; sum: number } | undefined
  for (const window of windows) {
    if (window.length < passengers) continue
    const chosen = best(window, passengers)
    const sum = chosen.reduce((total, seat) => total + seat.badness, 0)
    if (found !== undefined && found.sum <= sum) continue
    found = { seats: chosen.map((s) => s.seat).sort((a, b) => a - b), sum }
  }
  return found?.seats
}
