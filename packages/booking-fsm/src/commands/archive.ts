/** What is long over leaves the memory. */

/**
 * The cluster's own work: the next portion of a run that arrived long ago. Its bookings of which nothing is
 * open go into the archive, each with all that its money is shared with; with the last one the run goes.
 */
export interface ArchiveRun {
  readonly type: 'archiveRun'
  readonly runId: number
  /** Bookings with lower ids only: where the last portion ended. 0: from the latest one on. */
  readonly belowBookingId: number
}
