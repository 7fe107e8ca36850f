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
CREATE INDEX `exchanges_by_old_booking_id` ON `exchanges` (`old_booking_id`);