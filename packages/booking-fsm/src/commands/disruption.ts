/** What happens when the railway does not keep what it has sold. */
import type { Reason } from './reasons.ts'

/**
 * The run is off sale at once, and does not go beyond `fromStop`: who gets off there or before keeps the train. Its bookings are ended in portions by `continueDisruption`: what is held
 * is released, and who has paid may choose another train or the whole money, which comes by itself when
 * nobody chooses.
 */
export interface CancelRun {
  readonly type: 'cancelRun'
  readonly runId: number
  /** Where it ends, as a position in its stops, before it has left there; 0, or none: it does not go at all. */
  readonly fromStop?: number | undefined
  readonly reason: Reason
}

/**
 * How late a run is at a stop, which counts for the stops behind it as well, until one of them has a record. Who gets
 * off there is told, may have missed a connection, and is compensated when it is final: by `continueDisruption`,
 * in portions, without a claim. A record in place of another one corrects it; what was paid is not taken back.
 */
export interface RecordDelay {
  readonly type: 'recordDelay'
  readonly runId: number
  /** Position in the run's stops. */
  readonly stop: number
  /** 0 to 10,080; 0: on time. */
  readonly lateMinutes: number
  /** It has arrived; otherwise it is what is expected. */
  readonly final: boolean
  readonly reason: Reason
}

/** The cluster's own work: the next portion of a disruption, whoever leads by now. */
export interface ContinueDisruption {
  readonly type: 'continueDisruption'
  readonly disruptionId: number
}

/** Another train between the same stations for a booking that lost its own, at no extra price. */
export interface RebookFree {
  readonly type: 'rebookFree'
  readonly bookingId: number
  readonly runId: number
  /** Positions in the other run's stops. */
  readonly fromStop: number
  readonly toStop: number
  /** One for each passenger who still travels; empty: the best fit is chosen. */
  readonly seats: readonly number[]
}

/** The whole price back, for a booking that lost its train or another leg of its trip. */
export interface TakeRefund {
  readonly type: 'takeRefund'
  readonly bookingId: number
}

/**
 * What passengers get when the railway does not keep what it sold. Dated data: of a cancelled run the rule
 * counts that is in force when it is cancelled, of a delay the one in force when the booking was made: one that
 * is set later counts for none of the bookings before, whatever it is valid from.
 */
export interface SetCompensationRule {
  readonly type: 'setCompensationRule'
  readonly validFromMs: number
  /** How long a passenger may choose before the money goes by itself: 0 to 31,622,400,000. */
  readonly choiceMs: number
  /** How long before or after the lost departure the other train may leave: 0 to 31,622,400,000. */
  readonly rebookMs: number
  /** Less than this is not paid for a delay: 0 to 1,000,000,000. */
  readonly minimumMinor: number
  /** No more than this is paid for a delay, for each passenger; 0: no limit. */
  readonly maximumMinor: number
  /** Sorted by `fromMinutes`, ascending; below the first one nothing is paid. */
  readonly bands: readonly CompensationBand[]
}

export interface CompensationBand {
  /** So late at the passenger's own station, or later. */
  readonly fromMinutes: number
  /** Share of the price, 0 to 10,000; rounded half up. */
  readonly basisPoints: number
}

/**
 * Staff pay back more than the rules say, and say why: of what is kept of the fares of those who were
 * cancelled, or who travel. Nobody is cancelled by it. Above a limit it waits for a second person.
 */
export interface OverrideRefund {
  readonly type: 'overrideRefund'
  readonly bookingId: number
  /** Positions in the booking, ascending; the sum goes to the first ones first, to each at most their fare. */
  readonly passengers: readonly number[]
  readonly amountMinor: number
  readonly reason: Reason
  /** For colleagues and the audit; no particulars of passengers. */
  readonly note: string
}

/** What somebody else of the staff says to an override that waits. */
export interface DecideOverride {
  readonly type: 'decideOverride'
  readonly overrideId: number
  readonly approve: boolean
}
