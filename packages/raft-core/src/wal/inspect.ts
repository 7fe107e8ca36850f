import type { Callback, Disk } from '../ports.ts'
import type { Genesis, HardState, KnownPeer, LogBase, LogIndex, Term } from '../types.ts'
import { CorruptLogError } from './errors.ts'
import { OpenFiles } from './files.ts'
import { type Folder, readFolder } from './folder.ts'
import { LogState, type LogSummary } from './log-state.ts'
import { decodeOperations, type Operation } from './operations.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES } from './record.ts'
import { recoverSegments } from './recover.ts'
import { type ChainPosition, isZeroFrom, scanSegment } from './scan.ts'
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
  /** All that the log says, at the beginning of a segment. */
  readonly checkpoint: LogSummary | undefined
  readonly genesis: Genesis | undefined
  readonly bases: readonly LogBase[]
  readonly truncations: readonly LogIndex[]
  readonly entries: readonly {
    readonly index: LogIndex
    readonly term: Term
    readonly bytes: number
    readonly isConfig: boolean
  }[]
  readonly hardState: HardState | undefined
  readonly peers: readonly KnownPeer[]
}

export interface InspectedSegment {
  readonly file: string
  readonly number: number
  readonly format: number
  readonly sizeBytes: number
  /** Up to the last good record. What is behind it is space kept ready, or damage. */
  readonly usedBytes: number
  readonly firstSequence: number
  readonly firstIndex: LogIndex
}

export interface InspectedDamage {
  readonly file: string
  readonly offset: number
  readonly reason: string
}

export interface Inspection {
  readonly superblock: Superblock
  /** Those that were read, in order. */
  readonly segments: readonly InspectedSegment[]
  /** Files that the log does without, and that the next opening removes. */
  readonly obsolete: readonly string[]
  readonly records: number
  /** What the log says up to the damage, or at its end. */
  readonly log: LogSummary
  /** The first place that can not be read, if any: a torn write or corruption. */
  readonly damage: InspectedDamage | undefined
  /** Why an opening would refuse the log. Damage that is a torn write would be repaired. */
  readonly refusal: InspectedDamage | undefined
}

