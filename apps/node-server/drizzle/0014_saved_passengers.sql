CREATE TABLE `saved_passengers` (
	`account_id` integer NOT NULL,
	`passenger_id` integer NOT NULL,
	`name` text NOT NULL,
	`passenger_type` text NOT NULL,
	`birth_date` integer NOT NULL,
	`document` text NOT NULL,
	PRIMARY KEY(`account_id`, `passenger_id`)
);
