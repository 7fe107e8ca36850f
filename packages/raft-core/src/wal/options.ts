import type { Disk, LogFounding } from '../ports.ts'

/** How a write-ahead log is opened. Sizes are in bytes. */
export interface WriteAheadLogOptions {
  /** The folder of the log: `nodeDisk(folder)`, or the memory disk of `./testing`. */
  readonly disk: Disk
  /**
   * What a new log is created with when the folder is empty; ignored when it holds a log. Without
   * it an empty folder is refused with a `NoLogError`.
   */
  readonly founding?: LogFounding | undefined
  /** A segment that has reached this size is followed by a new one. Default 64 MiB. */
  readonly segmentBytes?: number | undefined
  /**
   * Space kept ready behind the last record, as zeros, so that a sync has to write data only and not
   * the file's size. Default 1 MiB, at most an eighth of a segment; 0: none.
   */
  readonly reserveBytes?: number | undefined
  /** Writes that wait for one sync share a batch of up to this size (or one write). Default 8 MiB. */
  readonly maxBatchBytes?: number | undefined
}

export interface SegmentSizes {
  readonly segmentBytes: number
  readonly reserveBytes: number
}

const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024
const DEFAULT_RESERVE_BYTES = 1024 * 1024
export const DEFAULT_MAX_BATCH_BYTES = 8 * 1024 * 1024
/** No record may be larger; a length above it in a record's header is damage. */
export const MAX_RECORD_BYTES = 1024 * 1024 * 1024

export function segmentSizes(options: WriteAheadLogOptions): SegmentSizes {
  const segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES
  const usual = Math.min(DEFAULT_RESERVE_BYTES, Math.floor(segmentBytes / 8))
  return { segmentBytes, reserveBytes: options.reserveBytes ?? usual }
}
