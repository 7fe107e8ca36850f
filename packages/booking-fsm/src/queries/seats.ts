import type { PassengerType } from '../commands.ts'
import { draftOf } from '../companies/write-invoices.ts'
import { isReseating } from '../consist/run-consist.ts'
import { isInDraw } from '../draws/draw.ts'
import { partyTotal, priceEach, ruleAt } from '../fares.ts'
import { heapTop } from '../heap.ts'
import { isVisible } from '../imports.ts'
import { letterOf, masksOf, rowOf } from '../inventory/layout.ts'
import { isFree } from '../inventory/occupancy.ts'
import { residualOf } from '../inventory/residual.ts'
import { propertiesIn } from '../inventory/seat-properties.ts'
import { arePlacesClosed, choiceLimit, isWheelchairPlace } from '../inventory/seat-rule.ts'
import { laterBy } from '../seat-promise/rule.ts'
import { isSeating } from '../seat-promise/seating.ts'
import type { BookingState } from '../state.ts'
import { faresOf, fareTotal, unfitType } from '../tariff.ts'
import type { Run } from '../things.ts'
import type { OccupancyView, PartyQuote, SeatView } from '../views.ts'
import { nextDrawMs } from './draws.ts'

/**
 * When the machine next wants an entry although nobody asks for anything: the first expiry of a
 * hold, the end of somebody's waiting or of a list, or at once while an aborted import or an
 * account is being cleaned away.
 */
export function nextExpiryMs(state: BookingState): number | undefined {
  if (draftOf(state) !== undefined) return state.meta.nowMs
  const { aborting, erasures, seating } = state
  const seats = [...seating.keys()].some((run) => isSeating(state, run))
  if (aborting.length > 0 || erasures.length > 0 || seats) return state.meta.nowMs
  const due = [
    heapTop(state.holdQueue)?.expiresAtMs,
    nextDrawMs(state),
    heapTop(state.guestQueue)?.lookAtMs,
    heapTop(state.waitingQueue)?.deadlineMs,
    heapTop(state.chartQueue)?.closesAtMs,
    heapTop(state.offerQueue)?.atMs,
  ].filter((at) => at !== undefined)
  return due.length > 0 ? Math.min(...due) : undefined
}

export function occupancy(state: BookingState, runId: number): OccupancyView | undefined {
  const run = visibleRun(state, runId)
  if (run === undefined) return undefined
  const segments = Array.from({ length: run.train.stops.length - 1 }, (_, segment) => ({
    sold: run.inventory?.sold[segment] ?? 0,
    held: run.inventory?.held[segment] ?? 0,
    blocked: run.inventory?.blocked[segment] ?? 0,
  }))
  return { runId, capacity: run.layout.capacity, segments }
}

/** The price per passenger by the rule in force at the instant; undefined where none is asked for. */
export function quote(
  state: BookingState,
  runId: number,
  fromStop: number,
  toStop: number,
  classCode: string,
  atMs: number,
): number | undefined {
  const run = visibleRun(state, runId)
  const rule = ruleAt(state.fareRulesByTime, atMs)
  if (run === undefined || rule === undefined || !isJourney(run, fromStop, toStop)) return undefined
  const hasClass = run.layout.classes.some((of) => of.classCode === classCode)
  return hasClass ? priceEach(rule, run, fromStop, toStop, classCode) : undefined
}

/** What each of a party would pay at the instant; why not, or undefined where there is no fare. */
export function quoteParty(
  state: BookingState,
  runId: number,
  fromStop: number,
  toStop: number,
  classCode: string,
  types: readonly string[],
  nowMs: number,
): PartyQuote | 'passengerTypeNotFound' | 'concessionLimit' | undefined {
  const run = visibleRun(state, runId)
  const rule = ruleAt(state.fareRulesByTime, nowMs)
  const each = quote(state, runId, fromStop, toStop, classCode, nowMs)
  if (run === undefined || rule === undefined || each === undefined) return undefined
  const unfit = unfitType(rule.tariff, types)
  if (unfit !== undefined) return unfit.code
  const plain = { code: 'fare', netMinor: each, taxMinor: 0 }
  const fares =
    rule.tariff === undefined
      ? types.map((passengerType) => ({ passengerType, lines: [plain] }))
      : (faresOf(rule, run, fromStop, toStop, classCode, types) ?? [])
  return {
    priceMinor: partyTotal(fares),
    passengers: fares.map((fare) => ({ ...fare, priceMinor: fareTotal(fare) })),
  }
}

/** Why a party can not be sold together at the instant, whatever it travels on. */
export function partyProblem(
  state: BookingState,
  types: readonly string[],
  nowMs: number,
): 'passengerTypeNotFound' | 'concessionLimit' | undefined {
  return unfitType(ruleAt(state.fareRulesByTime, nowMs)?.tariff, types)?.code
}

/** The passenger types that are sold at the instant; the full fare has none. */
export function passengerTypes(state: BookingState, nowMs: number): readonly PassengerType[] {
  return ruleAt(state.fareRulesByTime, nowMs)?.tariff?.passengerTypes ?? []
}

/** Every seat of the run, in order; empty when there is no such run or journey. */
export function seatMap(
  state: BookingState,
  runId: number,
  fromStop: number,
  toStop: number,
  nowMs = state.meta.nowMs,
): SeatView[] {
  const run = visibleRun(state, runId)
  if (run === undefined || !isJourney(run, fromStop, toStop)) return []
  const { inventory } = run
  const views: SeatView[] = []
  const { layout } = run
  // Neither can be held now, whatever is free.
  const isKeptBack = isInDraw(state, runId) || isReseating(state, runId)
  const limits = layout.classes.map((of) => choiceLimit(state, run, of, fromStop, toStop, nowMs))
  const closed = layout.classes.map((of) => arePlacesClosed(state, run, of, nowMs))
  const later = layout.classes.map((of) => laterBy(state, run, of, nowMs) !== undefined)
  for (const coach of layout.coaches) {
    for (let seat = coach.firstSeat; seat < coach.firstSeat + coach.seatCount; seat++) {
      const row = rowOf(coach, seat)
      const column = letterOf(coach, seat)
      const free = inventory === undefined || isFree(inventory, seat, fromStop, toStop)
      const residual = free ? freeBeside(run, seat, fromStop, toStop) : 0
      const ofClass = layout.classAt[seat] as number
      const isKept = closed[ofClass] === true && isWheelchairPlace(coach, seat)
      views.push({
        seat,
        coachLabel: coach.label,
        classCode: coach.classCode,
        label: `${row}${column}`,
        row,
        column,
        free,
        properties: propertiesIn(masksOf(coach)[seat - coach.firstSeat] as number),
        residual,
        offered:
          free &&
          !isKeptBack &&
          !later[ofClass] &&
          !isKept &&
          residual <= (limits[ofClass] ?? residual),
      })
    }
  }
  return views
}

function freeBeside({ inventory, train }: Run, seat: number, from: number, to: number): number {
  if (inventory === undefined) return train.stops.length - 1 - (to - from)
  return residualOf(inventory, seat, from, to)
}

function visibleRun(state: BookingState, runId: number): Run | undefined {
  const run = state.runs.get(runId)
  return run !== undefined && isVisible(state, run.importId) ? run : undefined
}

function isJourney(run: Run, fromStop: number, toStop: number): boolean {
  const whole = Number.isSafeInteger(fromStop) && Number.isSafeInteger(toStop)
  return whole && fromStop >= 0 && fromStop < toStop && toStop < run.train.stops.length
}
