CREATE TABLE `audit` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`log_index` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`actor` integer NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`reason` text NOT NULL,
	`hash_before` text NOT NULL,
	`hash_after` text NOT NULL,
	`link` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit` (`subject`);--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit` (`actor`);--> statement-breakpoint
CREATE INDEX `audit_by_at_ms` ON `audit` (`at_ms`);--> statement-breakpoint
CREATE TABLE `audit_head` (
	`audit_head_id` integer PRIMARY KEY NOT NULL,
	`record_count` integer NOT NULL,
	`link` text NOT NULL
);
