/** Companies that book on account, and are sent invoices. */

/** For staff. What stands on invoices is what it was when they were issued. */
export interface SetCompany {
  readonly type: 'setCompany'
  /** 0: a new one. */
  readonly companyId: number
  readonly name: string
  readonly taxId: string
  readonly address: string
  /** Never is more owed than this; 0: nothing more is sold on account. */
  readonly creditLimitMinor: number
  /** So long after an invoice it is overdue, and nothing more is sold on account until it is paid. */
  readonly paymentTermMs: number
}

export type MemberRole = 'traveller' | 'booker' | 'admin'

/** For staff and the company's admins. A traveller sees the company; bookers and admins pay on account. */
export interface SetMember {
  readonly type: 'setMember'
  readonly companyId: number
  readonly accountId: number
  /** 'none': no member any more. */
  readonly role: MemberRole | 'none'
}

/** The actor's own hold is sold at once, and owed by the company. */
export interface PayOnAccount {
  readonly type: 'payOnAccount'
  readonly companyId: number
  readonly bookingId: number
  /** What was shown. */
  readonly amountMinor: number
}

/** All that was sold or given back up to now, and stands on no invoice. For staff. */
export interface IssueInvoice {
  readonly type: 'issueInvoice'
  readonly companyId: number
}

/** Money has come for an invoice: all of it, or some. For staff. */
export interface RecordInvoicePayment {
  readonly type: 'recordInvoicePayment'
  readonly invoiceId: number
  readonly amountMinor: number
  /** The bank's. */
  readonly reference: string
}
