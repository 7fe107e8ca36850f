import type { Callback, Disk, Done, LogFounding } from '../ports.ts'
import { CorruptLogError, NoLogError } from './errors.ts'
import type { OpenFiles } from './files.ts'
import {
  encodeSegmentHeader,
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
  /** Numbers of the segment files, ascending. */
  readonly segments: readonly number[]
}

/** Reads the superblock and lists the segments; `undefined` when no log was ever completed here. */
export function readFolder(disk: Disk, files: OpenFiles, done: Callback<Folder | undefined>): void {
  disk.list((listError, names) => {
    if (listError !== undefined) return done(listError, undefined)
    const segments = names
      .map(segmentNumber)
      .filter((number) => number !== undefined)
      .sort((a, b) => a - b)
    if (!names.includes(SUPERBLOCK_NAME)) return checkUnfinished(files, segments, done)
    files.get(SUPERBLOCK_NAME, (openError, file) => {
      if (openError !== undefined) return done(openError, undefined)
      file.read(0, 2 * SLOT_BYTES, (readError, bytes) => {
        if (readError !== undefined) return done(readError, undefined)
        const superblock = decodeSuperblock(bytes)
        if (typeof superblock !== 'string') return done(undefined, { superblock, segments })
        done(new CorruptLogError(SUPERBLOCK_NAME, 0, superblock), undefined)
      })
    })
  })
}

/**
 * The superblock is the last thing a new log gets, so without it there may be a first segment's
 * header from a creation that a crash cut short, but nothing more.
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
 * Creates a log. After a crash in the middle it is created again. The superblock's name is durable
 * once the log has been opened (`makeDurable`); the segment's is before.
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
    incarnation: founding.incarnation,
    genesis: founding.genesis,
    segments: 1,
    durableSequence: 0,
    durableChain: 0,
  }
  const header = encodeSegmentHeader({
    number: 1,
    clusterId: founding.genesis?.clusterId,
    incarnation: founding.incarnation,
    firstSequence: 1,
    firstIndex: 1,
    previousChain: 0,
  })
  inOrder(
    [
      (next) => removeIfThere(disk, segmentName(1), next),
      (next) => removeIfThere(disk, SUPERBLOCK_DRAFT_NAME, next),
      (next) => writeNewFile(files, segmentName(1), header, next),
      (next) => writeNewFile(files, SUPERBLOCK_DRAFT_NAME, encodeBothSlots(superblock), next),
      (next) => disk.syncDirectory(next),
      (next) => files.close(SUPERBLOCK_DRAFT_NAME, next),
      (next) => disk.rename(SUPERBLOCK_DRAFT_NAME, SUPERBLOCK_NAME, next),
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

function removeIfThere(disk: Disk, name: string, done: Done): void {
  disk.list((error, names) => {
    if (error !== undefined || !names.includes(name)) done(error)
    else disk.remove(name, done)
  })
}
