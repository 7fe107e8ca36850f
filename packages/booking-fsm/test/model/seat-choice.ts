import { seatLabelsOf } from './train-shape.ts'
import type { World } from './world.ts'
import { isLive, type ModelRun, type ModelTrain, trainOf } from './world.ts'

/** A seat of a train, by its number from 0. */
export interface ModelSeat {
  readonly seat: number
  /** Position of the coach in the train. */
  readonly coach: number
  readonly coachLabel: string
  readonly classCode: string
  readonly row: number
  readonly letter: string
}

export function seatsOf(train: ModelTrain): ModelSeat[] {
  const seats: ModelSeat[] = []
  train.coaches.forEach(({ label, classCode, ...coach }, position) => {
    for (const { row, letter } of seatLabelsOf({ label, classCode, ...coach })) {
      const seat = seats.length
      seats.push({ seat, coach: position, coachLabel: label, classCode, row, letter })
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
  return !world.bookings.some(
    (booking) =>
      isLive(booking) &&
      booking.runId === run.id &&
      booking.passengers.some((p) => p.seat === seat && p.cancelledAt === 0) &&
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

interface Candidate extends ModelSeat {
  readonly residual: number
}

/** The best fit for so many passengers; the free seats' number when there are not enough. */
export function chooseSeats(
  world: World,
  run: ModelRun,
  from: number,
  to: number,
  classCode: string,
  passengers: number,
): { seats: number[] } | { free: number } {
  const train = trainOf(world, run)
  const free: Candidate[] = seatsOf(train)
    .filter((s) => s.classCode === classCode && isFree(world, run, s.seat, from, to))
    .map((s) => ({ ...s, residual: residual(world, run, s.seat, from, to) }))
  if (free.length < passengers) return { free: free.length }
  const coaches = train.coaches.flatMap((c, at) => (c.classCode === classCode ? [at] : []))

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

/** Windows come in the order in which they are preferred when their sums are equal. */
function bestWindow(windows: readonly Candidate[][], passengers: number): number[] | undefined {
  let best: { seats: number[]; sum: number } | undefined
  for (const window of windows) {
    if (window.length < passengers) continue
    const chosen = [...window]
      .sort((a, b) => a.residual - b.residual || a.seat - b.seat)
      .slice(0, passengers)
    const sum = chosen.reduce((total, seat) => total + seat.residual, 0)
    if (best !== undefined && best.sum <= sum) continue
    best = { seats: chosen.map((s) => s.seat).sort((a, b) => a - b), sum }
  }
  return best?.seats
}
