/** Disruptions, what they hit, and the rules for them. */
import type { Reason } from '../commands/reasons.ts'
import type { Delay, DelayPay } from '../disruption/delay-things.ts'
import type {
  ChangeKind,
  CompensationRule,
  Disrupted,
  DisruptedOutcome,
  Disruption,
  DisruptionKind,
  DisruptionPhase,
  JourneyChange,
  Override,
  OverrideStatus,
} from '../disruption/things.ts'
import { insertRule } from '../fares.ts'
import type { BookingState } from '../state.ts'
import { type Hashed, none } from '../things.ts'
import { type Cursor, int, list, numbers, required, text, word } from './cursor.ts'

export function loadCompensationRule({ disruption }: BookingState, row: Cursor): Hashed {
  const rule: CompensationRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: int(row),
    validFromMs: int(row),
    choiceMs: int(row),
    rebookMs: int(row),
    minimumMinor: int(row),
    maximumMinor: int(row),
    bands: list<[number, number]>(row).map(([fromMinutes, basisPoints]) => ({
      fromMinutes,
      basisPoints,
    })),
    fromBookingId: int(row),
  }
  disruption.rules.set(rule.ruleId, rule)
  insertRule(disruption.rulesByTime, rule)
  return rule
}

export function loadDisruption(state: BookingState, row: Cursor): Hashed {
  const { disruption: about, runs } = state
  const disruption: Disruption = {
    hashLow: 0,
    hashHigh: 0,
    disruptionId: int(row),
    kind: word(row) as DisruptionKind,
    runId: int(row),
    reason: word(row) as Reason,
    begunAtMs: int(row),
    phase: word(row) as DisruptionPhase,
    cursor: int(row),
    choiceUntilMs: int(row),
    bookings: int(row),
    fromStop: int(row),
    moved: int(row),
    open: new Set(),
  }
  about.disruptions.set(disruption.disruptionId, disruption)
  const { phase } = disruption
  if (phase !== 'over' && phase !== 'abandoned') about.unsettled.add(disruption)
  const run = runs.get(disruption.runId)
  if (disruption.kind === 'runDelayed') about.delayOfRun.set(disruption.runId, disruption)
  else if (disruption.kind === 'runCancelled' && run !== undefined) {
    run.cancelled = true
    run.goesTo = disruption.fromStop
  }
  return disruption
}

export function loadDisrupted({ disruption: about }: BookingState, row: Cursor): Hashed {
  const bookingId = int(row)
  const disruption = required(about.disruptions.get(int(row)), row)
  const { disruptionId } = disruption
  const outcome = word(row) as DisruptedOutcome
  const hit: Disrupted = { hashLow: 0, hashHigh: 0, bookingId, disruptionId, outcome }
  about.disrupted.set(bookingId, hit)
  if (outcome === 'open') disruption.open.add(bookingId)
  return hit
}

export function loadDelay({ disruption }: BookingState, row: Cursor): Hashed {
  const delay: Delay = {
    hashLow: 0,
    hashHigh: 0,
    runId: int(row),
    stop: int(row),
    recordId: int(row),
    lateMinutes: int(row),
    final: int(row) === 1,
    reason: word(row) as Reason,
    atMs: int(row),
    accountId: int(row),
  }
  disruption.delays.set(delay.runId, [...(disruption.delays.get(delay.runId) ?? none), delay])
  return delay
}

export function loadDelayPay({ disruption }: BookingState, row: Cursor): Hashed {
  const pay: DelayPay = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    position: int(row),
    lateMinutes: int(row),
    amountMinor: int(row),
    atMs: int(row),
  }
  const before = disruption.delayPays.get(pay.bookingId) ?? none
  disruption.delayPays.set(pay.bookingId, [...before, pay])
  return pay
}

export function loadJourneyChange({ disruption }: BookingState, row: Cursor): Hashed {
  const change: JourneyChange = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    changeId: int(row),
    atMs: int(row),
    kind: word(row) as ChangeKind,
    reason: word(row) as Reason,
    runId: int(row),
    fromStop: int(row),
    toStop: int(row),
    classCode: word(row),
    seats: numbers(row),
    places: list(row),
    had: numbers(row),
    lost: numbers(row),
    backs: numbers(row),
  }
  const before = disruption.changes.get(change.bookingId) ?? none
  disruption.changes.set(change.bookingId, [...before, change])
  return change
}

export function loadOverride({ disruption }: BookingState, row: Cursor): Hashed {
  const override: Override = {
    hashLow: 0,
    hashHigh: 0,
    overrideId: int(row),
    bookingId: int(row),
    passengers: numbers(row),
    amountMinor: int(row),
    reason: word(row) as Reason,
    note: text(row),
    askedBy: int(row),
    askedAtMs: int(row),
    status: word(row) as OverrideStatus,
    decidedBy: int(row),
    decidedAtMs: int(row),
  }
  disruption.overrides.set(override.overrideId, override)
  return override
}
