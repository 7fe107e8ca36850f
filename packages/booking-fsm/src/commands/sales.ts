/** Holding and paying. */
import type { SeatPreferences } from './inventory.ts'

/** Holds seats for 1 to 6 passengers of one class on one run, all or none. */
export interface HoldSeats {
  readonly type: 'holdSeats'
  readonly runId: number
  /** Positions in the run's stops: 0 ≤ from < to. The half-open interval [from, to) of segments. */
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly passengers: readonly PassengerInput[]
  /** Explicit choice, one per passenger; empty: the best fit is chosen. */
  readonly seats: readonly number[]
  /** What is looked for where nothing is chosen. */
  readonly preferences?: SeatPreferences | undefined
  /** The price of all that was shown; refused when it is another one by now. Absent: any price. */
  readonly expectedPriceMinor?: number | undefined
  /** The quota's pool that is tried first; absent or '': what is general. */
  readonly pool?: string | undefined
  /** A fare product, or `cheapest`: whatever costs the whole party least now; absent or '': the full fare. */
  readonly product?: string | undefined
}

/**
 * Holds seats for the same passengers on several legs, all or none: there and back, or with changes.
 * Each leg is a booking; they are paid together, by one payment, and expire together.
 */
export interface HoldTrip {
  readonly type: 'holdTrip'
  /** 1 to 6; those on one run do not overlap. */
  readonly legs: readonly LegInput[]
  readonly passengers: readonly PassengerInput[]
  /** As in `HoldSeats`, of all legs. */
  readonly expectedPriceMinor?: number | undefined
}

export interface LegInput {
  readonly runId: number
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  /** As in `HoldSeats`. */
  readonly seats: readonly number[]
  /** As in `HoldSeats`. */
  readonly preferences?: SeatPreferences | undefined
  /** As in `HoldSeats`. */
  readonly pool?: string | undefined
  /** As in `HoldSeats`. */
  readonly product?: string | undefined
}

export interface PassengerInput {
  readonly name: string
  /** A type of the tariff in force; absent or '': the full fare. */
  readonly passengerType?: string | undefined
  /** As yyyymmdd; absent or 0: not said. */
  readonly birthDate?: number | undefined
  /** A document that an inspector may ask for; absent or '': not said. */
  readonly document?: string | undefined
  /** A number or an address to be reached at; absent or '': not said. */
  readonly contact?: string | undefined
}

export interface ReleaseHold {
  readonly type: 'releaseHold'
  readonly bookingId: number
}

/** Logs the intent to pay, extends the hold once and queues the authorisation. */
export interface StartPayment {
  readonly type: 'startPayment'
  readonly bookingId: number
  /** The provider's token for a card. Never a card number. */
  readonly paymentToken: string
  /** The price the passenger has seen; refused when it is not the booking's. */
  readonly amountMinor: number
}

/** What the provider answered to an outbox effect: from the leader's worker or a webhook. Counts once. */
export interface RecordOutcome {
  readonly type: 'recordOutcome'
  readonly outboxId: number
  readonly outcome: Outcome
}

export type Outcome =
  /** The effect was done: authorised, captured, voided or refunded. */
  | { readonly type: 'done'; readonly providerReference: string }
  /** Definitely not done, and never will be under this key. */
  | { readonly type: 'refused'; readonly reason: string }
