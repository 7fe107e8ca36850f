/** The tables, as plain data. Lists inside a row are JSON text; times are milliseconds since 1970. */
import { archivedName } from './archive/names.ts'
import { archiveRules } from './archive/tables.ts'
import type { Column, Table } from './rows.ts'

/**
 * Columns are written as `name`, `name:text`, and with `?` behind when they may be null. Behind a `+` stand
 * those that came after the table was released: always null where it was not thought of them.
 */
function table(
  name: string,
  keyColumns: number,
  columns: string,
  indexes: readonly (readonly string[])[] = [],
  purpose: Table['purpose'] = 'state',
): Table {
  const [first = '', added = ''] = columns.split('+')
  return {
    name,
    keyColumns,
    columns: [...columnsOf(first, false), ...columnsOf(added, true)],
    purpose,
    indexes,
  }
}

function columnsOf(list: string, added: boolean): Column[] {
  const written = list.split(/\s+/).filter((name) => name !== '')
  return written.map((name) => column(name, added))
}

function column(written: string, added: boolean): Column {
  const nullable = written.endsWith('?')
  const [name = '', type] = (nullable ? written.slice(0, -1) : written).split(':')
  return { name, type: type === 'text' ? 'text' : 'integer', nullable, added }
}

const present: readonly Table[] = [
  table(
    'meta',
    1,
    `meta_id applied_index now_ms feature_level cluster_id:text pnr_key:text currency:text hold_ms
     payment_window_ms next_account_id next_station_id next_train_id next_run_id next_import_id
     next_fare_rule_id next_refund_rule_id next_booking_id next_payment_id next_outbox_id
     next_ledger_line_id provider_clearing_minor fare_revenue_minor refunds_payable_minor`,
  ),
  table(
    'accounts',
    1,
    `account_id email:text display_name:text role:text password_hash:text registered_at_ms
     + closed_at_ms? erased_at_ms?`,
    [['email'], ['role']],
  ),
  table('sessions', 1, 'token_hash:text account_id opened_at_ms expires_at_ms', [['account_id']]),
  table(
    'saved_passengers',
    2,
    'account_id passenger_id name:text passenger_type:text birth_date document:text',
  ),
  table('erasures', 1, 'account_id names_from'),
  table('password_resets', 1, 'account_id token_hash:text expires_at_ms'),
  table(
    'second_factors',
    1,
    `account_id sealed_secret:text enabled_at_ms last_step recovery:text reset_asked_by
     reset_asked_at_ms`,
  ),
  table('second_factor_rules', 1, 'second_factor_rule_id valid_from_ms roles:text'),
  table('guests', 1, 'account_id link_hash:text link_until_ms look_at_ms'),
  table('guest_rules', 1, 'guest_rule_id valid_from_ms max_holds retention_ms'),
  table(
    'agent_rules',
    1,
    'agent_rule_id valid_from_ms account_id max_open_holds commission_basis_points',
  ),
  table('commissions', 1, 'payment_id account_id earned_minor back_minor', [['account_id']]),
  table('customers', 1, 'booking_id display_name:text email:text'),
  table('tills', 1, 'account_id till_id opened_at_ms float_minor cash_minor'),
  table(
    'till_counts',
    1,
    'till_id account_id opened_at_ms counted_at_ms float_minor expected_minor counted_minor difference_minor log_index',
    [['account_id']],
    'record',
  ),
  table(
    'companies',
    1,
    'company_id name:text tax_id:text address:text credit_limit_minor payment_term_ms owed_minor',
  ),
  table('company_members', 2, 'company_id account_id role:text', [['account_id']]),
  table(
    'company_items',
    1,
    'item_id company_id payment_id booking_id amount_minor tax_minor at_ms',
    [['company_id']],
  ),
  table(
    'invoices',
    1,
    'draft_id company_id last_item_id invoice_id due_at_ms lines total_minor tax_minor paid_minor',
    [['company_id']],
  ),
  table(
    'issued_invoices',
    1,
    `invoice_id draft_id company_id name:text tax_id:text address:text issued_at_ms due_at_ms lines
     total_minor tax_minor log_index`,
    [['company_id']],
    'record',
  ),
  table(
    'invoice_lines',
    2,
    'draft_id line payment_id booking_id amount_minor tax_minor at_ms',
    [],
    'record',
  ),
  table(
    'invoice_payments',
    1,
    'invoice_payment_id invoice_id company_id amount_minor reference:text log_index at_ms',
    [['invoice_id']],
    'record',
  ),
  table('imports', 1, 'import_id source:text status:text begun_at_ms ended_at_ms'),
  table(
    'stations',
    1,
    `station_id code:text name:text aliases:text search_terms:text latitude_e6 longitude_e6
     time_zone:text import_id? + group_code:text? change_seconds? zone:text?`,
    [['code']],
  ),
  table(
    'station_changes',
    2,
    `import_id station_id name:text aliases:text search_terms:text latitude_e6 longitude_e6
     time_zone:text + group_code:text? change_seconds? zone:text?`,
  ),
  table(
    'trains',
    1,
    'train_id number:text name:text stops:text coaches:text calendar:text? import_id?',
    [['number']],
  ),
  // Before the runs, whose seats they take.
  table(
    'seat_blocks',
    1,
    'block_id train_id run_id from_date to_date seats:text reason:text account_id at_ms + shared?',
    [['train_id']],
  ),
  table('quotas', 4, 'train_id run_id from_date class_code:text pools:text'),
  // Before the runs, whose seats they say.
  table('run_consists', 1, 'run_id changed_at_ms coaches:text'),
  table('runs', 1, 'run_id train_id service_date base_ms import_id?', [['train_id'], ['base_ms']]),
  table('fare_rules', 1, 'fare_rule_id valid_from_ms classes:text'),
  table('refund_rules', 1, 'refund_rule_id valid_from_ms bands:text'),
  table(
    'compensation_rules',
    1,
    `compensation_rule_id valid_from_ms choice_ms rebook_ms minimum_minor maximum_minor bands:text
     from_booking_id`,
  ),
  table(
    'disruptions',
    1,
    `disruption_id kind:text run_id reason:text begun_at_ms phase:text cursor choice_until_ms
     bookings from_stop moved`,
    [['run_id']],
  ),
  table(
    'overrides',
    1,
    `override_id booking_id passengers:text amount_minor reason:text note:text asked_by asked_at_ms
     status:text decided_by decided_at_ms`,
    [['booking_id']],
  ),
  table(
    'chargebacks',
    1,
    `reference:text booking_id payment_id amount_minor reason:text status:text recorded_at_ms
     settled_at_ms`,
    [['booking_id']],
  ),
  table('disrupted_bookings', 1, 'booking_id disruption_id outcome:text', [['disruption_id']]),
  table('delays', 2, 'run_id stop record_id late_minutes final reason:text at_ms account_id', [
    ['at_ms'],
  ]),
  table('delay_compensations', 2, 'booking_id position late_minutes amount_minor at_ms'),
  table(
    'journey_changes',
    2,
    `booking_id change_id at_ms kind:text reason:text run_id from_stop to_stop class_code:text
     seats:text places:text had:text lost:text backs:text`,
  ),
  table('reseatings', 1, 'disruption_id run_id coaches:text blocked_seats:text account_id'),
  table(
    'reseated_parties',
    1,
    'booking_id disruption_id rank status:text class_code:text seats:text backs:text',
    [['disruption_id']],
  ),
  table('sales_rules', 1, 'sales_rule_id valid_from_ms terms:text'),
  table('fare_products', 1, 'fare_product_rule_id valid_from_ms products:text requires:text'),
  table('seat_rules', 1, 'seat_rule_id valid_from_ms wheelchair_release_ms choice_limits:text'),
  table('overbooking_rules', 1, 'overbooking_rule_id valid_from_ms lines:text'),
  table('seat_promise_rules', 1, 'seat_promise_rule_id valid_from_ms chart_before_ms lines:text'),
  table('audit_head', 1, 'audit_head_id record_count link:text'),
  // Before the bookings, which are loaded with them.
  table(
    'cancelled_passengers',
    2,
    'booking_id position cancelled_at_ms refund_minor charge_minor tax_minor',
  ),
  table('refund_offers', 1, 'booking_id offer_id expires_at_ms terms:text'),
  table('booking_pools', 1, 'booking_id pool:text'),
  table('passenger_details', 2, 'booking_id position birth_date document:text contact:text'),
  table('booking_products', 1, 'booking_id fare_product_rule_id code:text counts'),
  table('trips', 1, 'trip_id last_booking_id'),
  table(
    'booking_stubs',
    1,
    'booking_id family_id account_id passengers bought over_ms fares:text owed_minor requests:text',
  ),
  table(
    'payment_stubs',
    1,
    'payment_id booking_id amount_minor left_minor provider_reference:text',
  ),
  table(
    'bookings',
    1,
    `booking_id account_id run_id from_stop to_stop class_code:text seats:text names:text
     price_each_minor pnr:text status:text held_at_ms held_until_ms expires_at_ms extended
     confirmed_at_ms cancelled_at_ms refund_minor fare_rule_id refund_rule_id? request_key:text?
     content_hash:text? held_at_index`,
    [['account_id'], ['run_id']],
  ),
  table(
    'payments',
    1,
    `payment_id booking_id status:text amount_minor refunded_minor refund_pending
     decline_reason:text provider_reference:text payment_token:text started_at_ms started_until_ms
     request_key:text? content_hash:text?`,
    [['booking_id']],
  ),
  table('outbox', 1, 'outbox_id effect_key:text kind:text payment_id amount_minor'),
  table(
    'vouchers',
    1,
    `voucher_id code_hash:text amount_minor basis_points maximum_minor minimum_minor valid_from_ms
     valid_to_ms once account_id reason:text issued_by issued_at_ms expired_minor`,
    [['account_id']],
  ),
  table('voucher_uses', 1, 'booking_id voucher_id amount_minor refunded_minor status:text', [
    ['voucher_id'],
  ]),
  table(
    'waiting_rules',
    1,
    'waiting_rule_id valid_from_ms cap_basis_points chart_before_ms promoted_hold_ms',
  ),
  table('charts', 1, 'run_id closes_at_ms closed_at_ms offer_at_ms'),
  table('waiting', 1, 'booking_id priority waiting_rule_id deadline_ms options:text'),
  table(
    'exchanges',
    1,
    `booking_id old_booking_id terms:text carried_minor surplus_minor confirmed_at_ms undone`,
    [['old_booking_id']],
  ),
  table('compensations', 2, 'booking_id position amount_minor tax_minor last_at_ms reason:text'),
  // With the booking's id and the passenger's position; the scan is the first in order.
  table(
    'tickets',
    2,
    `booking_id position version issued_at_ms voided_at_ms scan_at_ms? scan_stop? scan_device:text?
     scan_id:text?`,
  ),
  table('ticket_keys', 1, 'key_id:text public_key:text registered_at_ms withdrawn_at_ms'),
  table('nodes', 1, 'name:text client_url:text peer_url:text by_operator'),
  table('seat_wishes', 1, 'booking_id wished apart'),
  table('counters', 1, 'name:text value'),
  table(
    'notices',
    1,
    'notice_id notice_key:text kind:text account_id booking_id data:text queued_at_ms',
  ),
  table('notice_preferences', 1, 'account_id muted:text'),
  table(
    'draws',
    1,
    `draw_id run_ids:text window_from_ms window_to_ms reveal_by_ms hold_ms seed_commitment:text
     seed:text status:text entered digest:text ordered drawn`,
  ),
  table(
    'draw_entries',
    2,
    'draw_id number account_id wishes:text passengers:text salt:text entered_at_ms',
  ),
  table('requests', 1, 'request_key:text content_hash:text reply:text log_index at_ms', [
    ['log_index'],
  ]),
  table(
    'audit',
    1,
    `sequence log_index at_ms actor action:text subject:text reason:text hash_before:text
     hash_after:text link:text`,
    [['subject'], ['actor'], ['at_ms']],
    'record',
  ),
  table(
    'ledger_lines',
    1,
    'line_id log_index at_ms account:text amount_minor payment_id booking_id reason:text',
    [['payment_id'], ['log_index']],
    'record',
  ),
  table(
    'effect_outcomes',
    1,
    `outbox_id effect_key:text kind:text payment_id amount_minor outcome:text detail:text log_index
     at_ms`,
    [['payment_id']],
    'record',
  ),
  table(
    'draw_results',
    2,
    'draw_id number salt:text order_key:text rank account_id booking_id log_index at_ms',
    [],
    'record',
  ),
  table(
    'ticket_inspections',
    2,
    `device_id:text scan_id:text ticket_number:text booking_id position run_id stop at_ms verdict:text
     actor log_index uploaded_at_ms`,
    [['run_id'], ['booking_id']],
    'record',
  ),
  table(
    'notice_outcomes',
    1,
    `notice_id notice_key:text kind:text account_id booking_id queued_at_ms outcome:text detail:text
     log_index at_ms`,
    [['account_id']],
    'record',
  ),
]

/** The rows of what is archived: as they were, with the first booking of what went together (0: a run's). */
function archived(of: Table): Table {
  const columns = [...of.columns.map((it) => ({ ...it, added: false })), ...familyColumn]
  const indexes = [...of.indexes, ['archive_id']]
  return { ...of, name: archivedName(of.name), columns, purpose: 'record', indexes }
}

const familyColumn = columnsOf('archive_id', false)
const gone = present.filter(({ name }) => archiveRules[name]?.rule === 'goes')

export const tables: readonly Table[] = [
  ...present,
  ...gone.map(archived),
  table('archived_names', 1, 'booking_id names:text', [], 'record'),
]
