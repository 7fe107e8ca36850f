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
CREATE INDEX `overrides_booking_id` ON `overrides` (`booking_id`);