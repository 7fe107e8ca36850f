/** One train of so many places on so many days. */
export const SEATS = 800
export const SEGMENTS = 28
