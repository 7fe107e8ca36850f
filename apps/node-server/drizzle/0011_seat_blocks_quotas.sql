CREATE TABLE `booking_pools` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`pool` text NOT NULL
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
CREATE INDEX `seat_blocks_by_train_id` ON `seat_blocks` (`train_id`);