/** What queries give of disruptions, delays and decisions against a rule. */

import type { Reason, SeatProperty } from '../commands.ts'
import type {
  ChangeKind,
  DisruptionKind,
  DisruptionPhase,
  OverrideStatus,
} from '../disruption/things.ts'

/** What a booking was before the railway changed it, and why. */
export interface JourneyChangeView {
  readonly atMs: number
  readonly kind: ChangeKind
  readonly reason: Reason
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly seats: readonly number[]
  /** By position: as they were painted; '' of who had left. */
  readonly places: readonly { readonly coachLabel: string; readonly seatLabel: string }[]
  /** By position: what the new seats lack of the old ones; empty when nothing is new on the same train. */
  readonly lost: readonly (readonly SeatProperty[])[]
  /** What comes back because the class is another one. */
  readonly backMinor: number
}

/** What a booking, or a leg of its trip, was hit by, and what its passenger may choose at the state's clock. */
export interface DisruptionChoiceView {
  readonly disruptionId: number
  readonly reason: Reason
  readonly choiceUntilMs: number
  readonly mayRebook: boolean
  readonly mayTakeRefund: boolean
}

/** How late its train is where its passengers get off; undefined: nothing was recorded, and nothing paid. */
export interface BookingDelayView {
  readonly lateMinutes: number
  /** It has arrived there. */
  readonly final: boolean
  /** What was paid of this booking's fares because they came late, all together. */
  readonly compensationMinor: number
}

/** A refund against the rules, as staff see it. */
export interface OverrideView {
  readonly overrideId: number
  readonly bookingId: number
  readonly passengers: readonly number[]
  readonly amountMinor: number
  readonly reason: Reason
  readonly note: string
  readonly askedBy: number
  readonly askedAtMs: number
  readonly status: OverrideStatus
  readonly decidedBy: number
  readonly decidedAtMs: number
}

/** A disruption as staff see it. */
export interface DisruptionView {
  readonly disruptionId: number
  readonly kind: DisruptionKind
  readonly runId: number
  readonly reason: Reason
  readonly begunAtMs: number
  readonly phase: DisruptionPhase
  readonly choiceUntilMs: number
  /** Of a run that is cancelled: the stop where it ends; 0: it does not go at all. */
  readonly fromStop: number
  /** That lost their train by it, so far. */
  readonly bookings: number
  /** Those of them that have not chosen. */
  readonly open: number
  /** That have other seats by it. */
  readonly moved: number
  /** While its run is seated anew: bookings that are to be dealt with, and those of them for whom seats were looked for. */
  readonly listed: number
  readonly seated: number
}

/** What a change of consist would do. */
export interface ConsistPreview {
  readonly runId: number
  /** Of the new formation. */
  readonly capacity: number
  /** Each by booking: with other seats, paid without any, held without any. */
  readonly moved: readonly ReseatedView[]
  readonly lost: readonly ReseatedView[]
  readonly released: readonly ReseatedView[]
  /** Bookings that keep their seats. */
  readonly unchanged: number
  /** Of all together, for cheaper classes. */
  readonly backMinor: number
}

export interface ReseatedView {
  readonly bookingId: number
  readonly pnr: string
  readonly classCode: string
  /** '': it has no seats. */
  readonly newClassCode: string
  readonly passengers: readonly {
    readonly position: number
    readonly coachLabel: string
    readonly seatLabel: string
    /** Both '': there is none. */
    readonly newCoachLabel: string
    readonly newSeatLabel: string
    readonly lost: readonly SeatProperty[]
  }[]
  readonly backMinor: number
}
