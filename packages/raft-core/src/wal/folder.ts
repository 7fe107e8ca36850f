import type { Callback, Disk, Done, LogFounding } from '../ports.ts'
import { ByteWriter } from './bytes.ts'
import { CorruptLogError, DiscardUnfinishedError, NoLogError } from './errors.ts'
import { putGenesis } from './fields.ts'
import type { OpenFiles } from './files.ts'
import {
  FORMAT_VERSION,
  SEGMENT_HEADER_BYTES,
  segmentName,
  segmentNumber,
} from './segment-header.ts'
import { inOrder } from './steps.ts'
import {
  decodeSuperblock,
  encodeBothSlots,
  encodeSlot,
  SLOT_BYTES,
  SUPERBLOCK_DRAFT_NAME,
  SUPERBLOCK_NAME,
  type Superblock,
  slotOffset,
} from './superblock.ts'

/** What is in the folder of a log. */
export interface Folder {
  readonly superblock: Superblock
  /** Numbers of the segment files that belong to the log, ascending. */
  readonly segments: readonly number[]
  /** Segments that are not needed any more: a crash came before they were removed. */
  readonly obsolete: readonly number[]
}

/** While a damaged log is discarded: its files are being moved; they are, and a new log is made. */
export const DISCARD_MOVING_NAME = 'discard.moving'
export const DISCARD_MOVED_NAME = 'discard.moved'

/** Reads the superblock and lists the segments; `undefined` when no log was ever completed here. */
export function readFolder(disk: Disk, files: OpenFiles, done: Callback<Folder | undefined>): void {
  disk.list((listError, names) => {
    if (listError !== undefined) return done(listError, undefined)
    if (names.includes(DISCARD_MOVING_NAME) || names.includes(DISCARD_MOVED_NAME)) {
      return done(new DiscardUnfinishedError(), undefined)
    }
    const segments = segmentsAmong(names)
    if (!names.includes(SUPERBLOCK_NAME)) return checkUnfinished(files, segments, done)
    readSuperblock(files, (error, superblock) => {
      if (error !== undefined) return done(error, undefined)
      const { firstSegment } = superblock
      done(undefined, {
        superblock,
        segments: segments.filter((number) => number >= firstSegment),
        obsolete: segments.filter((number) => number < firstSegment),
      })
    })
  })
}

/** Fails with a `CorruptLogError` if neither slot is valid. */
export function readSuperblock(files: OpenFiles, done: Callback<Superblock>): void {
  const fail = (error: Error): void => done(error, undefined as never)
  files.get(SUPERBLOCK_NAME, (openError, file) => {
    if (openError !== undefined) return fail(openError)
    file.read(0, 2 * SLOT_BYTES, (readError, bytes) => {
      if (readError !== undefined) return fail(readError)
      const superblock = decodeSuperblock(bytes)
      if (typeof superblock !== 'string') done(undefined, superblock)
      else fail(new CorruptLogError(SUPERBLOCK_NAME, 0, superblock))
    })
  })
}

/** The numbers of the segments among the names of files, ascending. */
export function segmentsAmong(names: readonly string[]): number[] {
  return names
    .map(segmentNumber)
    .filter((number) => number !== undefined)
    .sort((a, b) => a - b)
}

/**
 * A superblock comes before the first segment, so without it there may be nothing; but for a header
 * of the first segment, from a creation in format 1 that a crash cut short.
 */
function checkUnfinished(
  files: OpenFiles,
  segments: readonly number[],
  done: Callback<Folder | undefined>,
): void {
  const missing = (): void => {
    const reason = 'it is missing, but there are segments that belong to it'
    done(new CorruptLogError(SUPERBLOCK_NAME, 0, reason), undefined)
  }
  const only = segments[0]
  if (only === undefined) {
    done(undefined, undefined)
    return
  }
  if (segments.length > 1 || only !== 1) {
    missing()
    return
  }
  files.get(segmentName(1), (openError, file) => {
    if (openError !== undefined) return done(openError, undefined)
    file.size((sizeError, size) => {
      if (sizeError !== undefined) done(sizeError, undefined)
      else if (size > SEGMENT_HEADER_BYTES) missing()
      else files.close(segmentName(1), (error) => done(error, undefined))
    })
  })
}

/**
 * Creates a log: a superblock that counts no segment yet. Its name is durable before this is done.
 * After a crash in the middle it is created again.
 */
export function createFolder(
  disk: Disk,
  files: OpenFiles,
  founding: LogFounding | undefined,
  done: Done,
): void {
  if (founding === undefined) {
    done(new NoLogError())
    return
  }
  const superblock: Superblock = {
    generation: 1,
    format: FORMAT_VERSION,
    incarnation: founding.incarnation,
    genesis: founding.genesis,
    firstSegment: 1,
    segments: 0,
    durableSequence: 0,
    durableChain: 0,
  }
  let bytes: Uint8Array
  try {
    if (founding.genesis !== undefined) putGenesis(founding.genesis, new ByteWriter())
    bytes = encodeBothSlots(superblock)
  } catch (error) {
    done(error as Error)
    return
  }
  inOrder(
    [
      (next) => removeIfThere(disk, segmentName(1), next),
      (next) => removeIfThere(disk, SUPERBLOCK_DRAFT_NAME, next),
      (next) => writeNewFile(files, SUPERBLOCK_DRAFT_NAME, bytes, next),
      (next) => files.close(SUPERBLOCK_DRAFT_NAME, next),
      (next) => disk.rename(SUPERBLOCK_DRAFT_NAME, SUPERBLOCK_NAME, next),
      (next) => disk.syncDirectory(next),
    ],
    done,
  )
}

/** Writes a newer superblock into the slot that does not hold the current one. */
export function writeSuperblock(files: OpenFiles, superblock: Superblock, done: Done): void {
  const bytes = encodeSlot(superblock)
  files.get(SUPERBLOCK_NAME, (error, file) => {
    if (error !== undefined) return done(error)
    inOrder(
      [
        (next) => file.write(slotOffset(superblock.generation), bytes, next),
        (next) => file.sync(next),
      ],
      done,
    )
  })
}

/** Creates a file with this content, synced; its name is not, yet. */
export function writeNewFile(files: OpenFiles, name: string, bytes: Uint8Array, done: Done): void {
  files.create(name, (error, file) => {
    if (error !== undefined) return done(error)
    inOrder([(next) => file.write(0, bytes, next), (next) => file.sync(next)], done)
  })
}

/** Closes and removes segments, oldest first. The names are not gone durably, yet. */
export function removeSegments(
  disk: Disk,
  files: OpenFiles,
  segments: readonly number[],
  done: Done,
): void {
  const steps = segments
    .map(segmentName)
    .flatMap((name) => [
      (next: Done) => files.close(name, next),
      (next: Done) => disk.remove(name, next),
    ])
  inOrder(steps, done)
}

function removeIfThere(disk: Disk, name: string, done: Done): void {
  disk.list((error, names) => {
    if (error !== undefined || !names.includes(name)) done(error)
    else disk.remove(name, done)
  })
}
