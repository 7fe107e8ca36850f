/**
 * Every column with text, and what becomes of what it says of a person when they are forgotten. A test goes through
 * the tables: a column that does not stand here fails it. Then decide, and let it be forgotten if it names somebody.
 */
export type WhatBecomesOfIt =
  /** Nobody is named in it. */
  | 'nobody'
  /** Written over when the account is erased, or in portions after that. */
  | 'erased'
  /** Its row goes with the account, or before an account may be erased. */
  | 'goes'
  /** Named by a number or a code of somebody else's, which lead to nobody without what was erased. */
  | 'pseudonym'

const nobody = (...columns: string[]) => of('nobody', columns)
const of = (what: WhatBecomesOfIt, columns: readonly string[]) =>
  columns.map((column) => [column, what] as const)

/** By table and column. */
export const textColumns: ReadonlyMap<string, WhatBecomesOfIt> = new Map([
  ...of('erased', [
    'accounts.email',
    'accounts.display_name',
    'accounts.password_hash',
    'accounts.role',
    'bookings.names',
    'draw_entries.passengers',
    'overrides.note',
  ]),
  ...of('goes', [
    'sessions.token_hash',
    'saved_passengers.name',
    'saved_passengers.passenger_type',
    'saved_passengers.document',
    'password_resets.token_hash',
    'second_factors.sealed_secret',
    'second_factors.recovery',
    'guests.link_hash',
    // In portions, as the names on the booking.
    'customers.display_name',
    'customers.email',
    'notices.notice_key',
    'notices.kind',
    'notices.data',
    'notice_preferences.muted',
    // Nobody is forgotten who waits for something.
    'waiting.options',
    // A day after they were sent.
    'requests.request_key',
    'requests.content_hash',
    'requests.reply',
  ]),
  ...of('pseudonym', [
    'bookings.pnr',
    'bookings.request_key',
    'bookings.content_hash',
    // What the provider knows of a card, it knows by these; money must be found again.
    'payments.payment_token',
    'payments.provider_reference',
    'payments.decline_reason',
    'payments.request_key',
    'payments.content_hash',
    'outbox.effect_key',
    'effect_outcomes.effect_key',
    'effect_outcomes.detail',
    'notice_outcomes.notice_key',
    // What a mail server says: without the address (`notice-worker.ts`).
    'notice_outcomes.detail',
    'draw_entries.salt',
    'draw_entries.wishes',
    'draw_results.salt',
    'draw_results.order_key',
    'ticket_inspections.ticket_number',
    'tickets.scan_device',
    'tickets.scan_id',
    'ticket_inspections.device_id',
    'ticket_inspections.scan_id',
    'audit.subject',
  ]),
  ...nobody(
    // Of a company, which is no person.
    'companies.name',
    'companies.tax_id',
    'companies.address',
    'company_members.role',
    'issued_invoices.name',
    'issued_invoices.tax_id',
    'issued_invoices.address',
    'invoice_payments.reference',
    'meta.cluster_id',
    'meta.pnr_key',
    'meta.currency',
    'imports.source',
    'imports.status',
    ...['name', 'aliases', 'search_terms', 'time_zone', 'group_code', 'zone'].flatMap((column) => [
      `stations.${column}`,
      `station_changes.${column}`,
    ]),
    'stations.code',
    'trains.number',
    'trains.name',
    'trains.stops',
    'trains.coaches',
    'trains.calendar',
    'seat_blocks.seats',
    'seat_blocks.reason',
    'quotas.class_code',
    'quotas.pools',
    'fare_rules.classes',
    'refund_rules.bands',
    'compensation_rules.bands',
    'sales_rules.terms',
    'seat_rules.choice_limits',
    'second_factor_rules.roles',
    'fare_products.products',
    'delays.reason',
    'seat_promise_rules.lines',
    'disruptions.kind',
    'disruptions.reason',
    'disruptions.phase',
    'overrides.passengers',
    'overrides.reason',
    'overrides.status',
    'disrupted_bookings.outcome',
    'journey_changes.kind',
    'journey_changes.reason',
    'journey_changes.class_code',
    'journey_changes.seats',
    'audit_head.link',
    'refund_offers.terms',
    'booking_pools.pool',
    'booking_products.code',
    'bookings.class_code',
    'bookings.seats',
    'bookings.status',
    'payments.status',
    'outbox.kind',
    'exchanges.terms',
    'compensations.reason',
    'ticket_keys.key_id',
    'ticket_keys.public_key',
    'counters.name',
    'draws.run_ids',
    'draws.seed_commitment',
    'draws.seed',
    'draws.status',
    'draws.digest',
    'audit.action',
    'audit.reason',
    'audit.hash_before',
    'audit.hash_after',
    'audit.link',
    'ledger_lines.account',
    'ledger_lines.reason',
    'effect_outcomes.kind',
    'effect_outcomes.outcome',
    'ticket_inspections.verdict',
    'notice_outcomes.kind',
    'notice_outcomes.outcome',
  ),
])
