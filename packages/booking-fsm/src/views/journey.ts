/** What a search gives: journeys, connections and what can be had instead. */

import type { PassengerDatum, Reason } from '../commands.ts'

/** How late a run is at a stop, and behind it until the next record. */
export interface DelayView {
  readonly runId: number
  readonly stop: number
  readonly lateMinutes: number
  /** It has arrived; otherwise it is what is expected. */
  readonly final: boolean
  readonly reason: Reason
  readonly atMs: number
}

/** How late the run is where the journey begins and ends, as far as is known. */
export interface LateView {
  readonly departureLateMinutes: number
  readonly arrivalLateMinutes: number
}

export interface JourneyView extends LateView {
  readonly runId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly fromStop: number
  readonly toStop: number
  readonly fromStationId: number
  readonly toStationId: number
  readonly departureMs: number
  readonly arrivalMs: number
  readonly distanceMetres: number
  /** Stops in between. */
  readonly stopsBetween: number
  readonly classes: readonly ClassOffer[]
  /** Absent: it is on sale. */
  readonly draw?: JourneyDraw
}

/** A draw decides first who gets seats on the run; until then none is free for who only comes. */
export interface JourneyDraw {
  readonly drawId: number
  /** The seed is revealed, or given up, until then; seats are held from then on, and what is left is on sale. */
  readonly untilMs: number
}

export interface ClassOffer {
  readonly classCode: string
  /** Seats free on the whole journey. */
  readonly freeSeats: number
  readonly capacity: number
  readonly pricePerPassengerMinor: number
  /** Free seats for all the passengers asked for. */
  readonly enoughSeats: boolean
  /** What the whole party can have for less than in full; absent: nothing. */
  readonly cheapest?: CheapestView
}

/** The conditions that a booking was sold under, where it was not at the full fare. */
export interface BookingProductView {
  readonly code: string
  readonly name: string
  readonly refundable: boolean
  readonly exchangeable: boolean
}

/** A fare product that there are places of for the whole party, and seats. */
export interface CheapestView extends BookingProductView {
  /** Of the whole party. */
  readonly priceMinor: number
  /** So many passengers can still have it on this journey. */
  readonly placesLeft: number
}

export interface ProductOffer extends CheapestView {
  /** Nobody has it from then on. */
  readonly soldUntilMs: number
  /** Of each passenger, besides the name. */
  readonly requires: readonly PassengerDatum[]
  readonly enoughPlaces: boolean
}

/** A way from A to B on one to three trains. */
export interface ConnectionView {
  readonly departureMs: number
  readonly arrivalMs: number
  readonly changes: number
  readonly legs: readonly LegView[]
  /** The classes in which all of it can be travelled. */
  readonly offers: readonly ConnectionOffer[]
}

export interface LegView extends LateView {
  readonly runId: number
  readonly trainNumber: string
  readonly trainName: string
  readonly serviceDate: number
  readonly fromStop: number
  readonly toStop: number
  readonly fromStationId: number
  readonly toStationId: number
  readonly departureMs: number
  readonly arrivalMs: number
  readonly distanceMetres: number
  readonly classes: readonly PartyClassOffer[]
  /** Absent: it is on sale. */
  readonly draw?: JourneyDraw
}

/** A class on a part of a run, for a whole party. */
export interface PartyClassOffer {
  readonly classCode: string
  /** Free on the whole part. */
  readonly freeSeats: number
  readonly capacity: number
  /** Of all of them. */
  readonly priceMinor: number
  /** For all of them. */
  readonly enoughSeats: boolean
  /** What the whole party can have for less than in full; absent: nothing. */
  readonly cheapest?: CheapestView
}

export interface ConnectionOffer {
  readonly classCode: string
  /** Of all of them, for all legs. */
  readonly priceMinor: number
  /** On the leg with the fewest. */
  readonly freeSeats: number
  /** On each leg, for all of them. */
  readonly enoughSeats: boolean
  /** Each leg at the cheapest product that can be had; absent: in full. */
  readonly cheapestMinor?: number
}

/** What can be had in place of a journey in a class; each for the whole party. */
export interface AlternativesView {
  /** The run is under a draw: nobody buys a seat, or waits for one, until that is over. */
  readonly draw: JourneyDraw | undefined
  /** Whether one can wait for what is general there. */
  readonly waitingList: WaitingChance
  /** On the whole journey, in its class. */
  readonly freeSeats: number
  /** Why it is full: the segments with fewer free seats than wanted; none when only no seat is free all the way. */
  readonly fullSegments: readonly { readonly segment: number; readonly freeSeats: number }[]
  readonly otherClasses: readonly PartyClassOffer[]
  readonly otherDates: readonly DatedAlternative[]
  readonly otherStops: readonly LegView[]
  readonly splits: readonly SplitView[]
}

/** What waiting for seats would be like. */
export interface WaitingChance {
  /** `open`: the party may join; else why not. */
  readonly state: 'open' | 'notNeeded' | 'none' | 'closed' | 'full' | 'inDraw'
  /** How many bookings that want some of the same segments would be ahead of it. */
  readonly ahead: number
  /** Half a berth for each, to sit on, is free now for who would share; they may join with `shared`. */
  readonly shareFree: boolean
  /** When the list closes, or closed; 0: there is none. */
  readonly closesAtMs: number
}

export interface DatedAlternative {
  /** −3 to 3; 0: another train about the same time. */
  readonly daysLater: number
  /** With the class asked for alone. */
  readonly leg: LegView
}

/** Seats one after the other on the same run: to be held as the legs of a trip. */
export interface SplitView {
  readonly legs: readonly LegView[]
  readonly priceMinor: number
}
