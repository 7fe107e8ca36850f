/** Each kind of thing as its row: the values in the order of the table's columns. */

import type { AgentRule, Commission, Customer } from './agents/agent.ts'
import type { Stub, StubEffect, StubPayment } from './archive/things.ts'
import type { Chargeback } from './chargebacks/things.ts'
import type { Company, CompanyItem, Invoice, Member } from './companies/company.ts'
import type { Party, Reseating, RunConsist } from './consist/things.ts'
import type { Delay, DelayPay } from './disruption/delay-things.ts'
import type {
  CompensationRule,
  Disrupted,
  Disruption,
  JourneyChange,
  Override,
} from './disruption/things.ts'
import type { Draw, DrawEntry } from './draws/draw.ts'
import type { Compensation, Exchange } from './exchange-things.ts'
import type { Guest, GuestRule } from './guests/guest.ts'
import type { NodeAddress } from './nodes/node-address.ts'
import type { Notice, NoticePreference } from './notices.ts'
import type { SecondFactor, SecondFactorRule } from './people/second-factor.ts'
import type { PassengerDetails } from './products/passenger-data.ts'
import type { BookingProduct, FareProductRule } from './products/things.ts'
import { accountRows } from './row-values/account.ts'
import { archiveRows } from './row-values/archive.ts'
import { bookingRows } from './row-values/booking.ts'
import { disruptionRows } from './row-values/disruption.ts'
import { logRows } from './row-values/log.ts'
import { ruleRows } from './row-values/rule.ts'
import { sellerRows } from './row-values/seller.ts'
import { timetableRows } from './row-values/timetable.ts'
import type { Value } from './rows.ts'
import type { SalesRule } from './sales-rules.ts'
import type { SavedPassenger } from './saved-passengers.ts'
import type { OverbookingRule, SeatPromiseRule, SeatWish } from './seat-promise/things.ts'
import type {
  Account,
  AuditChain,
  Booking,
  BookingPool,
  CancelledPassenger,
  Counter,
  Effect,
  Erasure,
  FareRule,
  Hashed,
  Import,
  Meta,
  PasswordReset,
  Payment,
  Quota,
  RefundOffer,
  RefundRule,
  Remembered,
  Run,
  SeatBlock,
  SeatRule,
  Session,
  Station,
  StationChange,
  Train,
  Trip,
} from './things.ts'
import type { Ticket, TicketKey } from './tickets/ticket.ts'
import type { Till } from './tills/till.ts'
import type { Voucher, VoucherUse } from './vouchers/things.ts'
import type { Chart, WaitingEntry, WaitingRule } from './waiting/things.ts'

/** What each table's row is made from. */
export interface Things {
  readonly meta: Meta
  readonly accounts: Account
  readonly sessions: Session
  readonly password_resets: PasswordReset
  readonly erasures: Erasure
  readonly saved_passengers: SavedPassenger
  readonly second_factors: SecondFactor
  readonly second_factor_rules: SecondFactorRule
  readonly guests: Guest
  readonly guest_rules: GuestRule
  readonly agent_rules: AgentRule
  readonly commissions: Commission
  readonly customers: Customer
  readonly tills: Till
  readonly companies: Company
  readonly company_members: Member
  readonly company_items: CompanyItem
  readonly invoices: Invoice
  readonly imports: Import
  readonly stations: Station
  readonly station_changes: StationChange
  readonly trains: Train
  readonly runs: Run
  readonly fare_rules: FareRule
  readonly refund_rules: RefundRule
  readonly compensation_rules: CompensationRule
  readonly disruptions: Disruption
  readonly overrides: Override
  readonly chargebacks: Chargeback
  readonly disrupted_bookings: Disrupted
  readonly journey_changes: JourneyChange
  readonly run_consists: RunConsist
  readonly reseatings: Reseating
  readonly reseated_parties: Party
  readonly delays: Delay
  readonly delay_compensations: DelayPay
  readonly sales_rules: SalesRule
  readonly vouchers: Voucher
  readonly voucher_uses: VoucherUse
  readonly passenger_details: PassengerDetails
  readonly fare_products: FareProductRule
  readonly booking_products: BookingProduct
  readonly seat_rules: SeatRule
  readonly seat_promise_rules: SeatPromiseRule
  readonly seat_wishes: SeatWish
  readonly overbooking_rules: OverbookingRule
  readonly seat_blocks: SeatBlock
  readonly quotas: Quota
  readonly booking_pools: BookingPool
  readonly bookings: Booking
  readonly payments: Payment
  readonly outbox: Effect | StubEffect
  readonly booking_stubs: Stub & Hashed
  readonly payment_stubs: StubPayment & Hashed
  readonly cancelled_passengers: CancelledPassenger
  readonly refund_offers: RefundOffer
  readonly trips: Trip
  readonly waiting_rules: WaitingRule
  readonly charts: Chart
  readonly waiting: WaitingEntry
  readonly exchanges: Exchange
  readonly compensations: Compensation
  readonly tickets: Ticket
  readonly ticket_keys: TicketKey
  readonly nodes: NodeAddress
  readonly counters: Counter
  readonly audit_head: AuditChain
  readonly notices: Notice
  readonly draws: Draw
  readonly draw_entries: DrawEntry
  readonly notice_preferences: NoticePreference
  readonly requests: Remembered
}
export type StateTable = keyof Things

export type RowValues = { readonly [T in StateTable]: (thing: Things[T]) => Value[] }

export const rowValues: RowValues = {
  ...accountRows,
  ...sellerRows,
  ...timetableRows,
  ...ruleRows,
  ...bookingRows,
  ...disruptionRows,
  ...logRows,
  ...archiveRows,
}
