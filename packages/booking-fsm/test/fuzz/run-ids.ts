/** Runs of the fuzzer's railway that commands name on purpose; it is made so that they have these ids. */

/** It is full, but for a class that has no fare. */
export const expressRun = 2
/** Its second class has pools, and one of its seats is off sale. */
export const quotaRun = 5
/** On it there are seats. */
export const roomyRun = 7
/** Of the train of `quotaRun`. */
export const blockedSeat = 2
