CREATE TABLE `seat_rules` (
	`seat_rule_id` integer PRIMARY KEY NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`wheelchair_release_ms` integer NOT NULL,
	`choice_limits` text NOT NULL
);
