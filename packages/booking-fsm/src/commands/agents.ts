/** Those who sell to others: their customers, what they earn, and the money in their tills. */

/** Dated. For one agent, or for all that have no rule of their own. */
export interface SetAgentRule {
  readonly type: 'setAgentRule'
  readonly validFromMs: number
  /** 0: every agent. */
  readonly accountId: number
  /** Bookings and trips that an agent may hold at once; 0: any number. */
  readonly maxOpenHolds: number
  /** Of what customers pay, the agent's share. */
  readonly commissionBasisPoints: number
}

/** Who it is that a seller buys for: mails of the booking, or of its trip, go there. */
export interface NameCustomer {
  readonly type: 'nameCustomer'
  readonly bookingId: number
  readonly displayName: string
  /** '': no mails. */
  readonly email: string
}

/** A shift begins with so much in the till, out of the safe. One for a seller at a time. */
export interface OpenTill {
  readonly type: 'openTill'
  readonly floatMinor: number
}

/** A shift ends: all that is in the till is counted and goes into the safe. */
export interface CloseTill {
  readonly type: 'closeTill'
  readonly countedMinor: number
}

export type CounterMeans = 'cash' | 'terminal'

/** The customer has paid: the seller's own hold is sold at once. */
export interface PayAtCounter {
  readonly type: 'payAtCounter'
  readonly bookingId: number
  readonly means: CounterMeans
  /** What was shown. */
  readonly amountMinor: number
  /** The terminal's; '' for cash. */
  readonly reference: string
}

/** A refund of what was paid at a counter is given, out of the actor's till or by its terminal. */
export interface PayOut {
  readonly type: 'payOut'
  /** The refund's, as in the outbox. */
  readonly outboxId: number
  readonly reference: string
}
