import type { ClassOffer, Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { dayOffset, formatDay, formatTime, plural, toMs } from '@/lib/format/time'

/** A journey in the words and clocks of its stations. */
export interface JourneyView {
  readonly train: string
  readonly fromName: string
  readonly toName: string
  readonly departure: string
  readonly arrival: string
  readonly departureDay: string
  /** Calendar days between departure and arrival, by the stations' calendars. */
  readonly daysLater: number
  readonly durationMs: number
  readonly departureMs: number
  readonly arrivalMs: number
  /** Said when the two stations have different clocks. */
  readonly zonesDiffer: boolean
}

export function viewJourney(journey: Journey): JourneyView {
  const { from, to } = journey
  const [departureMs, arrivalMs] = [toMs(journey.departure), toMs(journey.arrival)]
  const [fromZone, toZone] = [from?.timeZone || 'UTC', to?.timeZone || 'UTC']
  return {
    train: [journey.trainNumber, journey.trainName].filter(Boolean).join(' '),
    fromName: from?.name ?? '',
    toName: to?.name ?? '',
    departure: formatTime(departureMs, fromZone),
    arrival: formatTime(arrivalMs, toZone),
    departureDay: formatDay(departureMs, fromZone),
    daysLater: dayOffset(departureMs, fromZone, arrivalMs, toZone),
    durationMs: arrivalMs - departureMs,
    departureMs,
    arrivalMs,
    zonesDiffer: fromZone !== toZone,
  }
}

export type Availability = 'free' | 'few' | 'notEnough' | 'soldOut'

/** Few is few: an honest number, from ten on no number at all. */
const few = 9

export function availability(
  offer: Pick<ClassOffer, 'freeSeats'>,
  passengers: number,
): Availability {
  if (offer.freeSeats === 0) return 'soldOut'
  if (offer.freeSeats < passengers) return 'notEnough'
  return offer.freeSeats <= few ? 'few' : 'free'
}

export function availabilityWords(
  offer: Pick<ClassOffer, 'freeSeats'>,
  passengers: number,
): string {
  switch (availability(offer, passengers)) {
    case 'soldOut':
      return 'Sold out'
    case 'notEnough':
      return `Only ${plural(offer.freeSeats, 'seat')} left`
    case 'few':
      return `${offer.freeSeats} left`
    case 'free':
      return `${offer.freeSeats} seats free`
  }
}

/** No class has room for the party. */
export function isSoldOut(journey: Pick<Journey, 'classes'>, passengers: number): boolean {
  return journey.classes.every(({ freeSeats }) => freeSeats < passengers)
}
