/** The tables of cancelled runs and of what staff decide against a rule. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const disruptions = sqliteTable(
  'disruptions',
  {
    disruptionId: integer('disruption_id').primaryKey(),
    kind: text('kind').notNull(),
    runId: integer('run_id').notNull(),
    reason: text('reason').notNull(),
    begunAtMs: integer('begun_at_ms').notNull(),
    phase: text('phase').notNull(),
    cursor: integer('cursor').notNull(),
    choiceUntilMs: integer('choice_until_ms').notNull(),
    bookings: integer('bookings').notNull(),
    fromStop: integer('from_stop').notNull(),
    moved: integer('moved').notNull(),
  },
  (table) => [index('disruptions_run_id').on(table.runId)],
)

export const overrides = sqliteTable(
  'overrides',
  {
    overrideId: integer('override_id').primaryKey(),
    bookingId: integer('booking_id').notNull(),
    passengers: text('passengers').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    reason: text('reason').notNull(),
    note: text('note').notNull(),
    askedBy: integer('asked_by').notNull(),
    askedAtMs: integer('asked_at_ms').notNull(),
    status: text('status').notNull(),
    decidedBy: integer('decided_by').notNull(),
    decidedAtMs: integer('decided_at_ms').notNull(),
  },
  (table) => [index('overrides_booking_id').on(table.bookingId)],
)

export const chargebacks = sqliteTable(
  'chargebacks',
  {
    reference: text('reference').primaryKey(),
    bookingId: integer('booking_id').notNull(),
    paymentId: integer('payment_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    reason: text('reason').notNull(),
    status: text('status').notNull(),
    recordedAtMs: integer('recorded_at_ms').notNull(),
    settledAtMs: integer('settled_at_ms').notNull(),
  },
  (table) => [index('chargebacks_booking_id').on(table.bookingId)],
)

export const disruptedBookings = sqliteTable(
  'disrupted_bookings',
  {
    bookingId: integer('booking_id').primaryKey(),
    disruptionId: integer('disruption_id').notNull(),
    outcome: text('outcome').notNull(),
  },
  (table) => [index('disrupted_bookings_disruption_id').on(table.disruptionId)],
)

export const journeyChanges = sqliteTable(
  'journey_changes',
  {
    bookingId: integer('booking_id').notNull(),
    changeId: integer('change_id').notNull(),
    atMs: integer('at_ms').notNull(),
    kind: text('kind').notNull(),
    reason: text('reason').notNull(),
    runId: integer('run_id').notNull(),
    fromStop: integer('from_stop').notNull(),
    toStop: integer('to_stop').notNull(),
    classCode: text('class_code').notNull(),
    seats: text('seats').notNull(),
    places: text('places').notNull(),
    had: text('had').notNull(),
    lost: text('lost').notNull(),
    backs: text('backs').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bookingId, table.changeId] })],
)
