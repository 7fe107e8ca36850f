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
