ALTER TABLE `station_changes` ADD `group_code` text;--> statement-breakpoint
ALTER TABLE `station_changes` ADD `change_seconds` integer;--> statement-breakpoint
ALTER TABLE `station_changes` ADD `zone` text;--> statement-breakpoint
ALTER TABLE `stations` ADD `group_code` text;--> statement-breakpoint
ALTER TABLE `stations` ADD `change_seconds` integer;--> statement-breakpoint
ALTER TABLE `stations` ADD `zone` text;