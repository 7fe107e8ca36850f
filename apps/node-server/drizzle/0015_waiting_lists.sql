CREATE TABLE `charts` (
	`run_id` integer PRIMARY KEY NOT NULL,
	`closes_at_ms` integer NOT NULL,
	`closed_at_ms` integer NOT NULL
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
