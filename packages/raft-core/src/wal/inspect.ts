import type { Callback, Disk } from '../ports.ts'
import type { HardState, LogIndex, Term } from '../types.ts'
import { OpenFiles } from './files.ts'
import { readFolder } from './folder.ts'
import { decodeOperations } from './operations.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES } from './record.ts'
import { type ChainPosition, scanSegment } from './scan.ts'
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from './segment-header.ts'
import { repeat } from './steps.ts'
import type { Superblock } from './superblock.ts'
import { WindowReader } from './window-reader.ts'

/** One record of a log, as `inspect` reports it. Offsets and sizes in bytes. */
export interface InspectedRecord {
  readonly file: string
  readonly offset: number
  readonly bytes: number
  readonly sequence: number
  readonly durableSequence: number
  readonly writes: number
  readonly truncations: readonly LogIndex[]
  readonly entries: readonly {
    readonly index: LogIndex
    readonly term: Term
    readonly bytes: number
  }[]
  readonly hardState: HardState | undefined
}

export interface InspectedDamage {
  readonly file: string
  readonly offset: number
  readonly reason: string
}

export interface Inspection {
  readonly superblock: Superblock
  readonly segments: number
  readonly records: number
  /** The first place that can not be read, if any: a torn write or corruption. */
  readonly damage: InspectedDamage | undefined
}

/**
 * Reports every record of a log in order, without locking or changing anything. Stops at the first
 * damage, and names it. Fails where not even the superblock can be read.
 */
export function inspect(
  disk: Disk,
  onRecord: (record: InspectedRecord) => void,
  done: Callback<Inspection | undefined>,
): void {
  const files = new OpenFiles(disk)
  const finish: Callback<Inspection | undefined> = (error, inspection) => {
    files.closeAll((closeError) => done(error ?? closeError, inspection))
  }
  readFolder(disk, files, (error, folder) => {
    if (error !== undefined || folder === undefined) return finish(error, undefined)
    const { superblock, segments } = folder
    const position: ChainPosition = { sequence: 0, chain: 0 }
    let at = 0
    repeat((next) => {
      const number = segments[at++]
      const end = (damage: InspectedDamage | undefined): void =>
        finish(undefined, {
          superblock,
          segments: segments.length,
          records: position.sequence,
          damage,
        })
      if (number === undefined) return end(undefined)
      inspectSegment(files, superblock, number, position, onRecord, (segmentError, damage) => {
        if (segmentError !== undefined) finish(segmentError, undefined)
        else if (damage !== undefined) end(damage)
        else next()
      })
    })
  })
}

function inspectSegment(
  files: OpenFiles,
  superblock: Superblock,
  segment: number,
  position: ChainPosition,
  onRecord: (record: InspectedRecord) => void,
  done: Callback<InspectedDamage | undefined>,
): void {
  const file = segmentName(segment)
  files.get(file, (openError, open) => {
    if (openError !== undefined) return done(openError, undefined)
    open.size((sizeError, size) => {
      if (sizeError !== undefined) return done(sizeError, undefined)
      const reader = new WindowReader(open, size)
      reader.read(0, SEGMENT_HEADER_BYTES, (readError, bytes) => {
        if (readError !== undefined) return done(readError, undefined)
        const header = decodeSegmentHeader(bytes)
        if (typeof header === 'string') return done(undefined, { file, offset: 0, reason: header })
        const placement = new PlacementChecksum({ incarnation: superblock.incarnation, segment })
        scanSegment(
          reader,
          placement,
          position,
          ({ sequence, durableSequence }, record, offset) => {
            const read = readRecord(record)
            if (typeof read === 'string') return read
            onRecord({ file, offset, bytes: record.length, sequence, durableSequence, ...read })
            return undefined
          },
          (scanError, _end, damage) => {
            done(scanError, damage === undefined ? undefined : { file, ...damage })
          },
        )
      })
    })
  })
}

function readRecord(
  record: Uint8Array,
): Pick<InspectedRecord, 'writes' | 'truncations' | 'entries' | 'hardState'> | string {
  const truncations: LogIndex[] = []
  const entries: { index: LogIndex; term: Term; bytes: number }[] = []
  let hardState: HardState | undefined
  let writes = 0
  const problem = decodeOperations(record, RECORD_HEADER_BYTES, record.length, (operation) => {
    if (operation.type === 'truncate') truncations.push(operation.from)
    else if (operation.type === 'hardState') hardState = operation.hardState
    else if (operation.type === 'endOfWrite') writes++
    else entries.push({ index: operation.index, term: operation.term, bytes: operation.length })
    return undefined
  })
  return problem ?? { writes, truncations, entries, hardState }
}
