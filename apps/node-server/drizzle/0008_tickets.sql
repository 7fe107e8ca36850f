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
