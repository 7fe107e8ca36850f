/** Connections, alternatives and fares by day: whatever node is asked answers from its memory. */
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type BookingState,
  fareCalendar,
  findAlternatives,
  findRun,
  findStation,
  getStation,
  info,
  partyProblem,
  type StationView,
  searchConnections,
  type WaitingChance,
} from '@quorail/booking-fsm'
import {
  type TimetableService,
  WaitingListState,
} from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { invalidField, pastDate, unknownRun, unknownStation } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import {
  dateText,
  drawMessage,
  legMessage,
  money,
  partyOfferMessage,
  stationMessage,
} from '../mapping/views.ts'
import { addDays, dateInZone, startOfDayMs } from '../timetable/service-days.ts'
import { appliedIndex, dateNumber, noQuote } from './timetable-answers.ts'

const connectionsUsually = 20
const daysUsually = 7

type SearchMethods = Pick<
  ServiceImpl<typeof TimetableService>,
  'searchConnections' | 'findAlternatives' | 'getFareCalendar'
>

export function createSearch(host: NodeHost): SearchMethods {
  return {
    searchConnections(request) {
      const { state } = host
      const now = host.nowMs()
      const { from, to } = endsOf(state, request.fromCode, request.toCode)
      const date = dayOf(request.date, from, now)
      const types = partyOf(state, request.passengerTypes, now)
      const notBefore = request.notBefore === undefined ? 0 : timestampMs(request.notBefore)
      const connections = searchConnections(state, {
        fromStationId: from.stationId,
        toStationId: to.stationId,
        earliestMs: Math.max(startOfDayMs(date, from.timeZone), notBefore),
        latestMs: startOfDayMs(addDays(date, 1), from.timeZone) - 1,
        nowMs: now,
        maxChanges: request.maxChanges ?? 2,
        passengerTypes: types,
        limit: request.limit || connectionsUsually,
      })
      const { currency } = info(state)
      return {
        connections: connections.map((found) => ({
          departure: timestampFromMs(found.departureMs),
          arrival: timestampFromMs(found.arrivalMs),
          changes: found.changes,
          legs: found.legs.map((leg) => legMessage(state, leg)),
          offers: found.offers.map((offer) => ({
            classCode: offer.classCode,
            freeSeats: offer.freeSeats,
            enoughSeats: offer.enoughSeats,
            price: money(offer.priceMinor, currency),
            ...(offer.cheapestMinor !== undefined && {
              cheapest: money(offer.cheapestMinor, currency),
            }),
          })),
        })),
        index: appliedIndex(state),
        from: stationMessage(from),
        to: stationMessage(to),
        now: timestampFromMs(now),
      }
    },

    findAlternatives(request) {
      const { state } = host
      const now = host.nowMs()
      const { fromStop, toStop, classCode } = request
      const types = partyOf(state, request.passengerTypes, now)
      const run = findRun(state, Number(request.runId))
      if (run === undefined) throw unknownRun()
      if (toStop <= fromStop || toStop >= run.stops.length) {
        throw invalidField('to_stop', 'The journey must end behind the stop where it begins.')
      }
      const journey = { runId: run.runId, fromStop, toStop, classCode }
      const found = findAlternatives(state, { ...journey, passengerTypes: types, nowMs: now })
      if (found === undefined) throw noQuote(undefined)
      const { currency } = info(state)
      const stationAt = (stop: number) => {
        const station = getStation(state, run.stops[stop]?.stationId ?? 0)
        return station === undefined ? {} : { ...stationMessage(station) }
      }
      return {
        freeSeats: found.freeSeats,
        fullSegments: found.fullSegments.map(({ segment, freeSeats }) => ({
          from: stationAt(segment),
          to: stationAt(segment + 1),
          freeSeats,
        })),
        otherClasses: found.otherClasses.map((offer) => partyOfferMessage(offer, currency)),
        otherDates: found.otherDates.map(({ daysLater, leg }) => ({
          daysLater,
          journey: legMessage(state, leg),
        })),
        otherStops: found.otherStops.map((leg) => legMessage(state, leg)),
        splits: found.splits.map(({ legs, priceMinor }) => ({
          legs: legs.map((leg) => legMessage(state, leg)),
          price: money(priceMinor, currency),
        })),
        waitingList: waitingMessage(found.waitingList),
        ...(found.draw !== undefined && { draw: drawMessage(found.draw) }),
        index: appliedIndex(state),
        now: timestampFromMs(now),
      }
    },

    getFareCalendar(request) {
      const { state } = host
      const now = host.nowMs()
      const { from, to } = endsOf(state, request.fromCode, request.toCode)
      const first = dayOf(request.date, from, now)
      const dates = Array.from({ length: (request.days || daysUsually) + 1 }, (_, i) =>
        addDays(first, i),
      )
      const prices = fareCalendar(state, {
        fromStationId: from.stationId,
        toStationId: to.stationId,
        borders: dates.map((date) => startOfDayMs(date, from.timeZone)),
        passengerTypes: partyOf(state, request.passengerTypes, now),
        nowMs: now,
      })
      const { currency } = info(state)
      return {
        days: prices.map((price, i) => ({
          date: dateText(dates[i] as number),
          cheapest: price === undefined ? undefined : money(price, currency),
        })),
        index: appliedIndex(state),
      }
    },
  }
}

const waitingStates: Readonly<Record<WaitingChance['state'], WaitingListState>> = {
  open: WaitingListState.OPEN,
  notNeeded: WaitingListState.NOT_NEEDED,
  none: WaitingListState.NONE,
  closed: WaitingListState.CLOSED,
  full: WaitingListState.FULL,
  inDraw: WaitingListState.IN_DRAW,
}

function waitingMessage({ state, ahead, closesAtMs, shareFree }: WaitingChance) {
  const closesAt = closesAtMs > 0 ? { closesAt: timestampFromMs(closesAtMs) } : {}
  return { state: waitingStates[state], ahead, shareFree, ...closesAt }
}

function endsOf(state: BookingState, fromCode: string, toCode: string) {
  const from = findStation(state, fromCode)
  if (from === undefined) throw unknownStation('from_code', fromCode)
  const to = findStation(state, toCode)
  if (to === undefined) throw unknownStation('to_code', toCode)
  if (from.stationId === to.stationId) {
    throw invalidField('to_code', 'Departure and arrival are the same station.')
  }
  return { from, to }
}

function dayOf(text: string, { timeZone }: StationView, nowMs: number): number {
  const date = dateNumber(text, 'date')
  if (date < dateInZone(nowMs, timeZone)) throw pastDate('date')
  return date
}

/** Nobody named is one who pays in full. */
function partyOf(state: BookingState, types: readonly string[], nowMs: number): readonly string[] {
  const party = types.length === 0 ? [''] : types
  const problem = partyProblem(state, party, nowMs)
  if (problem !== undefined) throw noQuote(problem)
  return party
}
