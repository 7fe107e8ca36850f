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
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `refund_offers` (
	`booking_id` integer PRIMARY KEY NOT NULL,
	`offer_id` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`terms` text NOT NULL
);
