/**
 * When trains leave and arrive, station by station and day by day. Derived, and made when it is asked
 * for: a day's board is built at the first look and thrown away when a run of that day comes, goes or is cancelled.
 */
import { arrivalMs, departureMs } from '../fares.ts'
import { isVisible } from '../imports.ts'
import type { BookingState } from '../state.ts'
import type { Run, Train } from '../things.ts'

export const DAY_MS = 86_400_000

/** What happens at one station, in order of time, then run, then stop. */
export interface Events {
  readonly atMs: Float64Array
  /** Which run: see `Departures.runs`. */
  readonly slots: Int32Array
  /** At which of its stops. */
  readonly stops: Uint8Array
}
/** One day of UTC, by station. Only who may board counts as leaving, only who may alight as arriving. */
export interface Board {
  readonly departures: ReadonlyMap<number, Events>
  readonly arrivals: ReadonlyMap<number, Events>
}
/** A train's stops in columns, for loops that look at many of them. */
export interface Shape {
  readonly stationIds: Int32Array
  readonly arrivalMs: Float64Array
  /** 1: people may alight. */
  readonly alighting: Uint8Array
}

export class Departures {
  /** By slot; a slot is given to another run when its own is gone. */
  readonly runs: (Run | undefined)[] = []
  readonly shapes: (Shape | undefined)[] = []
  readonly #freeSlots: number[] = []
  readonly #slotOf = new Map<Run, number>()
  readonly #runsByDay = new Map<number, Set<Run>>()
  readonly #boards = new Map<number, Board>()
  readonly #shapeOf = new WeakMap<Train, Shape>()
  /** How many days after its base instant any run has still been under way. */
  #longestDays = 0

  add(run: Run): void {
    const day = dayOf(run.baseMs)
    const sameDay = this.#runsByDay.get(day)
    if (sameDay === undefined) this.#runsByDay.set(day, new Set([run]))
    else sameDay.add(run)
    const last = run.train.stops.length - 1
    this.#longestDays = Math.max(this.#longestDays, dayOf(arrivalMs(run, last)) - day)
    this.#forget(run)
  }

  remove(run: Run): void {
    const day = dayOf(run.baseMs)
    const sameDay = this.#runsByDay.get(day)
    sameDay?.delete(run)
    if (sameDay?.size === 0) this.#runsByDay.delete(day)
    this.#forget(run)
    const slot = this.#slotOf.get(run)
    if (slot === undefined) return
    this.#slotOf.delete(run)
    this.runs[slot] = undefined
    this.shapes[slot] = undefined
    this.#freeSlots.push(slot)
  }

  /** It goes, or does not, where it was otherwise before. */
  changed(run: Run): void {
    this.#forget(run)
  }

  /** What is visible has changed as a whole. */
  forgetAll(): void {
    this.#boards.clear()
  }

  /** `day` counts from 1970. */
  board(state: BookingState, day: number): Board {
    const known = this.#boards.get(day)
    if (known !== undefined) return known
    const board = this.#build(state, day)
    // So many days are never on sale; a caller who asks for all of history gets them one by one.
    if (this.#boards.size >= 1_000) this.#boards.clear()
    this.#boards.set(day, board)
    return board
  }

  #forget(run: Run): void {
    const last = dayOf(arrivalMs(run, run.train.stops.length - 1))
    for (let day = dayOf(run.baseMs); day <= last; day++) this.#boards.delete(day)
  }

  #build(state: BookingState, day: number): Board {
    const [departures, arrivals] = [new Gathering(), new Gathering()]
    for (let base = day - this.#longestDays; base <= day; base++) {
      for (const run of this.#runsByDay.get(base) ?? []) {
        if (!run.cancelled && isVisible(state, run.importId))
          this.#gather(run, day, departures, arrivals)
      }
    }
    return { departures: departures.sorted(this.runs), arrivals: arrivals.sorted(this.runs) }
  }

  #gather(run: Run, day: number, departures: Gathering, arrivals: Gathering): void {
    const { stops, stationIds } = run.train
    for (const [i, { boarding, alighting }] of stops.entries()) {
      const stationId = stationIds[i] as number
      const leaves = departureMs(run, i)
      const comes = arrivalMs(run, i)
      if (dayOf(comes) > day) return
      if (boarding && dayOf(leaves) === day) departures.add(stationId, leaves, this.#slot(run), i)
      if (alighting && dayOf(comes) === day) arrivals.add(stationId, comes, this.#slot(run), i)
    }
  }

  #slot(run: Run): number {
    const known = this.#slotOf.get(run)
    if (known !== undefined) return known
    const slot = this.#freeSlots.pop() ?? this.runs.length
    this.#slotOf.set(run, slot)
    this.runs[slot] = run
    this.shapes[slot] = this.#shape(run.train)
    return slot
  }

  #shape(train: Train): Shape {
    const known = this.#shapeOf.get(train)
    if (known !== undefined) return known
    const shape = {
      stationIds: Int32Array.from(train.stationIds),
      arrivalMs: Float64Array.from(train.stops, (stop) => stop.arrivalSeconds * 1_000),
      alighting: Uint8Array.from(train.stops, (stop) => (stop.alighting ? 1 : 0)),
    }
    this.#shapeOf.set(train, shape)
    return shape
  }
}

export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

/** Where `atMs` begins in sorted times. */
export function firstFrom(times: Float64Array, atMs: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < atMs) low = middle + 1
    else high = middle
  }
  return low
}

type Event = readonly [atMs: number, slot: number, stop: number]

class Gathering {
  readonly #byStation = new Map<number, Event[]>()

  add(stationId: number, ...event: Event): void {
    const events = this.#byStation.get(stationId)
    if (events === undefined) this.#byStation.set(stationId, [event])
    else events.push(event)
  }

  sorted(runs: readonly (Run | undefined)[]): Map<number, Events> {
    const byStation = new Map<number, Events>()
    const idAt = (slot: number) => runs[slot]?.runId ?? 0
    for (const [stationId, events] of this.#byStation) {
      events.sort((a, b) => a[0] - b[0] || idAt(a[1]) - idAt(b[1]) || a[2] - b[2])
      byStation.set(stationId, {
        atMs: Float64Array.from(events, ([atMs]) => atMs),
        slots: Int32Array.from(events, ([, slot]) => slot),
        stops: Uint8Array.from(events, ([, , stop]) => stop),
      })
    }
    return byStation
  }
}
