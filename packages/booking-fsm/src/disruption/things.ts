/** Disruptions, and what became of the bookings in them: rows of their own, because most bookings have none. */
import type { CompensationBand } from '../commands/disruption.ts'
import type { Reason } from '../commands/reasons.ts'
import type { Hashed } from '../things.ts'
import type { Delay, DelayPay } from './delay-things.ts'

/** One thing that went wrong, worked off in portions under its id. */
export interface Disruption extends Hashed {
  readonly disruptionId: number
  readonly kind: DisruptionKind
  readonly runId: number
  readonly reason: Reason
  readonly begunAtMs: number
  phase: DisruptionPhase
  /** While its bookings are gone through: those with an id below this one are still to be looked at. */
  cursor: number
  /** Until when passengers may choose; who has not by then is paid back. */
  choiceUntilMs: number
  /** So many bookings lost their train, or the connection to it, by it. */
  bookings: number
  /** Of a run that is cancelled: the stop where it ends; 0: it does not go at all. */
  readonly fromStop: number
  /** So many bookings have other seats by it. */
  moved: number
  /** Derived: those of them that have not chosen yet. */
  readonly open: Set<number>
}
/** Of one run there is one of a kind, of consists one after the other. */
export type DisruptionKind = 'runCancelled' | 'runDelayed' | 'consistChanged' | 'overbooked'
/**
 * Bookings are gone through; passengers choose; all is done. Of a consist bookings are gathered, seated, told.
 * `abandoned`: it has more bookings than can move at once, and stays as it is.
 */
export type DisruptionPhase =
  | 'ending'
  | 'listing'
  | 'seating'
  | 'telling'
  | 'choosing'
  | 'over'
  | 'abandoned'

/** Its run is being seated anew, or who was moved is still to be told. */
export function isMoving({ phase }: Disruption): boolean {
  return phase === 'listing' || phase === 'seating' || phase === 'telling'
}

/** A booking that a disruption has hit, the latest one. */
export interface Disrupted extends Hashed {
  readonly bookingId: number
  readonly disruptionId: number
  outcome: DisruptedOutcome
}
export type DisruptedOutcome =
  /** The passenger may still choose. */
  | 'open'
  | 'rebooked'
  | 'refunded'
  /** Nothing was chosen of what might have been missed: it is as it was. */
  | 'kept'
  /** The fare was never paid: there is nothing to choose. */
  | 'unpaid'

/** What a booking was before it was changed without having asked for it. */
export interface JourneyChange extends Hashed {
  readonly bookingId: number
  /** From 1, for each booking. */
  readonly changeId: number
  readonly atMs: number
  readonly kind: ChangeKind
  readonly reason: Reason
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly seats: readonly number[]
  /** By position: coach and seat as they were painted. */
  readonly places: readonly (readonly [coachLabel: string, seatLabel: string])[]
  /** By position: the properties of the seats, as bits. */
  readonly had: readonly number[]
  /** By position: which of them the new seats lack. */
  readonly lost: readonly number[]
  /** By position: what comes back because the class is another one. */
  readonly backs: readonly number[]
}
export type ChangeKind =
  /** Its train does not run: it has no seats until it is rebooked. */
  | 'trainCancelled'
  /** More places were promised than there are seats, and it has none: as if its train did not run. */
  | 'overbooked'
  /** The train before it comes too late for it: another one may be chosen. */
  | 'connectionMissed'
  /** Another train at no extra price. */
  | 'rebooked'
  /** It was promised a place only, and has been given its seats. */
  | 'seated'
  /** It sat on halves of berths, and has been given whole ones. */
  | 'berthGiven'
  /** The same train with other coaches. */
  | 'seatsChanged'
  /** The same train with other coaches, in which there is no room: it has no seats until it is rebooked. */
  | 'seatsLost'

/** What passengers are owed, from an instant on. */
export interface CompensationRule extends Hashed {
  readonly ruleId: number
  readonly validFromMs: number
  readonly choiceMs: number
  readonly rebookMs: number
  readonly minimumMinor: number
  readonly maximumMinor: number
  readonly bands: readonly CompensationBand[]
  /** It counts for bookings from this one on: those before it were sold without it. */
  readonly fromBookingId: number
}

/** A refund that staff gave against the rules, or want to give. */
export interface Override extends Hashed {
  readonly overrideId: number
  readonly bookingId: number
  readonly passengers: readonly number[]
  readonly amountMinor: number
  readonly reason: Reason
  note: string
  readonly askedBy: number
  readonly askedAtMs: number
  status: OverrideStatus
  /** The second person; 0: nobody yet, or nobody was needed. */
  decidedBy: number
  decidedAtMs: number
}
export type OverrideStatus = 'waiting' | 'paid' | 'declined'

/** What of the state is about disruptions. */
export interface DisruptionState {
  readonly disruptions: Map<number, Disruption>
  /** By booking. */
  readonly disrupted: Map<number, Disrupted>
  /** By booking, oldest first. */
  readonly changes: Map<number, readonly JourneyChange[]>
  readonly rules: Map<number, CompensationRule>
  readonly overrides: Map<number, Override>
  /** By run, sorted by stop. */
  readonly delays: Map<number, readonly Delay[]>
  /** By booking, sorted by position. */
  readonly delayPays: Map<number, readonly DelayPay[]>
  // Derived from here on.
  /** Sorted by (validFromMs, ruleId). */
  readonly rulesByTime: CompensationRule[]
  /** Those that are not over, by id. */
  readonly unsettled: Set<Disruption>
  /** By run. */
  readonly delayOfRun: Map<number, Disruption>
}

export function createDisruptionState(): DisruptionState {
  return {
    disruptions: new Map(),
    disrupted: new Map(),
    changes: new Map(),
    rules: new Map(),
    overrides: new Map(),
    delays: new Map(),
    delayPays: new Map(),
    rulesByTime: [],
    unsettled: new Set(),
    delayOfRun: new Map(),
  }
}
