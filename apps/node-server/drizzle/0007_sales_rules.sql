CREATE TABLE `sales_rules` (
	`sales_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`terms` text NOT NULL
);
