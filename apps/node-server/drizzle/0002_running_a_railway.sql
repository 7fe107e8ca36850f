CREATE TABLE `second_factor_rules` (
	`second_factor_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`roles` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `second_factors` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`sealed_secret` text NOT NULL,
	`enabled_at_ms` integer NOT NULL,
	`last_step` integer NOT NULL,
	`recovery` text NOT NULL,
	`reset_asked_by` integer NOT NULL,
	`reset_asked_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `archived_booking_pools` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`pool` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_booking_pools_by_archive_id` ON `archived_booking_pools` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_booking_products` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`fare_product_rule_id` integer NOT NULL,
	`code` text NOT NULL,
	`counts` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_booking_products_by_archive_id` ON `archived_booking_products` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_bookings` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`run_id` integer NOT NULL,
	`from_stop` integer NOT NULL,
	`to_stop` integer NOT NULL,
	`class_code` text NOT NULL,
	`seats` text NOT NULL,
	`names` text NOT NULL,
	`price_each_minor` integer NOT NULL,
	`pnr` text NOT NULL,
	`status` text NOT NULL,
	`held_at_ms` integer NOT NULL,
	`held_until_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`extended` integer NOT NULL,
	`confirmed_at_ms` integer NOT NULL,
	`cancelled_at_ms` integer NOT NULL,
	`refund_minor` integer NOT NULL,
	`fare_rule_id` integer NOT NULL,
	`refund_rule_id` integer,
	`request_key` text,
	`content_hash` text,
	`held_at_index` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_bookings_by_account_id` ON `archived_bookings` (`account_id`);--> statement-breakpoint
CREATE INDEX `archived_bookings_by_run_id` ON `archived_bookings` (`run_id`);--> statement-breakpoint
CREATE INDEX `archived_bookings_by_archive_id` ON `archived_bookings` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_cancelled_passengers` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`cancelled_at_ms` integer NOT NULL,
	`refund_minor` integer NOT NULL,
	`charge_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `archived_cancelled_passengers_by_archive_id` ON `archived_cancelled_passengers` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_charts` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`closes_at_ms` integer NOT NULL,
	`closed_at_ms` integer NOT NULL,
	`offer_at_ms` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_charts_by_archive_id` ON `archived_charts` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_compensations` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`last_at_ms` integer NOT NULL,
	`reason` text NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `archived_compensations_by_archive_id` ON `archived_compensations` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_customers` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`email` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_customers_by_archive_id` ON `archived_customers` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_delay_compensations` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`late_minutes` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `archived_delay_compensations_by_archive_id` ON `archived_delay_compensations` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_delays` (
	`run_id` integer NOT NULL,
	`stop` integer NOT NULL,
	`record_id` integer NOT NULL,
	`late_minutes` integer NOT NULL,
	`final` integer NOT NULL,
	`reason` text NOT NULL,
	`at_ms` integer NOT NULL,
	`account_id` integer NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`run_id`, `stop`)
);
--> statement-breakpoint
CREATE INDEX `archived_delays_at_ms` ON `archived_delays` (`at_ms`);--> statement-breakpoint
CREATE INDEX `archived_delays_by_archive_id` ON `archived_delays` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_disrupted_bookings` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`disruption_id` integer NOT NULL,
	`outcome` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_disrupted_bookings_disruption_id` ON `archived_disrupted_bookings` (`disruption_id`);--> statement-breakpoint
CREATE INDEX `archived_disrupted_bookings_by_archive_id` ON `archived_disrupted_bookings` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_exchanges` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`old_booking_id` integer NOT NULL,
	`terms` text NOT NULL,
	`carried_minor` integer NOT NULL,
	`surplus_minor` integer NOT NULL,
	`confirmed_at_ms` integer NOT NULL,
	`undone` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_exchanges_by_old_booking_id` ON `archived_exchanges` (`old_booking_id`);--> statement-breakpoint
CREATE INDEX `archived_exchanges_by_archive_id` ON `archived_exchanges` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_journey_changes` (
	`booking_id` integer NOT NULL,
	`change_id` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`run_id` integer NOT NULL,
	`from_stop` integer NOT NULL,
	`to_stop` integer NOT NULL,
	`class_code` text NOT NULL,
	`seats` text NOT NULL,
	`places` text NOT NULL,
	`had` text NOT NULL,
	`lost` text NOT NULL,
	`backs` text NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `change_id`)
);
--> statement-breakpoint
CREATE INDEX `archived_journey_changes_by_archive_id` ON `archived_journey_changes` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_names` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`names` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `archived_passenger_details` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`birth_date` integer NOT NULL,
	`document` text NOT NULL,
	`contact` text NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `archived_passenger_details_by_archive_id` ON `archived_passenger_details` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_payments` (
	`payment_id` integer PRIMARY KEY NOT NULL,
	`booking_id` integer NOT NULL,
	`status` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`refund_pending` integer NOT NULL,
	`decline_reason` text NOT NULL,
	`provider_reference` text NOT NULL,
	`payment_token` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`started_until_ms` integer NOT NULL,
	`request_key` text,
	`content_hash` text,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_payments_by_booking_id` ON `archived_payments` (`booking_id`);--> statement-breakpoint
CREATE INDEX `archived_payments_by_archive_id` ON `archived_payments` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_quotas` (
	`train_id` integer NOT NULL,
	`run_id` integer NOT NULL,
	`from_date` integer NOT NULL,
	`class_code` text NOT NULL,
	`pools` text NOT NULL,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`train_id`, `run_id`, `from_date`, `class_code`)
);
--> statement-breakpoint
CREATE INDEX `archived_quotas_by_archive_id` ON `archived_quotas` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_refund_offers` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`offer_id` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`terms` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_refund_offers_by_archive_id` ON `archived_refund_offers` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_run_consists` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`coaches` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_run_consists_by_archive_id` ON `archived_run_consists` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_runs` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`train_id` integer NOT NULL,
	`service_date` integer NOT NULL,
	`base_ms` integer NOT NULL,
	`import_id` integer,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_runs_by_train_id` ON `archived_runs` (`train_id`);--> statement-breakpoint
