/** What queries give of the ledger and of what waits to be done outside. */

export type EffectKind = 'authorise' | 'capture' | 'void' | 'refund'

/** An effect to be performed outside, in the order of ids per payment. */
export interface OutboxView {
  readonly outboxId: number
  /** The provider's idempotency key: cluster id, log index, number. Fixed when the row was made. */
  readonly key: string
  readonly kind: EffectKind
  readonly paymentId: number
  readonly bookingId: number
  readonly amountMinor: number
  readonly currency: string
  readonly paymentToken: string
  /** The authorisation's reference, for capture, void and refund; '' for authorise. */
  readonly providerReference: string
}

/** What the ledger says, and what of it has no reason. */
export interface LedgerReport {
  readonly totals: LedgerTotals
  /** Empty, when all is well. */
  readonly orphans: readonly Orphan[]
  /** Where the next portion begins; 0: this was the last one. */
  readonly nextAfterBookingId: number
}

export interface Orphan {
  readonly why: /** Money that was reserved or taken for what was not sold. */
    | 'notSold'
    /** Sold, and no money is in force for it. */
    | 'notPaid'
    /** A second payment of the same. */
    | 'paidTwice'
    /** More went back than was paid or agreed. */
    | 'refundedTooMuch'
  readonly bookingId: number
  /** 0: there is none. */
  readonly paymentId: number
  readonly amountMinor: number
}

/** Totals of the double-entry ledger, minor units; they always sum to zero. */
export interface LedgerTotals {
  /** Money reserved at the provider and not captured: memo pair, nets to zero by itself. */
  readonly providerClearing: number
  readonly fareRevenue: number
  readonly refundsPayable: number
  /** Tax that was taken and belongs to the state. */
  readonly taxPayable: number
  /** What exchanged bookings were worth, until the difference to the new ones is captured. */
  readonly exchangeCredit: number
  /** Cash in tills that are open, and what was counted into the safe, less the floats out of it. */
  readonly cashInTills: number
  readonly cashInSafe: number
  /** What counts of tills found missing; negative: what was too much. */
  readonly cashDifferences: number
  /** Paid at terminals. */
  readonly terminalClearing: number
  /** Agents' shares, and what of them is owed. */
  readonly commissionExpense: number
  readonly commissionPayable: number
  /** What companies owe, and what has come for their invoices. */
  readonly receivables: number
  readonly bank: number
  /** What banks have taken back, in dispute; and what of it is lost. */
  readonly chargebacks: number
  readonly chargebackLosses: number
  /** What vouchers are still good for. */
  readonly voucherLiability: number
  /** What was given away with them. */
  readonly voucherCost: number
}
