import type { Callback } from '../ports.ts'
import { ByteWriter } from './bytes.ts'
import { EntryIndex, REMOVED_SEGMENT } from './entry-index.ts'
import { CorruptLogError } from './errors.ts'
import type { OpenFiles } from './files.ts'
import type { Folder } from './folder.ts'
import { LogState, type LogSummary } from './log-state.ts'
import { decodeOperations, encodeCheckpoint, type Operation } from './operations.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES, type RecordHeader } from './record.ts'
import { type ChainPosition, type Damage, findLaterRecord, scanSegment } from './scan.ts'
import {
  decodeSegmentHeader,
  FORMAT_WITHOUT_CHECKPOINTS,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  segmentName,
} from './segment-header.ts'
import { repeat } from './steps.ts'
import { WindowReader } from './window-reader.ts'

/** What the segments hold, before anything on disk is repaired. */
export interface Recovered {
  readonly state: LogState
  readonly index: EntryIndex
  /** The last intact record. */
  readonly position: ChainPosition
  /** The last segment, and where its good part ends; 0 for a log that has none yet. */
  readonly lastSegment: number
  readonly end: number
  /** Whether the last segment may be gone on with: it is of the format that is written now. */
  readonly isCurrent: boolean
  /** The first segment that begins with a checkpoint; 0 if none does. */
  readonly firstCheckpoint: number
  /** Where in the last segment the last record begins; its header's end if it has none. */
  readonly lastRecordAt: number
  /** A segment that a crash cut short before it was counted: to be removed. */
  readonly unfinishedSegment: number | undefined
  /** Bytes of each segment before the last one, by number. */
  readonly earlierBytes: ReadonlyMap<number, number>
  /** Bytes behind `end`: space kept ready, or a torn write. To be cut off. */
  readonly tornBytes: number
}

/**
 * Reads all segments. Changes nothing on disk. Fails with a `CorruptLogError` if what had been
 * confirmed is not all there.
 */
export function recoverSegments(files: OpenFiles, folder: Folder, done: Callback<Recovered>): void {
  new Recovery(files, folder, done).run()
}

class Recovery {
  readonly #files: OpenFiles
  readonly #folder: Folder
  readonly #done: Callback<Recovered>
  readonly #index = new EntryIndex()
  readonly #position: ChainPosition = { sequence: 0, chain: 0 }
  readonly #sizes = new Map<number, number>()
  #state: LogState
  /** How many segments were read, or are being read. */
  #read = 0
  #number = 0
  #end = 0
  #lastRecordAt = 0
  #format = 0
  #firstCheckpoint = 0
  #awaitsCheckpoint = false

  constructor(files: OpenFiles, folder: Folder, done: Callback<Recovered>) {
    this.#files = files
    this.#folder = folder
    this.#done = done
    this.#state = new LogState(folder.superblock.genesis)
  }

