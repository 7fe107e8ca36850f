CREATE TABLE `notice_outcomes` (
	`notice_id` integer PRIMARY KEY NOT NULL,
	`notice_key` text NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`queued_at_ms` integer NOT NULL,
	`outcome` text NOT NULL,
	`detail` text NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notice_outcomes_by_account_id` ON `notice_outcomes` (`account_id`);--> statement-breakpoint
CREATE TABLE `notice_preferences` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`muted` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`notice_id` integer PRIMARY KEY NOT NULL,
	`notice_key` text NOT NULL,
	`kind` text NOT NULL,
	`account_id` integer NOT NULL,
	`booking_id` integer NOT NULL,
	`data` text NOT NULL,
	`queued_at_ms` integer NOT NULL
);
