/** What people ask for: busy stations more often, tomorrow more often than in four weeks. */
import { type BookingState, type ConnectionQuery, listTrains } from '@quorail/booking-fsm'
import { DAY_MS } from './open-feed.ts'

export interface Questions {
  next(nowMs: number): ConnectionQuery
}

/** Stations by how many trains call there. */
export function questionsOn(state: BookingState, random: () => number): Questions {
  const calls = listTrains(state).flatMap((train) => train.stationIds)
  const station = () => calls[Math.floor(random() * calls.length)] as number
  return {
    next(nowMs) {
      const fromStationId = station()
      let toStationId = station()
      while (toStationId === fromStationId) toStationId = station()
      const daysAhead = Math.floor(random() ** 3 * 28)
      const earliestMs = nowMs + daysAhead * DAY_MS + Math.floor((random() * DAY_MS) / 2)
      return {
        fromStationId,
        toStationId,
        earliestMs,
        latestMs: earliestMs + DAY_MS,
        nowMs,
        maxChanges: 2,
        passengerTypes: Array.from({ length: 1 + Math.floor(random() ** 2 * 5) }, () => ''),
        limit: 20,
      }
    },
  }
}
