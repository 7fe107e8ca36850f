CREATE TABLE `erasures` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`names_from` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `password_resets` (
	`account_id` integer PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `closed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `erased_at_ms` integer;