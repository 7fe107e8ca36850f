/** How runs are: what staff asks of many at once. */
import { departureMs, ruleAt } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { freePlaces } from '../inventory/availability.ts'
import { isOfRun } from '../inventory/blocks.ts'
import type { ClassLayout } from '../inventory/layout.ts'
import { isShared } from '../inventory/shares.ts'
import { claimOf, liveSeats } from '../live.ts'
import type { BookingState } from '../state.ts'
import type { Run } from '../things.ts'

export interface RunStateView {
  readonly runId: number
  readonly trainId: number
  readonly trainNumber: string
  readonly serviceDate: number
  readonly departureMs: number
  /** All that hold; `onSale` when nothing is in the way of selling it. */
  readonly states: readonly RunState[]
  readonly classes: readonly ClassFigures[]
}

/** Of a class on its fullest segment each; `free`: from the first stop to the last, for anybody. */
export interface ClassFigures {
  readonly classCode: string
  readonly capacity: number
  readonly sold: number
  readonly held: number
  readonly blocked: number
  readonly free: number
}

export interface RunStateQuery {
  readonly trainId?: number | undefined
  /** Service dates as yyyymmdd, inclusive. */
  readonly fromDate: number
  readonly toDate: number
  /** Undefined: whatever state. */
  readonly runState?: string | undefined
  /** Behind this run in the order; 0: from the first one on. */
  readonly afterRunId: number
  readonly limit: number
  readonly nowMs: number
}

type Holds = (state: BookingState, run: Run, nowMs: number) => boolean

/** What a run itself says: one that gets another yes or no has to say here how it is shown. */
type Flag = { [K in keyof Run]: Run[K] extends boolean ? K : never }[keyof Run]
const flags: Readonly<Record<Flag, Holds>> = {
  cancelled: (_, run) => run.cancelled,
}

const others = {
  departed: (_, run, nowMs) => departureMs(run, 0) <= nowMs,
  delayed: ({ disruption }, run) =>
    disruption.delays.get(run.runId)?.some(({ lateMinutes }) => lateMinutes > 0) === true,
  shortened: (_, run) => run.cancelled && run.goesTo > 0,
  otherCoaches: ({ consist }, run) => consist.own.has(run.runId),
  drawn: (state, run) => state.runsInDraws.has(run.runId),
  charted: ({ charts }, run, nowMs) => {
    const chart = charts.get(run.runId)
    return chart !== undefined && (chart.closedAtMs > 0 || chart.closesAtMs <= nowMs)
  },
  notOpenYet: ({ salesRules }, run, nowMs) => {
    const opensBeforeMs = ruleAt(salesRules, nowMs)?.terms.opensBeforeMs ?? 0
    return opensBeforeMs > 0 && nowMs < departureMs(run, 0) - opensBeforeMs
  },
  closed: ({ salesRules }, run, nowMs) => {
    const terms = ruleAt(salesRules, nowMs)?.terms
    return terms !== undefined && nowMs >= departureMs(run, 0) - terms.closesBeforeMs
  },
} satisfies Readonly<Record<string, Holds>>

export type RunState = Flag | keyof typeof others | 'onSale'

const all = { ...flags, ...others } as Readonly<Record<Exclude<RunState, 'onSale'>, Holds>>

/** A list that is closed, a delay or other coaches do not keep what is left from being sold. */
const doNotStopTheSale: ReadonlySet<RunState> = new Set<RunState>([
  'charted',
  'delayed',
  'otherCoaches',
])

/** Every word that a run's state may be. */
export const runStateNames: readonly string[] = ['onSale', ...Object.keys(all)]

/** By service date, first departure and id. */
export function listRunStates(state: BookingState, query: RunStateQuery): RunStateView[] {
  const { trainId, fromDate, toDate, runState, afterRunId, limit, nowMs } = query
  const ofTrain = trainId === undefined ? undefined : (state.trains.get(trainId)?.runs ?? [])
  const runs: Run[] = []
  for (const run of ofTrain ?? state.runs.values()) {
    const { serviceDate, importId } = run
    if (serviceDate < fromDate || serviceDate > toDate || !isVisible(state, importId)) continue
    runs.push(run)
  }
  runs.sort(compareRuns)
  const after = state.runs.get(afterRunId)
  const found: RunStateView[] = []
  for (const run of runs) {
    if (found.length >= limit) break
    if (after !== undefined && compareRuns(run, after) <= 0) continue
    const states = statesOf(state, run, nowMs)
    if (runState !== undefined && !(states as readonly string[]).includes(runState)) continue
    found.push(view(state, run, states, nowMs))
  }
  return found
}

function statesOf(state: BookingState, run: Run, nowMs: number): readonly RunState[] {
  const states = (Object.keys(all) as (keyof typeof all)[]).filter((name) =>
    all[name](state, run, nowMs),
  )
  return states.every((name) => doNotStopTheSale.has(name)) ? ['onSale', ...states] : states
}

function view(
  state: BookingState,
  run: Run,
  states: readonly RunState[],
  nowMs: number,
): RunStateView {
  const { runId, train, serviceDate } = run
  return {
    runId,
    trainId: train.trainId,
    trainNumber: train.number,
    serviceDate,
    departureMs: departureMs(run, 0),
    states,
    classes: figuresOf(state, run, nowMs),
  }
}

function figuresOf(state: BookingState, run: Run, nowMs: number): ClassFigures[] {
  const { layout } = run
  const { stops } = run.train
  const last = stops.length - 1
  const counts = layout.classes.map(({ classCode }) => ({
    classCode,
    sold: new Uint16Array(last),
    held: new Uint16Array(last),
  }))
  for (const bookingId of state.bookings.idsOnRun(run.runId)) {
    const booking = state.bookings.get(bookingId)
    const claim = booking === undefined ? undefined : claimOf(booking.status)
    const count = counts.find(({ classCode }) => classCode === booking?.classCode)
    if (booking === undefined || claim === undefined || count === undefined) continue
    const segments = count[claim === 'sold' ? 'sold' : 'held']
    // Berths that are shared are counted as blocked.
    const had = liveSeats(booking)
    const seats = isShared(had) ? 0 : had.length
    for (let i = booking.fromStop; i < booking.toStop; i++) segments[i] = (segments[i] ?? 0) + seats
  }
  return layout.classes.map((of, i) => ({
    classCode: of.classCode,
    capacity: of.capacity,
    sold: Math.max(0, ...(counts[i]?.sold ?? [])),
    held: Math.max(0, ...(counts[i]?.held ?? [])),
    blocked: blockedOf(state, run, of),
    free: freePlaces(state, run, of, 0, last, nowMs),
  }))
}

function blockedOf({ blocks }: BookingState, run: Run, of: ClassLayout): number {
  let blocked = 0
  for (const block of blocks.values()) {
    if (!isOfRun(block, run)) continue
    blocked += block.seats.filter((seat) => run.layout.classAt[seat] === of.position).length
  }
  return blocked
}

function compareRuns(a: Run, b: Run): number {
  return a.serviceDate - b.serviceDate || departureMs(a, 0) - departureMs(b, 0) || a.runId - b.runId
}
