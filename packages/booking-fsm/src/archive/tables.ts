/**
 * The one list of what becomes of each table's rows when a run is archived. A table with rows by booking or
 * by run that is not in it fails `archive/tables.test.ts`: whoever adds one says here what is to become of it.
 */

/** Rows leave the memory and are written to `archived_` and the table's name. */
export interface Goes {
  readonly rule: 'goes'
  /** What a row belongs to, and goes with. */
  readonly with: 'booking' | 'run'
}
/** Rows are what nobody may lose: as long as there is one, the booking or the run is not archived. */
export interface Blocks {
  readonly rule: 'blocks'
  readonly why: string
}
/** Rows stay in the state. */
export interface Stays {
  readonly rule: 'stays'
  readonly why: string
}

export const archiveRules: Readonly<Record<string, Goes | Blocks | Stays>> = {
  bookings: { rule: 'goes', with: 'booking' },
  payments: { rule: 'goes', with: 'booking' },
  trips: { rule: 'goes', with: 'booking' },
  cancelled_passengers: { rule: 'goes', with: 'booking' },
  refund_offers: { rule: 'goes', with: 'booking' },
  booking_products: { rule: 'goes', with: 'booking' },
  booking_pools: { rule: 'goes', with: 'booking' },
  exchanges: { rule: 'goes', with: 'booking' },
  compensations: { rule: 'goes', with: 'booking' },
  customers: { rule: 'goes', with: 'booking' },
  passenger_details: { rule: 'goes', with: 'booking' },
  voucher_uses: { rule: 'goes', with: 'booking' },
  delay_compensations: { rule: 'goes', with: 'booking' },
  seat_wishes: { rule: 'goes', with: 'booking' },
  tickets: { rule: 'goes', with: 'booking' },
  disrupted_bookings: { rule: 'goes', with: 'booking' },
  journey_changes: { rule: 'goes', with: 'booking' },
  runs: { rule: 'goes', with: 'run' },
  charts: { rule: 'goes', with: 'run' },
  seat_blocks: { rule: 'goes', with: 'run' },
  quotas: { rule: 'goes', with: 'run' },
  delays: { rule: 'goes', with: 'run' },
  run_consists: { rule: 'goes', with: 'run' },
  outbox: { rule: 'blocks', why: 'the provider has not answered' },
  notices: { rule: 'blocks', why: 'the mail shows the booking' },
  reseatings: { rule: 'blocks', why: 'its passengers are being seated anew' },
  reseated_parties: { rule: 'blocks', why: 'it is being seated anew' },
  waiting: { rule: 'blocks', why: 'it may become a booking on any of its runs' },
  overrides: {
    rule: 'stays',
    why: 'few; small ones of a booking add up for ever, and one may wait',
  },
  chargebacks: { rule: 'stays', why: 'few; while one is in dispute its booking is not archived' },
  company_items: { rule: 'stays', why: 'it is to be on the company’s next invoice' },
  commissions: { rule: 'stays', why: 'of a complaint that is paid the agent pays a share' },
  disruptions: { rule: 'stays', why: 'few; bookings that were moved to later runs say them' },
  draws: {
    rule: 'stays',
    why: 'anybody may check a draw, whenever; a run in one that is open waits',
  },
  booking_stubs: { rule: 'stays', why: 'it is what stays' },
  payment_stubs: { rule: 'stays', why: 'it is what stays' },
}
