/** Which loader each table's row goes to, in an order in which everything finds what it refers to. */
import type { StateTable } from '../row-values.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { loadAgentRule, loadCommission, loadCustomer, loadTill } from './agents.ts'
import { loadStub, loadStubPayment } from './archive.ts'
import {
  loadAccount,
  loadAuditHead,
  loadCounter,
  loadErasure,
  loadMeta,
  loadPasswordReset,
  loadRemembered,
  loadSavedPassenger,
  loadSession,
} from './basics.ts'
import {
  loadBooking,
  loadCancelledPassenger,
  loadEffect,
  loadPayment,
  loadRefundOffer,
  loadTrip,
} from './bookings.ts'
import { loadChargeback } from './chargebacks.ts'
import { loadCompany, loadCompanyItem, loadInvoice, loadMember } from './companies.ts'
import { loadReseatedParty, loadReseating, loadRunConsist } from './consist.ts'
import type { Cursor } from './cursor.ts'
import {
  loadCompensationRule,
  loadDelay,
  loadDelayPay,
  loadDisrupted,
  loadDisruption,
  loadJourneyChange,
  loadOverride,
} from './disruption.ts'
import { loadDraw, loadDrawEntry } from './draws.ts'
import { loadCompensation, loadExchange } from './exchanges.ts'
import { loadGuest, loadGuestRule } from './guests.ts'
import { loadBookingPool, loadQuota, loadSeatBlock } from './inventory.ts'
import { loadNode } from './nodes.ts'
import { loadNotice, loadNoticePreference } from './notices.ts'
import { loadBookingProduct, loadFareProducts, loadPassengerDetails } from './products.ts'
import { loadFareRule, loadRefundRule, loadSalesRule, loadSeatRule } from './rules.ts'
import { loadOverbookingRule, loadSeatPromiseRule, loadSeatWish } from './seat-promise.ts'
import { loadSecondFactor, loadSecondFactorRule } from './second-factor.ts'
import { loadTicket, loadTicketKey } from './tickets.ts'
import { loadImport, loadRun, loadStation, loadStationChange, loadTrain } from './timetable.ts'
import { loadVoucher, loadVoucherUse } from './vouchers.ts'
import { loadChart, loadWaiting, loadWaitingRule } from './waiting.ts'

/** Reads one row, puts the thing into the state and gives it. */
export type Load = (state: BookingState, row: Cursor) => Hashed

export const loaders: { readonly [T in StateTable]: Load } = {
  meta: loadMeta,
  accounts: loadAccount,
  sessions: loadSession,
  password_resets: loadPasswordReset,
  erasures: loadErasure,
  saved_passengers: loadSavedPassenger,
  second_factors: loadSecondFactor,
  second_factor_rules: loadSecondFactorRule,
  guests: loadGuest,
  guest_rules: loadGuestRule,
  agent_rules: loadAgentRule,
  commissions: loadCommission,
  customers: loadCustomer,
  tills: loadTill,
  companies: loadCompany,
  company_members: loadMember,
  company_items: loadCompanyItem,
  invoices: loadInvoice,
  imports: loadImport,
  stations: loadStation,
  station_changes: loadStationChange,
  trains: loadTrain,
  seat_blocks: loadSeatBlock,
  quotas: loadQuota,
  run_consists: loadRunConsist,
  runs: loadRun,
  fare_rules: loadFareRule,
  refund_rules: loadRefundRule,
  compensation_rules: loadCompensationRule,
  disruptions: loadDisruption,
  overrides: loadOverride,
  chargebacks: loadChargeback,
  disrupted_bookings: loadDisrupted,
  delays: loadDelay,
  delay_compensations: loadDelayPay,
  journey_changes: loadJourneyChange,
  reseatings: loadReseating,
  reseated_parties: loadReseatedParty,
  sales_rules: loadSalesRule,
  fare_products: loadFareProducts,
  seat_rules: loadSeatRule,
  seat_promise_rules: loadSeatPromiseRule,
  overbooking_rules: loadOverbookingRule,
  audit_head: loadAuditHead,
  // A booking's seats are those of who still travels.
  cancelled_passengers: loadCancelledPassenger,
  refund_offers: loadRefundOffer,
  booking_pools: loadBookingPool,
  passenger_details: loadPassengerDetails,
  booking_products: loadBookingProduct,
  trips: loadTrip,
  booking_stubs: loadStub,
  payment_stubs: loadStubPayment,
  bookings: loadBooking,
  payments: loadPayment,
  outbox: loadEffect,
  vouchers: loadVoucher,
  voucher_uses: loadVoucherUse,
  waiting_rules: loadWaitingRule,
  charts: loadChart,
  waiting: loadWaiting,
  exchanges: loadExchange,
  compensations: loadCompensation,
  tickets: loadTicket,
  ticket_keys: loadTicketKey,
  nodes: loadNode,
  seat_wishes: loadSeatWish,
  counters: loadCounter,
  notices: loadNotice,
  notice_preferences: loadNoticePreference,
  draws: loadDraw,
  draw_entries: loadDrawEntry,
  requests: loadRemembered,
}