  run(): void {
    const { segments, superblock } = this.#folder
    const first = superblock.firstSegment
    const gap = segments.findIndex((number, i) => number !== first + i)
    const present = first + (gap === -1 ? segments.length : gap)
    if (gap !== -1 || present <= superblock.segments) {
      this.#corrupt(segmentName(present), 0, 'the file is missing')
      return
    }
    repeat((next) => {
      const number = segments[this.#read]
      if (number === undefined) return this.#finish(undefined)
      this.#read++
      this.#readSegment(number, next)
    })
  }

  #readSegment(number: number, next: () => void): void {
    const name = segmentName(number)
    this.#files.get(name, (openError, file) => {
      if (openError !== undefined) return this.#fail(openError)
      file.size((sizeError, size) => {
        if (sizeError !== undefined) return this.#fail(sizeError)
        const reader = new WindowReader(file, size)
        reader.read(0, SEGMENT_HEADER_BYTES, (readError, bytes) => {
          if (readError !== undefined) return this.#fail(readError)
          const header = decodeSegmentHeader(bytes)
          if (typeof header === 'string') return this.#unreadable(number, reader, 0, header)
          const problem = this.#misfit(number, header)
          if (problem !== undefined) return this.#corrupt(name, 0, problem)
          this.#readRecords(number, header, reader, next)
        })
      })
    })
  }

  /**
   * A segment gets its header and its checkpoint, synced, before the superblock counts it and other
   * records enter it. So the last one may lack them, if it is not counted and has nothing else.
   */
  #unreadable(number: number, reader: WindowReader, offset: number, reason: string): void {
    const refuse = (): void => this.#corrupt(segmentName(number), offset, reason)
    const isLast = this.#read === this.#folder.segments.length
    if (!isLast || number <= this.#folder.superblock.segments) {
      refuse()
      return
    }
    findLaterRecord(reader, this.#placement(number), SEGMENT_HEADER_BYTES, (error, found) => {
      if (error !== undefined) this.#fail(error)
      else if (found !== undefined) refuse()
      else this.#finish(number)
    })
  }

  #misfit(number: number, header: SegmentHeader): string | undefined {
    const { incarnation, firstSegment } = this.#folder.superblock
    if (header.incarnation !== incarnation) return 'the segment is of another log'
    if (header.number !== number) return `the file holds segment ${header.number}`
    if (number === firstSegment && number > 1) {
      if (header.format === FORMAT_WITHOUT_CHECKPOINTS) {
        return 'the log can not be read from this segment on: it has no checkpoint'
      }
      this.#position.sequence = header.firstSequence - 1
      this.#position.chain = header.previousChain
      return undefined
    }
    if (header.firstSequence !== this.#position.sequence + 1) {
      return `the segment begins with record ${header.firstSequence}, the one before ends with ${this.#position.sequence}`
    }
    if (header.previousChain !== this.#position.chain) {
      return 'the segment does not continue the chain of the one before'
    }
    if (header.firstIndex !== this.#state.lastIndex + 1) {
      return `the segment begins at entry ${header.firstIndex}, the one before ends with ${this.#state.lastIndex}`
    }
    return undefined
  }

  #readRecords(
    number: number,
    segment: SegmentHeader,
    reader: WindowReader,
    next: () => void,
  ): void {
    const hasCheckpoint = segment.format > FORMAT_WITHOUT_CHECKPOINTS
    this.#awaitsCheckpoint = hasCheckpoint
    let lastRecordAt = SEGMENT_HEADER_BYTES
    let meaning: string | undefined
    scanSegment(
      reader,
      this.#placement(number),
      this.#position,
      (header, bytes, offset) => {
        lastRecordAt = offset
        meaning = this.#misplaced(header) ?? this.#applyRecord(number, bytes, offset)
        return meaning
      },
      (error, end, damage) => {
        if (error !== undefined) return this.#fail(error)
        // Intact by its checksums, yet against the rules: a defect, never a torn write.
        if (damage !== undefined && meaning !== undefined) {
          return this.#corrupt(segmentName(number), damage.offset, meaning)
        }
        if (this.#awaitsCheckpoint) {
          return this.#unreadable(number, reader, end, damage?.reason ?? 'there is no checkpoint')
        }
        this.#number = number
        this.#format = segment.format
        this.#sizes.set(number, reader.sizeBytes)
        this.#end = end
        this.#lastRecordAt = lastRecordAt
        if (hasCheckpoint && this.#firstCheckpoint === 0) this.#firstCheckpoint = number
        if (damage === undefined) next()
        else this.#judge(reader, damage, next)
      },
    )
  }

  #misplaced(header: RecordHeader): string | undefined {
    const { durableSequence, durableChain } = this.#folder.superblock
    if (header.durableSequence >= header.sequence) return 'a record confirms itself'
    if (header.sequence === durableSequence && header.chain !== durableChain) {
      return 'this is not the record that the superblock confirmed'
    }
    return undefined
  }

  #applyRecord(number: number, bytes: Uint8Array, recordAt: number): string | undefined {
    return decodeOperations(bytes, RECORD_HEADER_BYTES, bytes.length, (operation) => {
      if (operation.type === 'checkpoint') {
        return this.#applyCheckpoint(number, operation.summary, bytes)
      }
      if (this.#awaitsCheckpoint) return 'the segment does not begin with a checkpoint'
      return this.#applyOperation(number, operation, recordAt)
    })
  }

  #applyCheckpoint(number: number, summary: LogSummary, record: Uint8Array): string | undefined {
    if (!this.#awaitsCheckpoint) return 'a checkpoint is not at the beginning of its segment'
    this.#awaitsCheckpoint = false
    if (number > this.#folder.superblock.firstSegment) {
      const expected = new ByteWriter()
      encodeCheckpoint(this.#state.summary(), expected)
      const isSame = isEqual(expected.view(), record.subarray(RECORD_HEADER_BYTES))
      return isSame ? undefined : 'the checkpoint is not what the records before it say'
    }
    this.#state = LogState.of(summary)
    this.#index.reset(this.#state.firstIndex, summary.lastIndex)
    return undefined
  }

  #applyOperation(
    number: number,
    operation: Exclude<Operation, { type: 'checkpoint' }>,
    recordAt: number,
  ): string | undefined {
    const state = this.#state
    switch (operation.type) {
      case 'truncate':
        this.#index.truncate(operation.from)
        return state.truncate(operation.from)
      case 'entry': {
        const problem = state.append(operation, operation.config)
        this.#index.push(number, recordAt + operation.offset, operation.length)
        return problem
      }
      case 'hardState':
        return state.setHardState(operation.hardState)
      case 'endOfWrite':
        return state.endWrite()
      case 'genesis':
        return state.adoptGenesis(operation.genesis)
      case 'base': {
        const { mark, reset } = operation.base
        const problem = state.setBase(operation.base)
        if (reset) this.#index.reset(mark.index + 1, mark.index)
        else this.#index.compact(mark.index)
        return problem
      }
      case 'peer':
        state.knowPeer(operation.peer)
        return undefined
    }
  }

  /** Torn write or corruption? Only the last record of all may be torn, and only if unconfirmed. */
  #judge(reader: WindowReader, damage: Damage, next: () => void): void {
    const { offset, reason } = damage
    const name = segmentName(this.#number)
    if (this.#read < this.#folder.segments.length) {
      this.#corrupt(name, offset, `${reason}, and another segment follows`)
      return
    }
    if (this.#position.sequence < this.#folder.superblock.durableSequence) {
      this.#corrupt(name, offset, `${reason}, and it had been confirmed durable`)
      return
    }
    findLaterRecord(reader, this.#placement(this.#number), offset, (error, found) => {
      if (error !== undefined) this.#fail(error)
      else if (found === undefined) next()
      else this.#corrupt(name, offset, `${reason}, and a valid record follows at byte ${found}`)
    })
  }

  #finish(unfinishedSegment: number | undefined): void {
    const { superblock } = this.#folder
    const { sequence } = this.#position
    const name = segmentName(Math.max(this.#number, superblock.firstSegment))
    if (sequence < superblock.durableSequence) {
      const reason = `the log ends with record ${sequence}, but record ${superblock.durableSequence} had been confirmed durable`
      this.#corrupt(name, this.#end, reason)
      return
    }
    if (this.#index.firstSegment === REMOVED_SEGMENT) {
      const reason = `entry ${this.#index.firstIndex} is needed, and was before this segment`
      this.#corrupt(segmentName(superblock.firstSegment), 0, reason)
      return
    }
    const lastBytes = this.#sizes.get(this.#number) ?? 0
    this.#sizes.delete(this.#number)
    this.#done(undefined, {
      state: this.#state,
      index: this.#index,
      position: this.#position,
      lastSegment: this.#number,
      end: this.#end,
      isCurrent: this.#format > FORMAT_WITHOUT_CHECKPOINTS,
      firstCheckpoint: this.#firstCheckpoint,
      lastRecordAt: this.#lastRecordAt,
      unfinishedSegment,
      earlierBytes: this.#sizes,
      tornBytes: lastBytes - this.#end,
    })
  }

  #placement(segment: number): PlacementChecksum {
    return new PlacementChecksum({ incarnation: this.#folder.superblock.incarnation, segment })
  }

  #corrupt(file: string, offset: number, reason: string): void {
    this.#fail(new CorruptLogError(file, offset, reason))
  }

  #fail(error: Error): void {
    this.#done(error, undefined as never)
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
