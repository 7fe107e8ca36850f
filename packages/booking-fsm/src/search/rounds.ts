/**
 * The best connections with up to two changes, by rounds: round k rides what is reached with k changes.
 * Departures are taken from the last to the first, and what one of them has reached is not looked at
 * again by an earlier one that comes there later, so that each departure of the days between is ridden
 * at most once a round: that bounds the work of a search, whatever is asked.
 *
 * A connection is better than another one when it leaves no earlier, arrives no later and has no more
 * changes, and differs in one of the three. What no other one is better than is found, one of equals.
 */
import type { Run } from '../things.ts'
import { type Board, DAY_MS, dayOf, type Events, firstFrom, type Shape } from './departures.ts'

export const MAX_CHANGES = 2
/** Between two stations of one group, beside the longer of their times to change. */
export const GROUP_WALK_MS = 1_800_000

export interface Network {
  board(day: number): Board
  readonly runs: readonly (Run | undefined)[]
  readonly shapes: readonly (Shape | undefined)[]
  /** Station ids are below it. */
  readonly stationIds: number
  changeMs(stationId: number): number
  /** The other stations of its groups. */
  neighbours(stationId: number): readonly number[]
}
export interface Wanted {
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Departures in [earliestMs, latestMs]. */
  readonly earliestMs: number
  readonly latestMs: number
  /** 0 to 2. */
  readonly maxChanges: number
  /** From departure to arrival. */
  readonly longestMs: number
}
export interface Ride {
  readonly run: Run
  readonly fromStop: number
  readonly toStop: number
}
export interface Found {
  readonly departureMs: number
  readonly arrivalMs: number
  readonly rides: readonly Ride[]
}

/** Sorted by departure, arrival, changes. */
export function findConnections(network: Network, wanted: Wanted): Found[] {
  return new Search(network, wanted).all()
}

/** A boarding: which run at which stop, and the ride before it. */
interface Leg {
  readonly slot: number
  readonly fromStop: number
  readonly before: Leg | undefined
  /** Where the ride before it ends, in its own stops. */
  readonly leftAt: number
}
interface Candidate {
  readonly departureMs: number
  readonly arrivalMs: number
  readonly changes: number
  readonly leg: Leg
  readonly toStop: number
}

/** Where people have come to and may board from some instant on. */
interface Waiting {
  readonly stationId: number
  readyMs: number
  leg: Leg
  leftAt: number
}

class Search {
  readonly #network: Network
  readonly #wanted: Wanted
  readonly #rounds: readonly Round[]
  readonly #isTarget: Uint8Array
  /** By slot: the last stop at which it arrives where people want to go; −1: none. */
  readonly #lastAtTarget: Int16Array
  /** By station: whether the last round can board anything there that arrives. */
  readonly #isUseful: Uint8Array
  readonly #found: Candidate[] = []
  #departureMs = 0

  constructor(network: Network, wanted: Wanted) {
    this.#network = network
    this.#wanted = wanted
    const stations = network.stationIds
    this.#isTarget = new Uint8Array(stations)
    for (const stationId of wanted.to) this.#isTarget[stationId] = 1
    this.#isUseful = new Uint8Array(stations)
    const arriving = this.#arrivals()
    // Looking at boards gives runs their slots: only now it is known how many there are.
    for (const day of this.#days()) network.board(day)
    const slots = network.runs.length
    this.#lastAtTarget = new Int16Array(slots).fill(-1)
    for (const { slots: of, stops } of arriving) this.#markArriving(of, stops)
    this.#rounds = rounds.slice(0, wanted.maxChanges + 1)
    for (const round of this.#rounds) round.begin(stations, slots)
  }

  all(): Found[] {
    for (const { atMs, slot, stop } of this.#departures()) {
      this.#departureMs = atMs
      this.#ride(0, slot, stop, undefined, 0)
      for (let round = 1; round < this.#rounds.length; round++) this.#boardAll(round)
    }
    return undominated(this.#found).map((it) => this.#foundOf(it))
  }

  /** Whoever may be reached: the days of the window and of the longest journey behind it. */
  #days(): number[] {
    const { earliestMs, latestMs, longestMs } = this.#wanted
    const first = dayOf(earliestMs)
    const count = Math.max(0, dayOf(latestMs + longestMs) - first + 1)
    return Array.from({ length: count }, (_, i) => first + i)
  }

  #arrivals(): Events[] {
    const { to } = this.#wanted
    return this.#days().flatMap((day) => {
      const { arrivals } = this.#network.board(day)
      return to.flatMap((stationId) => arrivals.get(stationId) ?? [])
    })
  }

