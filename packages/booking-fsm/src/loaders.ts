/** Each table's row as the thing it was made from, put where it belongs. In order of reference. */
import type { FareByClass, RefundBand } from './commands.ts'
import {
  type Cursor,
  int,
  list,
  numbers,
  optionalInt,
  optionalText,
  required,
  text,
} from './cursor.ts'
import { insertRule } from './fares.ts'
import { heapPush } from './heap.ts'
import { createImport } from './imports.ts'
import { layoutOf } from './inventory/layout.ts'
import { enliven, keepBooking, keepPayment } from './live.ts'
import type { StateTable } from './row-values.ts'
import type {
  Account,
  Booking,
  BookingState,
  Effect,
  Hashed,
  ImportStatus,
  Payment,
  Remembered,
  Session,
  StationChange,
  StationData,
  StopTimes,
  Train,
} from './state.ts'
import { addRun, addStation, addTrain, createStation } from './timetable.ts'
import type { EffectKind } from './views.ts'

/** Reads one row, puts the thing into the state and gives it. */
export type Load = (state: BookingState, row: Cursor) => Hashed

export const loaders: { readonly [T in StateTable]: Load } = {
  meta: loadMeta,
  accounts: (state, row) => {
    const account: Account = {
      ...unhashed,
      accountId: int(row),
      email: text(row),
      displayName: text(row),
      role: text(row) as Account['role'],
      passwordHash: text(row),
      registeredAtMs: int(row),
      bookingIds: [],
    }
    state.accounts.set(account.accountId, account)
    state.accountByEmail.set(account.email, account)
    return account
  },
  sessions: (state, row) => {
    const session: Session = {
      ...unhashed,
      queueAt: -1,
      tokenHash: text(row),
      accountId: int(row),
      openedAtMs: int(row),
      expiresAtMs: int(row),
    }
    state.sessions.set(session.tokenHash, session)
    heapPush(state.sessionQueue, session)
    return session
  },
  imports: (state, row) => {
    const [importId, source, status] = [int(row), text(row), text(row) as ImportStatus]
    const imported = createImport({
      importId,
      source,
      status,
      begunAtMs: int(row),
      endedAtMs: int(row),
    })
    state.imports.set(importId, imported)
    if (status === 'open') state.openImport = imported
    if (status === 'aborting') state.aborting.push(imported)
    return imported
  },
  stations: (state, row) => {
    const [stationId, code, data] = [int(row), text(row), stationData(row)]
    const station = createStation({ stationId, code, data, importId: optionalInt(row) })
    addStation(state, station)
    return station
  },
  station_changes: (state, row) => {
    const [importId, stationId] = [int(row), int(row)]
    const change: StationChange = { ...unhashed, importId, stationId, data: stationData(row) }
    required(state.imports.get(importId), row).staged.changes.set(stationId, change)
    return change
  },
  trains: loadTrain,
  runs: (state, row) => {
    const run = {
      ...unhashed,
      runId: int(row),
      train: required(state.trains.get(int(row)), row),
      serviceDate: int(row),
      baseMs: int(row),
      importId: optionalInt(row),
      inventory: undefined,
    }
    addRun(state, run)
    return run
  },
  fare_rules: (state, row) => {
    const rule = {
      ...unhashed,
      ruleId: int(row),
      validFromMs: int(row),
      classes: list<[string, number, number]>(row).map(
        ([classCode, baseMinor, perThousandKilometresMinor]): FareByClass => ({
          classCode,
          baseMinor,
          perThousandKilometresMinor,
        }),
      ),
    }
    state.fareRules.set(rule.ruleId, rule)
    insertRule(state.fareRulesByTime, rule)
    return rule
  },
  refund_rules: (state, row) => {
    const rule = {
      ...unhashed,
      ruleId: int(row),
      validFromMs: int(row),
      bands: list<[number, number]>(row).map(
        ([untilBeforeDepartureMs, refundBasisPoints]): RefundBand => ({
          untilBeforeDepartureMs,
          refundBasisPoints,
        }),
      ),
    }
    state.refundRules.set(rule.ruleId, rule)
    insertRule(state.refundRulesByTime, rule)
    return rule
  },
  bookings: loadBooking,
  payments: (state, row) => {
    const payment: Payment = {
      ...unhashed,
      paymentId: int(row),
      booking: required(state.bookings.get(int(row)), row),
      status: text(row) as Payment['status'],
      amountMinor: int(row),
      refundedMinor: int(row),
      refundPending: int(row) === 1,
      declineReason: text(row),
      providerReference: text(row),
      paymentToken: text(row),
      startedAtMs: int(row),
      startedUntilMs: int(row),
      requestKey: optionalText(row),
      contentHash: optionalText(row),
      effects: [],
    }
    keepPayment(state, payment)
    return payment
  },
  outbox: (state, row) => {
    const effect: Effect = {
      ...unhashed,
      outboxId: int(row),
      key: text(row),
      kind: text(row) as EffectKind,
      payment: required(state.payments.get(int(row)), row),
      amountMinor: int(row),
    }
    state.effects.set(effect.outboxId, effect)
    effect.payment.effects.push(effect)
    return effect
  },
  requests: (state, row) => {
    const kept: Remembered = {
      ...unhashed,
      requestKey: text(row),
      contentHash: text(row),
      replyJson: text(row),
      index: int(row),
      atMs: int(row),
    }
    state.requests.set(kept.requestKey, kept)
    state.requestQueue.push(kept)
    return kept
  },
}

