import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type BookingState,
  fareProducts,
  findJourney,
  findRun,
  findStation,
  info,
  type JourneyView,
  passengerTypes,
  quoteParty,
  quoteValidUntil,
  requiredData,
  searchJourneys,
  searchStations,
} from '@quorail/booking-fsm'
import type { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { invalidField, pastDate, unknownRun, unknownStation } from '../errors/door-errors.ts'
import { requiredMessage } from '../mapping/passenger-data.ts'
import { seatMessage } from '../mapping/seats.ts'
import {
  fareLineMessage,
  journeyMessage,
  money,
  productOffer,
  stationMessage,
} from '../mapping/views.ts'
import { normaliseSearchText } from '../timetable/normalise-search-text.ts'
import { addDays, dateInZone, serviceDayBaseMs } from '../timetable/service-days.ts'
import { type ServiceDependencies, settleRead } from './dependencies.ts'
import { quoteMostMs } from './quoted.ts'
import { createSearch } from './search.ts'
import { readSeatMap } from './seat-map.ts'
import { appliedIndex, dateNumber, noQuote } from './timetable-answers.ts'

const hourMs = 3_600_000
const journeysAtMost = 500

export function createTimetableService({
  host,
}: ServiceDependencies): ServiceImpl<typeof TimetableService> {
  return {
    searchStations(request) {
      const limit = request.limit || 8
      const stations = searchStations(host.state, normaliseSearchText(request.text), limit)
      return { stations: stations.map(stationMessage), index: appliedIndex(host.state) }
    },

    searchJourneys(request) {
      const { state } = host
      const from = findStation(state, request.fromCode)
      if (from === undefined) throw unknownStation('from_code', request.fromCode)
      const to = findStation(state, request.toCode)
      if (to === undefined) throw unknownStation('to_code', request.toCode)
      if (from.stationId === to.stationId) {
        throw invalidField('to_code', 'Departure and arrival are the same station.')
      }
      const date = dateNumber(request.date, 'date')
      if (date < dateInZone(host.nowMs(), from.timeZone)) throw pastDate('date')
      const passengers = request.passengers || 1
      const journeys = journeysOnDay(state, from, to.stationId, date, passengers, host.nowMs())
      return {
        journeys: journeys.map((journey) => journeyMessage(state, journey, passengers)),
        index: appliedIndex(state),
        from: stationMessage(from),
        to: stationMessage(to),
      }
    },

    quoteFares(request) {
      const { state } = host
      const now = host.nowMs()
      const { runId, fromStop, toStop, classCode, passengerTypes: types } = request
      const run = findRun(state, Number(runId))
      if (run === undefined) throw unknownRun()
      if (findJourney(state, run.runId, fromStop, toStop) === undefined) {
        throw invalidField('to_stop', 'The journey must end behind the stop where it begins.')
      }
      const journey = { runId: run.runId, fromStop, toStop, classCode }
      const asked = { ...journey, passengerTypes: types, nowMs: now }
      const quoted = quoteParty(state, run.runId, fromStop, toStop, classCode, types, now)
      if (typeof quoted === 'string' || quoted === undefined) throw noQuote(quoted)
      const { currency } = info(state)
      return {
        price: money(quoted.priceMinor, currency),
        passengers: quoted.passengers.map(({ passengerType, priceMinor, lines }) => ({
          passengerType,
          price: money(priceMinor, currency),
          fareLines: lines.map((line) => fareLineMessage(line, currency)),
        })),
        types: [...passengerTypes(state, now)],
        requires: requiredMessage(requiredData(state, now)),
        products: fareProducts(state, asked).map(({ soldUntilMs, requires, ...offer }) => ({
          ...productOffer(offer, currency),
          requires: requiredMessage(requires),
          soldUntil: timestampFromMs(soldUntilMs),
        })),
        index: appliedIndex(state),
        now: timestampFromMs(now),
        validUntil: timestampFromMs(quoteValidUntil(state, asked, quoteMostMs)),
      }
    },

    ...createSearch(host),

    async getSeatMap(request) {
      await settleRead(host)
      const { state } = host
      const now = host.nowMs()
      const { runId, fromStop, toStop } = request
      const { seats, ...about } = readSeatMap(state, Number(runId), fromStop, toStop, now)
      return {
        ...about,
        seats: seats.map(seatMessage),
        index: appliedIndex(state),
        now: timestampFromMs(now),
      }
    },
  }
}

/** Direct journeys that leave on a local date of the station of departure. */
export function journeysOnDay(
  state: BookingState,
  from: { readonly stationId: number; readonly timeZone: string },
  toStationId: number,
  date: number,
  passengers: number,
  nowMs: number,
): JourneyView[] {
  // Noon minus 12 h may be an hour off midnight when the clocks change: look wider, then sift.
  const earliestMs = serviceDayBaseMs(date, from.timeZone) - hourMs
  const latestMs = serviceDayBaseMs(addDays(date, 1), from.timeZone) + hourMs
  const found = searchJourneys(state, {
    fromStationId: from.stationId,
    toStationId,
    earliestMs,
    latestMs,
    nowMs,
    passengers,
    limit: journeysAtMost,
  })
  return found.filter((journey) => dateInZone(journey.departureMs, from.timeZone) === date)
}