  #markArriving(slots: Int32Array, stops: Uint8Array): void {
    for (const [i, slot] of slots.entries()) {
      const stop = stops[i] as number
      const before = this.#lastAtTarget[slot] as number
      if (before >= stop) continue
      this.#lastAtTarget[slot] = stop
      const stationIds = this.#network.shapes[slot]?.stationIds
      if (stationIds === undefined) continue
      for (let at = Math.max(before, 0); at < stop; at++) {
        this.#isUseful[stationIds[at] as number] = 1
      }
    }
  }

  /** Those at the first stations, the last one first. */
  #departures(): { atMs: number; slot: number; stop: number; runId: number }[] {
    const { from, earliestMs, latestMs } = this.#wanted
    const events: { atMs: number; slot: number; stop: number; runId: number }[] = []
    for (const stationId of from) {
      this.#eachDeparture(stationId, earliestMs, latestMs + 1, (slot, stop, atMs) => {
        events.push({ atMs, slot, stop, runId: this.#network.runs[slot]?.runId ?? 0 })
      })
    }
    return events.sort((a, b) => b.atMs - a.atMs || a.runId - b.runId || b.stop - a.stop)
  }

  /** In [fromMs, toMs). */
  #eachDeparture(
    stationId: number,
    fromMs: number,
    toMs: number,
    take: (slot: number, stop: number, atMs: number) => void,
  ): void {
    for (let day = dayOf(fromMs); day * DAY_MS < toMs; day++) {
      const events = this.#network.board(day).departures.get(stationId)
      if (events === undefined) continue
      const { atMs, slots, stops } = events
      for (let i = firstFrom(atMs, fromMs); i < atMs.length; i++) {
        const at = atMs[i] as number
        if (at >= toMs) return
        take(slots[i] as number, stops[i] as number, at)
      }
    }
  }

  /** Rides on from where the leg boards, up to where a later departure has ridden this run already. */
  #ride(at: number, slot: number, fromStop: number, before: Leg | undefined, leftAt: number): void {
    const round = this.#rounds[at] as Round
    const shape = this.#network.shapes[slot]
    const run = this.#network.runs[slot]
    const ridden = round.riddenFrom[slot] as number
    if (shape === undefined || run === undefined || ridden <= fromStop) return
    const isLast = at === this.#rounds.length - 1
    const end = isLast ? (this.#lastAtTarget[slot] as number) : shape.stationIds.length - 1
    if (end <= fromStop) return
    for (let i = at; i < this.#rounds.length; i++) {
      const { riddenFrom } = this.#rounds[i] as Round
      riddenFrom[slot] = Math.min(riddenFrom[slot] as number, fromStop)
    }
    const leg = { slot, fromStop, before, leftAt }
    const until = this.#departureMs + this.#wanted.longestMs
    for (let stop = fromStop + 1; stop <= end && stop <= ridden; stop++) {
      const atMs = run.baseMs + (shape.arrivalMs[stop] as number)
      if (atMs > until || atMs >= round.arrivedMs) return
      if (shape.alighting[stop] === 0) continue
      const stationId = shape.stationIds[stop] as number
      if (this.#isTarget[stationId] === 1) this.#arrive(at, atMs, leg, stop)
      else if (!isLast) this.#alight(at, stationId, atMs, leg, stop)
    }
  }

  #arrive(at: number, arrivalMs: number, leg: Leg, toStop: number): void {
    this.#found.push({ departureMs: this.#departureMs, arrivalMs, changes: at, leg, toStop })
    for (let i = at; i < this.#rounds.length; i++) {
      const round = this.#rounds[i] as Round
      round.arrivedMs = Math.min(round.arrivedMs, arrivalMs)
    }
  }

  #alight(at: number, stationId: number, atMs: number, leg: Leg, stop: number): void {
    if (atMs >= ((this.#rounds[at] as Round).reachedMs[stationId] as number)) return
    for (let i = at; i < this.#rounds.length; i++) {
      const { reachedMs } = this.#rounds[i] as Round
      reachedMs[stationId] = Math.min(reachedMs[stationId] as number, atMs)
    }
    const { changeMs, neighbours } = this.#network
    const here = changeMs(stationId)
    this.#wait(at + 1, stationId, atMs + here, leg, stop)
    for (const other of neighbours(stationId)) {
      const walk = Math.max(here, changeMs(other)) + GROUP_WALK_MS
      this.#wait(at + 1, other, atMs + walk, leg, stop)
    }
  }

  #wait(at: number, stationId: number, readyMs: number, leg: Leg, leftAt: number): void {
    const isLast = at === this.#rounds.length - 1
    if (isLast && this.#isUseful[stationId] === 0) return
    const { boardedFromMs, waiting } = this.#rounds[at] as Round
    if (readyMs >= (boardedFromMs[stationId] as number)) return
    const already = waiting.get(stationId)
    if (already === undefined) waiting.set(stationId, { stationId, readyMs, leg, leftAt })
    else if (readyMs < already.readyMs) Object.assign(already, { readyMs, leg, leftAt })
  }

  /** Boards whatever leaves where people wait and has not been boarded there by a later departure. */
  #boardAll(at: number): void {
    const round = this.#rounds[at] as Round
    for (const { stationId, readyMs, leg, leftAt } of round.waiting.values()) {
      const latest = this.#departureMs + this.#wanted.longestMs + 1
      const until = Math.min(round.boardedFromMs[stationId] as number, latest, round.arrivedMs)
      for (let i = at; i < this.#rounds.length; i++) {
        const { boardedFromMs } = this.#rounds[i] as Round
        boardedFromMs[stationId] = Math.min(boardedFromMs[stationId] as number, readyMs)
      }
      this.#eachDeparture(stationId, readyMs, until, (slot, stop) => {
        this.#ride(at, slot, stop, leg, leftAt)
      })
    }
    round.waiting.clear()
  }

  #foundOf({ departureMs, arrivalMs, leg, toStop }: Candidate): Found {
    const rides: Ride[] = []
    let end = toStop
    for (let at: Leg | undefined = leg; at !== undefined; at = at.before) {
      const run = this.#network.runs[at.slot] as Run
      rides.unshift({ run, fromStop: at.fromStop, toStop: end })
      end = at.leftAt
    }
    return { departureMs, arrivalMs, rides }
  }
}

