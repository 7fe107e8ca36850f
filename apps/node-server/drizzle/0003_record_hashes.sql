ALTER TABLE `node_progress` ADD `record_index` integer;--> statement-breakpoint
ALTER TABLE `node_progress` ADD `record_hashes` text;