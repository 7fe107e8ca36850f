import type { Callback, Disk, Done } from '../ports.ts'
import type { Incarnation } from '../types.ts'
import { CorruptLogError, LogNotDamagedError, NoLogError } from './errors.ts'
import { OpenFiles } from './files.ts'
import {
  createFolder,
  DISCARD_MOVED_NAME,
  DISCARD_MOVING_NAME,
  readFolder,
  readSuperblock,
  writeNewFile,
} from './folder.ts'
import { recoverSegments } from './recover.ts'
import { segmentNumber } from './segment-header.ts'
import { inOrder } from './steps.ts'
import { SUPERBLOCK_DRAFT_NAME, SUPERBLOCK_NAME } from './superblock.ts'

/** What became of a damaged log. */
export interface DiscardedLog {
  /** What was wrong with it; `undefined` when an earlier call had begun, and this one has finished. */
  readonly damage: CorruptLogError | undefined
  /** The files of the damaged log, by the names they have now. */
  readonly evidence: readonly string[]
  /** Of the new, empty log. */
  readonly incarnation: Incarnation
}

const EVIDENCE = /^damaged-(\d+)-/

/**
 * Gives up a log that can not be opened because it is damaged, so that its node can come back: as
 * another one. The damaged files stay in the folder, as `damaged-1-superblock` and so on. In their
 * place comes an empty log of the `incarnation` given (new, at random), without a genesis: the node
 * knows nobody, votes for nobody, and waits to be added to its cluster again, as a learner first; it
 * gets everything from the others then. The cluster must remove its old member before, or set it
 * apart: what the old life has promised is lost.
 *
 * Never called by this package. Refuses a log that is not damaged (`LogNotDamagedError`), a folder
 * without one (`NoLogError`), and one that is in use. When a crash interrupts it, the folder can not be
 * opened until it is called again and has finished.
 */
export function discardDamagedLog(
  disk: Disk,
  incarnation: Incarnation,
  done: Callback<DiscardedLog>,
): void {
  disk.lock((lockError) => {
    if (lockError !== undefined) return done(lockError, undefined as never)
    const files = new OpenFiles(disk)
    discard(disk, files, incarnation, (error, discarded) => {
      files.closeAll((closeError) => {
        disk.unlock((unlockError) => done(error ?? closeError ?? unlockError, discarded))
      })
    })
  })
}

function discard(
  disk: Disk,
  files: OpenFiles,
  incarnation: Incarnation,
  done: Callback<DiscardedLog>,
): void {
  const fail = (error: Error): void => done(error, undefined as never)
  disk.list((listError, names) => {
    if (listError !== undefined) return fail(listError)
    const goOn = (damage: CorruptLogError | undefined): void => {
      const steps = names.includes(DISCARD_MOVED_NAME)
        ? [(next: Done) => beginAnew(disk, files, incarnation, next)]
        : [
            (next: Done) => moveAway(disk, files, names, next),
            (next: Done) => beginAnew(disk, files, incarnation, next),
          ]
      inOrder(steps, (error) => {
        if (error !== undefined) return fail(error)
        report(disk, files, damage, done)
      })
    }
    if (names.includes(DISCARD_MOVING_NAME) || names.includes(DISCARD_MOVED_NAME)) {
      goOn(undefined)
      return
    }
    findDamage(disk, files, incarnation, (error, damage) => {
      if (error !== undefined) fail(error)
      else
        files.closeAll((closeError) => (closeError === undefined ? goOn(damage) : fail(closeError)))
    })
  })
}

function findDamage(
  disk: Disk,
  files: OpenFiles,
  incarnation: Incarnation,
  done: Callback<CorruptLogError>,
): void {
  const judge = (error: Error | undefined): void => {
    if (error instanceof CorruptLogError) done(undefined, error)
    else done(error ?? new LogNotDamagedError(), undefined as never)
  }
  readFolder(disk, files, (error, folder) => {
    if (error !== undefined) return judge(error)
    if (folder === undefined) return judge(new NoLogError())
    if (folder.superblock.incarnation === incarnation) {
      return judge(new RangeError('a new life needs a new incarnation; this is the one of the log'))
    }
    recoverSegments(files, folder, (recoverError) => judge(recoverError))
  })
}

/** From the first mark on the folder is no log's that could be opened, whatever is moved by then. */
function moveAway(disk: Disk, files: OpenFiles, names: readonly string[], done: Done): void {
  const hasBegun = names.includes(DISCARD_MOVING_NAME)
  const highest = Math.max(0, ...names.map((name) => Number(EVIDENCE.exec(name)?.[1] ?? 0)))
  const own = names.filter(isOfLog)
  // It may have begun without moving anything yet: the highest number is an earlier log's then.
  const isTaken = own.some((name) => names.includes(`damaged-${highest}-${name}`))
  const nth = hasBegun && !isTaken ? Math.max(1, highest) : highest + 1
  inOrder(
    [
      (next) => {
        if (hasBegun) next(undefined)
        else writeNewFile(files, DISCARD_MOVING_NAME, new Uint8Array(0), next)
      },
      (next) => disk.syncDirectory(next),
      ...own.map((name) => (next: Done) => disk.rename(name, `damaged-${nth}-${name}`, next)),
      (next) => disk.syncDirectory(next),
      (next) => files.close(DISCARD_MOVING_NAME, next),
      (next) => disk.rename(DISCARD_MOVING_NAME, DISCARD_MOVED_NAME, next),
      (next) => disk.syncDirectory(next),
    ],
    done,
  )
}

/** The new log is there, durably, before the last mark goes. */
function beginAnew(disk: Disk, files: OpenFiles, incarnation: Incarnation, done: Done): void {
  disk.list((listError, names) => {
    if (listError !== undefined) return done(listError)
    const founding = { incarnation, genesis: undefined }
    inOrder(
      [
        (next) => {
          if (names.includes(SUPERBLOCK_NAME)) next(undefined)
          else createFolder(disk, files, founding, next)
        },
        (next) => disk.syncDirectory(next),
        (next) => disk.remove(DISCARD_MOVED_NAME, next),
        (next) => disk.syncDirectory(next),
      ],
      done,
    )
  })
}

function report(
  disk: Disk,
  files: OpenFiles,
  damage: CorruptLogError | undefined,
  done: Callback<DiscardedLog>,
): void {
  disk.list((listError, names) => {
    if (listError !== undefined) return done(listError, undefined as never)
    readSuperblock(files, (error, superblock) => {
      if (error !== undefined) return done(error, undefined as never)
      const evidence = names.filter((name) => EVIDENCE.test(name))
      done(undefined, { damage, evidence, incarnation: superblock.incarnation })
    })
  })
}

function isOfLog(name: string): boolean {
  const isOwn = name === SUPERBLOCK_NAME || name === SUPERBLOCK_DRAFT_NAME
  return isOwn || segmentNumber(name) !== undefined
}