/**
 * Reports every record of a log in order, without locking or changing anything. Stops at the first
 * damage, and names it. Gives `undefined` where there is no log, and fails where not even the
 * superblock can be read.
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
    const { superblock, obsolete } = folder
    const inspector = new Inspector(files, superblock, onRecord)
    let at = 0
    repeat((next) => {
      const number = folder.segments[at++]
      const end = (damage: InspectedDamage | undefined): void =>
        refusalOf(files, folder, (refusalError, refusal) => {
          finish(refusalError, {
            superblock,
            segments: inspector.segments,
            obsolete: obsolete.map(segmentName),
            records: inspector.records,
            log: inspector.state.summary(),
            damage,
            refusal,
          })
        })
      if (number === undefined) return end(missingSegment(superblock, inspector.segments))
      inspector.read(number, at === folder.segments.length, (segmentError, damage) => {
        if (segmentError !== undefined) finish(segmentError, undefined)
        else if (damage !== undefined) end(damage)
        else next()
      })
    })
  })
}

function refusalOf(
  files: OpenFiles,
  folder: Folder,
  done: Callback<InspectedDamage | undefined>,
): void {
  recoverSegments(files, folder, (error) => {
    if (error === undefined) return done(undefined, undefined)
    if (!(error instanceof CorruptLogError)) return done(error, undefined)
    const { file, offset, reason } = error
    done(undefined, { file, offset, reason })
  })
}

function missingSegment(
  { firstSegment, segments }: Superblock,
  read: readonly InspectedSegment[],
): InspectedDamage | undefined {
  const next = firstSegment + read.length
  if (next > segments) return undefined
  return { file: segmentName(next), offset: 0, reason: 'the file is missing' }
}

class Inspector {
  readonly segments: InspectedSegment[] = []
  records = 0
  state: LogState
  readonly #files: OpenFiles
  readonly #superblock: Superblock
  readonly #onRecord: (record: InspectedRecord) => void
  readonly #position: ChainPosition = { sequence: 0, chain: 0 }

  constructor(
    files: OpenFiles,
    superblock: Superblock,
    onRecord: (record: InspectedRecord) => void,
  ) {
    this.#files = files
    this.#superblock = superblock
    this.#onRecord = onRecord
    this.state = new LogState(superblock.genesis)
  }

  read(number: number, isLast: boolean, done: Callback<InspectedDamage | undefined>): void {
    const file = segmentName(number)
    const damaged = (offset: number, reason: string): void =>
      done(undefined, { file, offset, reason })
    const expected = this.#superblock.firstSegment + this.segments.length
    if (number !== expected) {
      done(undefined, { file: segmentName(expected), offset: 0, reason: 'the file is missing' })
      return
    }
    this.#files.get(file, (openError, open) => {
      if (openError !== undefined) return done(openError, undefined)
      open.size((sizeError, sizeBytes) => {
        if (sizeError !== undefined) return done(sizeError, undefined)
        const reader = new WindowReader(open, sizeBytes)
        reader.read(0, SEGMENT_HEADER_BYTES, (readError, bytes) => {
          if (readError !== undefined) return done(readError, undefined)
          const header = decodeSegmentHeader(bytes)
          if (typeof header === 'string') return damaged(0, header)
          if (this.segments.length === 0) {
            this.#position.sequence = header.firstSequence - 1
            this.#position.chain = header.previousChain
          }
          this.#scan(number, reader, (scanError, usedBytes, damage) => {
            if (scanError !== undefined) return done(scanError, undefined)
            const { format, firstSequence, firstIndex } = header
            const place = { file, number, format, sizeBytes, usedBytes }
            this.segments.push({ ...place, firstSequence, firstIndex })
            if (damage === undefined) return done(undefined, undefined)
            if (!isLast) return damaged(damage.offset, damage.reason)
            isZeroFrom(reader, usedBytes, (zeroError, isZero) => {
              if (zeroError !== undefined) done(zeroError, undefined)
              else if (isZero) done(undefined, undefined)
              else damaged(damage.offset, damage.reason)
            })
          })
        })
      })
    })
  }

  #scan(segment: number, reader: WindowReader, done: Parameters<typeof scanSegment>[4]): void {
    const { incarnation } = this.#superblock
    const placement = new PlacementChecksum({ incarnation, segment })
    const file = segmentName(segment)
    scanSegment(
      reader,
      placement,
      this.#position,
      ({ sequence, durableSequence }, record, offset) => {
        const read = readRecord(record, (operation) => this.#apply(operation))
        if (typeof read === 'string') return read
        this.records++
        this.#onRecord({ file, offset, bytes: record.length, sequence, durableSequence, ...read })
        return undefined
      },
      done,
    )
  }

  #apply(operation: Operation): string | undefined {
    switch (operation.type) {
      case 'checkpoint':
        this.state = LogState.of(operation.summary)
        return undefined
      case 'peer':
        this.state.knowPeer(operation.peer)
        return undefined
      case 'truncate':
        return this.state.truncate(operation.from)
      case 'entry':
        return this.state.append(operation, operation.config)
      case 'hardState':
        return this.state.setHardState(operation.hardState)
      case 'genesis':
        return this.state.adoptGenesis(operation.genesis)
      case 'base':
        return this.state.setBase(operation.base)
      case 'endOfWrite':
        return this.state.endWrite()
    }
  }
}

type RecordContent = Omit<
  InspectedRecord,
  'file' | 'offset' | 'bytes' | 'sequence' | 'durableSequence'
>

function readRecord(
  record: Uint8Array,
  apply: (operation: Operation) => string | undefined,
): RecordContent | string {
  let checkpoint: LogSummary | undefined
  let genesis: Genesis | undefined
  let hardState: HardState | undefined
  let writes = 0
  const bases: LogBase[] = []
  const truncations: LogIndex[] = []
  const entries: InspectedRecord['entries'][number][] = []
  const peers: KnownPeer[] = []
  const problem = decodeOperations(record, RECORD_HEADER_BYTES, record.length, (operation) => {
    if (operation.type === 'truncate') truncations.push(operation.from)
    else if (operation.type === 'hardState') hardState = operation.hardState
    else if (operation.type === 'endOfWrite') writes++
    else if (operation.type === 'genesis') genesis = operation.genesis
    else if (operation.type === 'base') bases.push(operation.base)
    else if (operation.type === 'peer') peers.push(operation.peer)
    else if (operation.type === 'checkpoint') checkpoint = operation.summary
    else {
      const { index, term, length, config } = operation
      entries.push({ index, term, bytes: length, isConfig: config !== undefined })
    }
    return apply(operation)
  })
  return problem ?? { writes, checkpoint, genesis, bases, truncations, entries, hardState, peers }
}
