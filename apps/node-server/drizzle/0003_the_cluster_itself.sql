CREATE TABLE `nodes` (
	`name` text PRIMARY KEY NOT NULL,
	`client_url` text NOT NULL,
	`peer_url` text NOT NULL,
	`by_operator` integer NOT NULL
);