CREATE INDEX `archived_runs_by_base_ms` ON `archived_runs` (`base_ms`);--> statement-breakpoint
CREATE INDEX `archived_runs_by_archive_id` ON `archived_runs` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_seat_blocks` (
	`block_id` integer PRIMARY KEY NOT NULL,
	`train_id` integer NOT NULL,
	`run_id` integer NOT NULL,
	`from_date` integer NOT NULL,
	`to_date` integer NOT NULL,
	`seats` text NOT NULL,
	`reason` text NOT NULL,
	`account_id` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`shared` integer,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_seat_blocks_by_train_id` ON `archived_seat_blocks` (`train_id`);--> statement-breakpoint
CREATE INDEX `archived_seat_blocks_by_archive_id` ON `archived_seat_blocks` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_seat_wishes` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`wished` integer NOT NULL,
	`apart` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_seat_wishes_by_archive_id` ON `archived_seat_wishes` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_tickets` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`version` integer NOT NULL,
	`issued_at_ms` integer NOT NULL,
	`voided_at_ms` integer NOT NULL,
	`scan_at_ms` integer,
	`scan_stop` integer,
	`scan_device` text,
	`scan_id` text,
	`archive_id` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `archived_tickets_by_archive_id` ON `archived_tickets` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_trips` (
	`trip_id` integer PRIMARY KEY NOT NULL,
	`last_booking_id` integer NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_trips_by_archive_id` ON `archived_trips` (`archive_id`);--> statement-breakpoint
CREATE TABLE `archived_voucher_uses` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`voucher_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`status` text NOT NULL,
	`archive_id` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `archived_voucher_uses_voucher_id` ON `archived_voucher_uses` (`voucher_id`);--> statement-breakpoint
CREATE INDEX `archived_voucher_uses_by_archive_id` ON `archived_voucher_uses` (`archive_id`);--> statement-breakpoint
CREATE TABLE `booking_stubs` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`family_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`passengers` integer NOT NULL,
	`bought` integer NOT NULL,
	`over_ms` integer NOT NULL,
	`fares` text NOT NULL,
	`owed_minor` integer NOT NULL,
	`requests` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payment_stubs` (
	`payment_id` integer PRIMARY KEY NOT NULL,
	`booking_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`left_minor` integer NOT NULL,
	`provider_reference` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `booking_products` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`fare_product_rule_id` integer NOT NULL,
	`code` text NOT NULL,
	`counts` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `passenger_details` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`birth_date` integer NOT NULL,
	`document` text NOT NULL,
	`contact` text NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `seat_wishes` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`wished` integer NOT NULL,
	`apart` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `voucher_uses` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`voucher_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`status` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `voucher_uses_voucher_id` ON `voucher_uses` (`voucher_id`);--> statement-breakpoint
CREATE TABLE `vouchers` (
	`voucher_id` integer PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`basis_points` integer NOT NULL,
	`maximum_minor` integer NOT NULL,
	`minimum_minor` integer NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`valid_to_ms` integer NOT NULL,
	`once` integer NOT NULL,
	`account_id` integer NOT NULL,
	`reason` text NOT NULL,
	`issued_by` integer NOT NULL,
	`issued_at_ms` integer NOT NULL,
	`expired_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `vouchers_account_id` ON `vouchers` (`account_id`);--> statement-breakpoint
CREATE TABLE `companies` (
	`company_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`tax_id` text NOT NULL,
	`address` text NOT NULL,
	`credit_limit_minor` integer NOT NULL,
	`payment_term_ms` integer NOT NULL,
	`owed_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `company_items` (
	`item_id` integer PRIMARY KEY NOT NULL,
	`company_id` integer NOT NULL,
	`payment_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `company_items_by_company_id` ON `company_items` (`company_id`);--> statement-breakpoint
CREATE TABLE `company_members` (
	`company_id` integer NOT NULL,
	`account_id` integer NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`company_id`, `account_id`)
);
--> statement-breakpoint
CREATE INDEX `company_members_by_account_id` ON `company_members` (`account_id`);--> statement-breakpoint
CREATE TABLE `invoice_lines` (
	`draft_id` integer NOT NULL,
	`line` integer NOT NULL,
	`payment_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`draft_id`, `line`)
);
--> statement-breakpoint
CREATE TABLE `invoice_payments` (
	`invoice_payment_id` integer PRIMARY KEY NOT NULL,
	`invoice_id` integer NOT NULL,
	`company_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`reference` text NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `invoice_payments_by_invoice_id` ON `invoice_payments` (`invoice_id`);--> statement-breakpoint
CREATE TABLE `invoices` (
	`draft_id` integer PRIMARY KEY NOT NULL,
	`company_id` integer NOT NULL,
	`last_item_id` integer NOT NULL,
	`invoice_id` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`lines` integer NOT NULL,
	`total_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`paid_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `invoices_by_company_id` ON `invoices` (`company_id`);--> statement-breakpoint
CREATE TABLE `issued_invoices` (
	`invoice_id` integer PRIMARY KEY NOT NULL,
	`draft_id` integer NOT NULL,
	`company_id` integer NOT NULL,
	`name` text NOT NULL,
	`tax_id` text NOT NULL,
	`address` text NOT NULL,
	`issued_at_ms` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`lines` integer NOT NULL,
	`total_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`log_index` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `issued_invoices_by_company_id` ON `issued_invoices` (`company_id`);--> statement-breakpoint
CREATE TABLE `reseated_parties` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`disruption_id` integer NOT NULL,
	`rank` integer NOT NULL,
	`status` text NOT NULL,
	`class_code` text NOT NULL,
	`seats` text NOT NULL,
	`backs` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `reseated_parties_disruption_id` ON `reseated_parties` (`disruption_id`);--> statement-breakpoint
CREATE TABLE `reseatings` (
	`disruption_id` integer PRIMARY KEY NOT NULL,
	`run_id` integer NOT NULL,
	`coaches` text NOT NULL,
	`blocked_seats` text NOT NULL,
	`account_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `run_consists` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`coaches` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `delay_compensations` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`late_minutes` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `delays` (
	`run_id` integer NOT NULL,
	`stop` integer NOT NULL,
	`record_id` integer NOT NULL,
	`late_minutes` integer NOT NULL,
	`final` integer NOT NULL,
	`reason` text NOT NULL,
	`at_ms` integer NOT NULL,
	`account_id` integer NOT NULL,
	PRIMARY KEY(`run_id`, `stop`)
);
--> statement-breakpoint
CREATE INDEX `delays_at_ms` ON `delays` (`at_ms`);--> statement-breakpoint
CREATE TABLE `nodes` (
	`name` text PRIMARY KEY NOT NULL,
	`client_url` text NOT NULL,
	`peer_url` text NOT NULL,
	`by_operator` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `fare_products` (
	`fare_product_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`products` text NOT NULL,
	`requires` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `overbooking_rules` (
	`overbooking_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`lines` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `seat_promise_rules` (
	`seat_promise_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`chart_before_ms` integer NOT NULL,
	`lines` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `agent_rules` (
	`agent_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`account_id` integer NOT NULL,
	`max_open_holds` integer NOT NULL,
	`commission_basis_points` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `commissions` (
	`payment_id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`earned_minor` integer NOT NULL,
	`back_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `commissions_by_account_id` ON `commissions` (`account_id`);--> statement-breakpoint
CREATE TABLE `customers` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`email` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `guest_rules` (
	`guest_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`max_holds` integer NOT NULL,
	`retention_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `guests` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`link_hash` text NOT NULL,
	`link_until_ms` integer NOT NULL,
	`look_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `till_counts` (
	`till_id` integer PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`counted_at_ms` integer NOT NULL,
	`float_minor` integer NOT NULL,
	`expected_minor` integer NOT NULL,
	`counted_minor` integer NOT NULL,
	`difference_minor` integer NOT NULL,
	`log_index` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `till_counts_by_account_id` ON `till_counts` (`account_id`);--> statement-breakpoint
CREATE TABLE `tills` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`till_id` integer NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`float_minor` integer NOT NULL,
	`cash_minor` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `bookings_by_pnr`;--> statement-breakpoint
ALTER TABLE `charts` ADD `offer_at_ms` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `compensation_rules` ADD `from_booking_id` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `disruptions` ADD `from_stop` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `disruptions` ADD `moved` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `journey_changes` ADD `places` text NOT NULL;--> statement-breakpoint
ALTER TABLE `journey_changes` ADD `had` text NOT NULL;--> statement-breakpoint
ALTER TABLE `journey_changes` ADD `lost` text NOT NULL;--> statement-breakpoint
ALTER TABLE `journey_changes` ADD `backs` text NOT NULL;--> statement-breakpoint
ALTER TABLE `seat_blocks` ADD `shared` integer;--> statement-breakpoint
CREATE INDEX `accounts_by_role` ON `accounts` (`role`);