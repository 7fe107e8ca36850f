CREATE TABLE `trips` (
	`trip_id` integer PRIMARY KEY NOT NULL,
	`last_booking_id` integer NOT NULL
);