/** What has been reached with so many changes or fewer, by departures looked at so far. */
class Round {
  /** By station: when. */
  reachedMs = new Float64Array(0)
  /** By station: from when on everything that leaves has been boarded. */
  boardedFromMs = new Float64Array(0)
  /** By slot: the first stop at which the run has been boarded. */
  riddenFrom = new Int16Array(0)
  /** When people are where they want to go. */
  arrivedMs = Number.POSITIVE_INFINITY
  /** By station, in the order in which they were reached. */
  readonly waiting = new Map<number, Waiting>()

  begin(stations: number, slots: number): void {
    if (this.reachedMs.length < stations) {
      this.reachedMs = new Float64Array(stations * 2)
      this.boardedFromMs = new Float64Array(stations * 2)
    }
    if (this.riddenFrom.length < slots) this.riddenFrom = new Int16Array(slots * 2)
    this.reachedMs.fill(Number.POSITIVE_INFINITY, 0, stations)
    this.boardedFromMs.fill(Number.POSITIVE_INFINITY, 0, stations)
    this.riddenFrom.fill(NOT_RIDDEN, 0, slots)
    this.arrivedMs = Number.POSITIVE_INFINITY
    this.waiting.clear()
  }
}
const NOT_RIDDEN = 1_000
/** One search at a time: what one has left another one clears. */
const rounds = Array.from({ length: MAX_CHANGES + 1 }, () => new Round())

/** Of equals the one found first; by departure, arrival, changes. */
function undominated(found: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = []
  // The latest departure first: only what is before it in the list can be better.
  const sorted = [...found].sort(
    (a, b) => b.departureMs - a.departureMs || a.arrivalMs - b.arrivalMs || a.changes - b.changes,
  )
  const best = new Float64Array(MAX_CHANGES + 1).fill(Number.POSITIVE_INFINITY)
  for (const it of sorted) {
    if (it.arrivalMs >= (best[it.changes] as number)) continue
    for (let i = it.changes; i <= MAX_CHANGES; i++) {
      best[i] = Math.min(best[i] as number, it.arrivalMs)
    }
    kept.push(it)
  }
  return kept.sort(
    (a, b) => a.departureMs - b.departureMs || a.arrivalMs - b.arrivalMs || a.changes - b.changes,
  )
}
