import type { Disk, Done } from '../ports.ts'
import type { OpenFiles } from './files.ts'
import { type Folder, writeSuperblock } from './folder.ts'
import type { Recovered } from './recover.ts'
import { segmentName } from './segment-header.ts'
import { inOrder } from './steps.ts'
import type { Superblock } from './superblock.ts'

/**
 * Makes the disk hold for certain what recovery read: the torn tail is cut off, and what no sync has
 * confirmed is written again and synced, names included. Reading it back proved nothing: after a
 * failed sync the kernel may show pages that the disk does not have. Writing the same bytes to the
 * same place is safe at any crash. Gives the superblock that says so.
 */
export function makeDurable(
  disk: Disk,
  files: OpenFiles,
  folder: Folder,
  recovered: Recovered,
  done: (error: Error | undefined, superblock: Superblock) => void,
): void {
  const { unfinishedSegment, lastSegment, position } = recovered
  const superblock: Superblock = {
    ...folder.superblock,
    generation: folder.superblock.generation + 1,
    segments: lastSegment,
    durableSequence: position.sequence,
    durableChain: position.chain,
  }
  inOrder(
    [
      (next) =>
        unfinishedSegment === undefined
          ? next(undefined)
          : removeSegment(disk, files, unfinishedSegment, next),
      (next) => rewriteTail(files, folder, recovered, next),
      (next) => disk.syncDirectory(next),
      (next) => writeSuperblock(files, superblock, next),
    ],
    (error) => done(error, superblock),
  )
}

function removeSegment(disk: Disk, files: OpenFiles, number: number, done: Done): void {
  const name = segmentName(number)
  inOrder([(next) => files.close(name, next), (next) => disk.remove(name, next)], done)
}

function rewriteTail(files: OpenFiles, folder: Folder, recovered: Recovered, done: Done): void {
  const { superblock } = folder
  const { lastSegment, end, position } = recovered
  const confirmed = position.sequence <= superblock.durableSequence
  // A segment that the superblock does not count yet may lack even its header.
  const from =
    lastSegment > superblock.segments ? 0 : confirmed ? end : Math.min(end, recovered.lastRecordAt)
  files.get(segmentName(lastSegment), (openError, file) => {
    if (openError !== undefined) return done(openError)
    file.read(from, end - from, (readError, bytes) => {
      if (readError !== undefined) return done(readError)
      inOrder(
        [
          (next) => (recovered.tornBytes > 0 ? file.truncate(end, next) : next(undefined)),
          (next) => file.write(from, bytes, next),
          (next) => file.sync(next),
        ],
        done,
      )
    })
  })
}
