/** The rows of departed runs, and the names on their bookings apart. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { archived } from './archived-table.ts'
import {
  bookingProducts,
  bookings,
  cancelledPassengers,
  compensations,
  exchanges,
  passengerDetails,
  payments,
  refundOffers,
  seatWishes,
  trips,
  voucherUses,
} from './booking-tables.ts'
import { runConsists } from './consist-tables.ts'
import { delayCompensations, delays } from './delay-tables.ts'
import { disruptedBookings, journeyChanges } from './disruption-tables.ts'
import { customers } from './sellers-tables.ts'
import { tickets } from './ticket-tables.ts'
import { bookingPools, charts, quotas, runs, seatBlocks } from './timetable-tables.ts'

export const archivedBookings = archived(bookings)
export const archivedPayments = archived(payments)
export const archivedTrips = archived(trips)
export const archivedCancelledPassengers = archived(cancelledPassengers)
export const archivedRefundOffers = archived(refundOffers)
export const archivedBookingProducts = archived(bookingProducts)
export const archivedBookingPools = archived(bookingPools)
export const archivedExchanges = archived(exchanges)
export const archivedCompensations = archived(compensations)
export const archivedTickets = archived(tickets)
export const archivedDisruptedBookings = archived(disruptedBookings)
export const archivedJourneyChanges = archived(journeyChanges)
export const archivedRuns = archived(runs)
export const archivedCharts = archived(charts)
export const archivedSeatBlocks = archived(seatBlocks)
export const archivedQuotas = archived(quotas)
export const archivedVoucherUses = archived(voucherUses)
export const archivedSeatWishes = archived(seatWishes)
export const archivedDelays = archived(delays)
export const archivedDelayCompensations = archived(delayCompensations)
export const archivedCustomers = archived(customers)
export const archivedRunConsists = archived(runConsists)
export const archivedPassengerDetails = archived(passengerDetails)
export const archivedNames = sqliteTable('archived_names', {
  bookingId: integer('booking_id').primaryKey(),
  names: text('names').notNull(),
})

export const bookingStubs = sqliteTable('booking_stubs', {
  bookingId: integer('booking_id').primaryKey(),
  familyId: integer('family_id').notNull(),
  accountId: integer('account_id').notNull(),
  passengers: integer('passengers').notNull(),
  bought: integer('bought').notNull(),
  overMs: integer('over_ms').notNull(),
  fares: text('fares').notNull(),
  owedMinor: integer('owed_minor').notNull(),
  requests: text('requests').notNull(),
})

export const paymentStubs = sqliteTable('payment_stubs', {
  paymentId: integer('payment_id').primaryKey(),
  bookingId: integer('booking_id').notNull(),
  amountMinor: integer('amount_minor').notNull(),
  leftMinor: integer('left_minor').notNull(),
  providerReference: text('provider_reference').notNull(),
})