const unhashed: Hashed = { hashLow: 0, hashHigh: 0 }

function loadMeta(state: BookingState, row: Cursor): Hashed {
  const { meta } = state
  int(row)
  meta.appliedIndex = int(row)
  meta.nowMs = int(row)
  meta.featureLevel = int(row)
  meta.clusterId = text(row)
  meta.pnrKey = numbers(row)
  meta.currency = text(row)
  meta.holdMs = int(row)
  meta.paymentWindowMs = int(row)
  meta.nextAccountId = int(row)
  meta.nextStationId = int(row)
  meta.nextTrainId = int(row)
  meta.nextRunId = int(row)
  meta.nextImportId = int(row)
  meta.nextFareRuleId = int(row)
  meta.nextRefundRuleId = int(row)
  meta.nextBookingId = int(row)
  meta.nextPaymentId = int(row)
  meta.nextOutboxId = int(row)
  meta.nextLedgerLineId = int(row)
  meta.providerClearing = int(row)
  meta.fareRevenue = int(row)
  meta.refundsPayable = int(row)
  return meta
}

function loadTrain(state: BookingState, row: Cursor): Train {
  const [trainId, number, name] = [int(row), text(row), text(row)]
  const stops = list<[number, number, number, number, number]>(row)
  const coaches = list<[string, string, number, string]>(row).map(
    ([label, classCode, rows, columns]) => ({ label, classCode, rows, columns }),
  )
  const train: Train = {
    ...unhashed,
    trainId,
    number,
    name,
    stationIds: stops.map(([stationId]) => stationId),
    stops: stops.map(
      ([, arrivalSeconds, departureSeconds, distanceMetres, flags]): StopTimes => ({
        arrivalSeconds,
        departureSeconds,
        distanceMetres,
        boarding: (flags & 1) !== 0,
        alighting: (flags & 2) !== 0,
      }),
    ),
    coaches,
    calendar: calendarOf(optionalText(row)),
    importId: optionalInt(row),
    layout: layoutOf(coaches),
    runs: [],
    serviceDates: new Set(),
  }
  addTrain(state, train)
  return train
}

function calendarOf(json: string): Train['calendar'] {
  if (json === '') return undefined
  const [weekdays, fromDate, toDate, timeZone] = JSON.parse(json) as [
    number,
    number,
    number,
    string,
  ]
  return { weekdays, fromDate, toDate, timeZone }
}

function loadBooking(state: BookingState, row: Cursor): Booking {
  const booking: Booking = {
    ...unhashed,
    queueAt: -1,
    bookingId: int(row),
    accountId: int(row),
    run: required(state.runs.get(int(row)), row),
    fromStop: int(row),
    toStop: int(row),
    classCode: text(row),
    seats: numbers(row),
    names: list<string>(row),
    priceEachMinor: int(row),
    pnr: text(row),
    status: text(row) as Booking['status'],
    heldAtMs: int(row),
    heldUntilMs: int(row),
    expiresAtMs: int(row),
    extended: int(row) === 1,
    confirmedAtMs: int(row),
    cancelledAtMs: int(row),
    refundMinor: int(row),
    fareRuleId: int(row),
    refundRuleId: optionalInt(row),
    requestKey: optionalText(row),
    contentHash: optionalText(row),
    heldAtIndex: int(row),
    payments: [],
  }
  keepBooking(state, booking)
  enliven(state, booking)
  return booking
}

function stationData(row: Cursor): StationData {
  return {
    name: text(row),
    aliases: list<string>(row),
    searchTerms: list<string>(row),
    latitudeE6: int(row),
    longitudeE6: int(row),
    timeZone: text(row),
  }
}
