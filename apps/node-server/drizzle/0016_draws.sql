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
