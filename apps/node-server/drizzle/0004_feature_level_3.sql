CREATE TABLE `chargebacks` (
	`reference` text PRIMARY KEY NOT NULL,
	`booking_id` integer NOT NULL,
	`payment_id` integer NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`recorded_at_ms` integer NOT NULL,
	`settled_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `chargebacks_booking_id` ON `chargebacks` (`booking_id`);