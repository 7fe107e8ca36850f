import type { Disk, Done } from '../ports.ts'
import { CorruptLogError } from './errors.ts'
import type { OpenFiles } from './files.ts'
import { type Folder, removeSegments } from './folder.ts'
import { decodeRecordHeader, PlacementChecksum, payloadIsIntact } from './record.ts'
import type { Recovered } from './recover.ts'
import { segmentName } from './segment-header.ts'
import { inOrder, type Step } from './steps.ts'
import type { SuperblockKeeper } from './superblock-keeper.ts'

/**
 * Makes the disk hold for certain what recovery read: the torn tail is cut off, and what no sync has
 * confirmed is written again and synced, names included. Reading it back proved nothing: after a
 * failed sync the kernel may show pages that the disk does not have. Writing the same bytes to the
 * same place is safe at any crash. The superblock says so then, and only then are segments removed
 * that it does not need any more.
 */
export function makeDurable(
  disk: Disk,
  files: OpenFiles,
  keeper: SuperblockKeeper,
  folder: Folder,
  recovered: Recovered,
  done: Done,
): void {
  const { unfinishedSegment, lastSegment, position } = recovered
  const confirmed = {
    segments: lastSegment,
    durableSequence: position.sequence,
    durableChain: position.chain,
  }
  const steps: Step[] = [(next) => keeper.renew(next)]
  if (unfinishedSegment !== undefined) {
    steps.push((next) => removeSegments(disk, files, [unfinishedSegment], next))
  }
  if (lastSegment > 0) steps.push((next) => rewriteTail(files, folder, recovered, next))
  steps.push((next) => disk.syncDirectory(next))
  steps.push((next) => keeper.write(confirmed, next))
  if (folder.obsolete.length > 0) {
    steps.push((next) => removeSegments(disk, files, folder.obsolete, next))
    steps.push((next) => disk.syncDirectory(next))
  }
  inOrder(steps, done)
}

function rewriteTail(files: OpenFiles, folder: Folder, recovered: Recovered, done: Done): void {
  const { superblock } = folder
  const { lastSegment, end, position } = recovered
  const isConfirmed = position.sequence <= superblock.durableSequence
  // A segment that the superblock does not count yet may lack even its header.
  const from =
    lastSegment > superblock.segments
      ? 0
      : isConfirmed
        ? end
        : Math.min(end, recovered.lastRecordAt)
  files.get(segmentName(lastSegment), (openError, file) => {
    if (openError !== undefined) return done(openError)
    file.read(from, end - from, (readError, bytes) => {
      if (readError !== undefined) return done(readError)
      const problem = isConfirmed ? undefined : misread(folder, recovered, from, bytes)
      if (problem !== undefined) return done(problem)
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

/**
 * The disk gave these bytes once before, when they were checked. What is written back must be those,
 * not what a disk gives that can not make up its mind: it would be confirmed with the next sync.
 */
function misread(
  folder: Folder,
  recovered: Recovered,
  from: number,
  bytes: Uint8Array,
): CorruptLogError | undefined {
  const { lastSegment, lastRecordAt, end, position } = recovered
  const record = bytes.subarray(lastRecordAt - from)
  if (bytes.length === end - from && record.length === 0) return undefined
  const { incarnation } = folder.superblock
  const placement = new PlacementChecksum({ incarnation, segment: lastSegment })
  const header = decodeRecordHeader(record, placement, lastRecordAt)
  const isSame =
    bytes.length === end - from &&
    typeof header !== 'string' &&
    header.chain === position.chain &&
    payloadIsIntact(record, header)
  if (isSame) return undefined
  const reason = 'the last record was read twice, and differently'
  return new CorruptLogError(segmentName(lastSegment), lastRecordAt, reason)
}
