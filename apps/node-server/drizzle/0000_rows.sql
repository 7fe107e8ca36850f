CREATE TABLE `accounts` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`display_name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`registered_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `accounts_by_email` ON `accounts` (`email`);--> statement-breakpoint
CREATE TABLE `bookings` (
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
	`held_at_index` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `bookings_by_account_id` ON `bookings` (`account_id`);--> statement-breakpoint
CREATE INDEX `bookings_by_run_id` ON `bookings` (`run_id`);--> statement-breakpoint
CREATE INDEX `bookings_by_pnr` ON `bookings` (`pnr`);--> statement-breakpoint
CREATE TABLE `effect_outcomes` (
	`outbox_id` integer PRIMARY KEY NOT NULL,
	`effect_key` text NOT NULL,
	`kind` text NOT NULL,
	`payment_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`outcome` text NOT NULL,
	`detail` text NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `effect_outcomes_by_payment_id` ON `effect_outcomes` (`payment_id`);--> statement-breakpoint
CREATE TABLE `fare_rules` (
	`fare_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`classes` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`import_id` integer PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`status` text NOT NULL,
	`begun_at_ms` integer NOT NULL,
	`ended_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ledger_lines` (
	`line_id` integer PRIMARY KEY NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`account` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`payment_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`reason` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `ledger_lines_by_payment_id` ON `ledger_lines` (`payment_id`);--> statement-breakpoint
CREATE INDEX `ledger_lines_by_log_index` ON `ledger_lines` (`log_index`);--> statement-breakpoint
CREATE TABLE `meta` (
	`meta_id` integer PRIMARY KEY NOT NULL,
	`applied_index` integer NOT NULL,
	`now_ms` integer NOT NULL,
	`feature_level` integer NOT NULL,
	`cluster_id` text NOT NULL,
	`pnr_key` text NOT NULL,
	`currency` text NOT NULL,
	`hold_ms` integer NOT NULL,
	`payment_window_ms` integer NOT NULL,
	`next_account_id` integer NOT NULL,
	`next_station_id` integer NOT NULL,
	`next_train_id` integer NOT NULL,
	`next_run_id` integer NOT NULL,
	`next_import_id` integer NOT NULL,
	`next_fare_rule_id` integer NOT NULL,
	`next_refund_rule_id` integer NOT NULL,
	`next_booking_id` integer NOT NULL,
	`next_payment_id` integer NOT NULL,
	`next_outbox_id` integer NOT NULL,
	`next_ledger_line_id` integer NOT NULL,
	`provider_clearing_minor` integer NOT NULL,
	`fare_revenue_minor` integer NOT NULL,
	`refunds_payable_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `node_progress` (
	`node_progress_id` integer PRIMARY KEY NOT NULL,
	`applied_index` integer NOT NULL,
	`state_hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`outbox_id` integer PRIMARY KEY NOT NULL,
	`effect_key` text NOT NULL,
	`kind` text NOT NULL,
	`payment_id` integer NOT NULL,
	`amount_minor` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payments` (
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
	`content_hash` text
);
--> statement-breakpoint
CREATE INDEX `payments_by_booking_id` ON `payments` (`booking_id`);--> statement-breakpoint
CREATE TABLE `refund_rules` (
	`refund_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`bands` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `requests` (
	`request_key` text PRIMARY KEY NOT NULL,
	`content_hash` text NOT NULL,
	`reply` text NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `requests_by_log_index` ON `requests` (`log_index`);--> statement-breakpoint
CREATE TABLE `runs` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`train_id` integer NOT NULL,
	`service_date` integer NOT NULL,
	`base_ms` integer NOT NULL,
	`import_id` integer
);
--> statement-breakpoint
CREATE INDEX `runs_by_train_id` ON `runs` (`train_id`);--> statement-breakpoint
CREATE INDEX `runs_by_base_ms` ON `runs` (`base_ms`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`account_id` integer NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_by_account_id` ON `sessions` (`account_id`);--> statement-breakpoint
CREATE TABLE `station_changes` (
	`import_id` integer NOT NULL,
	`station_id` integer NOT NULL,
	`name` text NOT NULL,
	`aliases` text NOT NULL,
	`search_terms` text NOT NULL,
	`latitude_e6` integer NOT NULL,
	`longitude_e6` integer NOT NULL,
	`time_zone` text NOT NULL,
	PRIMARY KEY(`import_id`, `station_id`)
);
--> statement-breakpoint
CREATE TABLE `stations` (
	`station_id` integer PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`name` text NOT NULL,
	`aliases` text NOT NULL,
	`search_terms` text NOT NULL,
	`latitude_e6` integer NOT NULL,
	`longitude_e6` integer NOT NULL,
	`time_zone` text NOT NULL,
	`import_id` integer
);
--> statement-breakpoint
CREATE INDEX `stations_by_code` ON `stations` (`code`);--> statement-breakpoint
CREATE TABLE `trains` (
	`train_id` integer PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`name` text NOT NULL,
	`stops` text NOT NULL,
	`coaches` text NOT NULL,
	`calendar` text,
	`import_id` integer
);
--> statement-breakpoint
CREATE INDEX `trains_by_number` ON `trains` (`number`);