CREATE TABLE `nodes` (
	`name` text PRIMARY KEY NOT NULL,
	`client_url` text NOT NULL,
	`peer_url` text NOT NULL,
	`by_operator` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `archived_seat_blocks` ADD `shared` integer;--> statement-breakpoint
ALTER TABLE `seat_blocks` ADD `shared` integer;