CREATE TABLE `audit` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`actor` integer NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`hash_before` text NOT NULL,
	`hash_after` text NOT NULL,
	`link` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit` (`subject`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit` (`actor`);--> statement-breakpoint
CREATE INDEX `audit_by_at_ms` ON `audit` (`at_ms`);--> statement-breakpoint
CREATE TABLE `audit_head` (
	`audit_head_id` integer PRIMARY KEY NOT NULL,
	`record_count` integer NOT NULL,
	`link` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `booking_pools` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`pool` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cancelled_passengers` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`cancelled_at_ms` integer NOT NULL,
	`refund_minor` integer NOT NULL,
	`charge_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `charts` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`closes_at_ms` integer NOT NULL,
	`closed_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `compensation_rules` (
	`compensation_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`choice_ms` integer NOT NULL,
	`rebook_ms` integer NOT NULL,
	`minimum_minor` integer NOT NULL,
	`maximum_minor` integer NOT NULL,
	`bands` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `compensations` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`last_at_ms` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `disrupted_bookings` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`disruption_id` integer NOT NULL,
	`outcome` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `disrupted_bookings_disruption_id` ON `disrupted_bookings` (`disruption_id`);--> statement-breakpoint
CREATE TABLE `disruptions` (
	`disruption_id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`run_id` integer NOT NULL,
	`reason` text NOT NULL,
	`begun_at_ms` integer NOT NULL,
	`phase` text NOT NULL,
	`cursor` integer NOT NULL,
	`choice_until_ms` integer NOT NULL,
	`bookings` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `disruptions_run_id` ON `disruptions` (`run_id`);--> statement-breakpoint
CREATE TABLE `draw_entries` (
	`draw_id` integer NOT NULL,
	`number` integer NOT NULL,
	`account_id` integer NOT NULL,
	`wishes` text NOT NULL,
	`passengers` text NOT NULL,
	`salt` text NOT NULL,
	`entered_at_ms` integer NOT NULL,
	PRIMARY KEY(`draw_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `draw_results` (
	`draw_id` integer NOT NULL,
	`number` integer NOT NULL,
	`salt` text NOT NULL,
	`order_key` text NOT NULL,
	`rank` integer NOT NULL,
	`account_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`draw_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `draws` (
	`draw_id` integer PRIMARY KEY NOT NULL,
	`run_ids` text NOT NULL,
	`window_from_ms` integer NOT NULL,
	`window_to_ms` integer NOT NULL,
	`reveal_by_ms` integer NOT NULL,
	`hold_ms` integer NOT NULL,
	`seed_commitment` text NOT NULL,
	`seed` text NOT NULL,
	`status` text NOT NULL,
	`entered` integer NOT NULL,
	`digest` text NOT NULL,
	`ordered` integer NOT NULL,
	`drawn` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`names_from` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `exchanges` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`old_booking_id` integer NOT NULL,
	`terms` text NOT NULL,
	`carried_minor` integer NOT NULL,
	`surplus_minor` integer NOT NULL,
	`confirmed_at_ms` integer NOT NULL,
	`undone` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `exchanges_by_old_booking_id` ON `exchanges` (`old_booking_id`);--> statement-breakpoint
CREATE TABLE `journey_changes` (
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
	PRIMARY KEY(`booking_id`, `change_id`)
);
--> statement-breakpoint
CREATE TABLE `notice_outcomes` (
	`notice_id` integer PRIMARY KEY NOT NULL,
	`notice_key` text NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`queued_at_ms` integer NOT NULL,
	`outcome` text NOT NULL,
	`detail` text NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notice_outcomes_by_account_id` ON `notice_outcomes` (`account_id`);--> statement-breakpoint
CREATE TABLE `notice_preferences` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`muted` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`notice_id` integer PRIMARY KEY NOT NULL,
	`notice_key` text NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`data` text NOT NULL,
	`queued_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `overrides` (
	`override_id` integer PRIMARY KEY NOT NULL,
	`booking_id` integer NOT NULL,
	`passengers` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`note` text NOT NULL,
	`asked_by` integer NOT NULL,
	`asked_at_ms` integer NOT NULL,
	`status` text NOT NULL,
	`decided_by` integer NOT NULL,
	`decided_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `overrides_booking_id` ON `overrides` (`booking_id`);--> statement-breakpoint
CREATE TABLE `password_resets` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `quotas` (
	`train_id` integer NOT NULL,
	`run_id` integer NOT NULL,
	`from_date` integer NOT NULL,
	`class_code` text NOT NULL,
	`pools` text NOT NULL,
	PRIMARY KEY(`train_id`, `run_id`, `from_date`, `class_code`)
);
--> statement-breakpoint
CREATE TABLE `refund_offers` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`offer_id` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`terms` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sales_rules` (
	`sales_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`terms` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `saved_passengers` (
	`account_id` integer NOT NULL,
	`passenger_id` integer NOT NULL,
	`name` text NOT NULL,
	`passenger_type` text NOT NULL,
	`birth_date` integer NOT NULL,
	`document` text NOT NULL,
	PRIMARY KEY(`account_id`, `passenger_id`)
);
--> statement-breakpoint
CREATE TABLE `seat_blocks` (
	`block_id` integer PRIMARY KEY NOT NULL,
	`train_id` integer NOT NULL,
	`run_id` integer NOT NULL,
	`from_date` integer NOT NULL,
	`to_date` integer NOT NULL,
	`seats` text NOT NULL,
	`reason` text NOT NULL,
	`account_id` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `seat_blocks_by_train_id` ON `seat_blocks` (`train_id`);--> statement-breakpoint
CREATE TABLE `seat_rules` (
	`seat_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`wheelchair_release_ms` integer NOT NULL,
	`choice_limits` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ticket_inspections` (
	`device_id` text NOT NULL,
	`scan_id` text NOT NULL,
	`ticket_number` text NOT NULL,
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`run_id` integer NOT NULL,
	`stop` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`verdict` text NOT NULL,
	`actor` integer NOT NULL,
	`log_index` integer NOT NULL,
	`uploaded_at_ms` integer NOT NULL,
	PRIMARY KEY(`device_id`, `scan_id`)
);
--> statement-breakpoint
CREATE INDEX `ticket_inspections_by_run_id` ON `ticket_inspections` (`run_id`);--> statement-breakpoint
CREATE INDEX `ticket_inspections_by_booking_id` ON `ticket_inspections` (`booking_id`);--> statement-breakpoint
CREATE TABLE `ticket_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`registered_at_ms` integer NOT NULL,
	`withdrawn_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tickets` (
	`booking_id` integer NOT NULL,
	`position` integer NOT NULL,
	`version` integer NOT NULL,
	`issued_at_ms` integer NOT NULL,
	`voided_at_ms` integer NOT NULL,
	`scan_at_ms` integer,
	`scan_stop` integer,
	`scan_device` text,
	`scan_id` text,
	PRIMARY KEY(`booking_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `trips` (
	`trip_id` integer PRIMARY KEY NOT NULL,
	`last_booking_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `waiting` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`priority` integer NOT NULL,
	`waiting_rule_id` integer NOT NULL,
	`deadline_ms` integer NOT NULL,
	`options` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `waiting_rules` (
	`waiting_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`cap_basis_points` integer NOT NULL,
	`chart_before_ms` integer NOT NULL,
	`promoted_hold_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `closed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `erased_at_ms` integer;--> statement-breakpoint
ALTER TABLE `station_changes` ADD `group_code` text;--> statement-breakpoint
ALTER TABLE `station_changes` ADD `change_seconds` integer;--> statement-breakpoint
ALTER TABLE `station_changes` ADD `zone` text;--> statement-breakpoint
ALTER TABLE `stations` ADD `group_code` text;--> statement-breakpoint
ALTER TABLE `stations` ADD `change_seconds` integer;--> statement-breakpoint
ALTER TABLE `stations` ADD `zone` text;