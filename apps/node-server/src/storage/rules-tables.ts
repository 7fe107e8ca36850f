/** The tables of dated rules. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const fareRules = sqliteTable('fare_rules', {
  fareRuleId: integer('fare_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  classes: text('classes').notNull(),
})

export const refundRules = sqliteTable('refund_rules', {
  refundRuleId: integer('refund_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  bands: text('bands').notNull(),
})

export const salesRules = sqliteTable('sales_rules', {
  salesRuleId: integer('sales_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  terms: text('terms').notNull(),
})

export const fareProducts = sqliteTable('fare_products', {
  fareProductRuleId: integer('fare_product_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  products: text('products').notNull(),
  requires: text('requires').notNull(),
})

export const seatRules = sqliteTable('seat_rules', {
  seatRuleId: integer('seat_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  wheelchairReleaseMs: integer('wheelchair_release_ms').notNull(),
  choiceLimits: text('choice_limits').notNull(),
})

export const seatPromiseRules = sqliteTable('seat_promise_rules', {
  seatPromiseRuleId: integer('seat_promise_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  chartBeforeMs: integer('chart_before_ms').notNull(),
  lines: text('lines').notNull(),
})

export const overbookingRules = sqliteTable('overbooking_rules', {
  overbookingRuleId: integer('overbooking_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  lines: text('lines').notNull(),
})

export const compensationRules = sqliteTable('compensation_rules', {
  compensationRuleId: integer('compensation_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  choiceMs: integer('choice_ms').notNull(),
  rebookMs: integer('rebook_ms').notNull(),
  minimumMinor: integer('minimum_minor').notNull(),
  maximumMinor: integer('maximum_minor').notNull(),
  bands: text('bands').notNull(),
  fromBookingId: integer('from_booking_id').notNull(),
})

export const waitingRules = sqliteTable('waiting_rules', {
  waitingRuleId: integer('waiting_rule_id').primaryKey(),
  validFromMs: integer('valid_from_ms').notNull(),
  capBasisPoints: integer('cap_basis_points').notNull(),
  chartBeforeMs: integer('chart_before_ms').notNull(),
  promotedHoldMs: integer('promoted_hold_ms').notNull(),
})
