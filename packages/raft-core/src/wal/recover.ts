import type { Callback } from '../ports.ts'
import { EntryIndex } from './entry-index.ts'
import { CorruptLogError } from './errors.ts'
import type { OpenFiles } from './files.ts'
import type { Folder } from './folder.ts'
import { LogState } from './log-state.ts'
import { decodeOperations } from './operations.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES, type RecordHeader } from './record.ts'
import { type ChainPosition, type Damage, findLaterRecord, scanSegment } from './scan.ts'
import {
  decodeSegmentHeader,
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
  /** The segment to go on writing, and where its good part ends. */
  readonly lastSegment: number
  readonly end: number
  /** Where in the last segment the last record begins; its header's end if it has none. */
  readonly lastRecordAt: number
  /** A segment that a crash cut short before its header was durable: to be removed. */
  readonly unfinishedSegment: number | undefined
  /** Bytes of all segments before the last one. */
  readonly earlierBytes: number
  /** Bytes behind `end`, a torn write: to be cut off. */
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
  readonly #state = new LogState()
  readonly #index = new EntryIndex(1)
  readonly #position: ChainPosition = { sequence: 0, chain: 0 }
  #number = 0
  #end = 0
  #lastRecordAt = 0
  #sizeBytes = 0
  #earlierBytes = 0

  constructor(files: OpenFiles, folder: Folder, done: Callback<Recovered>) {
    this.#files = files
    this.#folder = folder
    this.#done = done
  }

  run(): void {
    const { segments, superblock } = this.#folder
    const gap = segments.findIndex((number, i) => number !== i + 1)
    const present = gap === -1 ? segments.length : gap
    if (gap !== -1 || present < superblock.segments) {
      this.#corrupt(segmentName(present + 1), 0, 'the file is missing')
      return
    }
    repeat((next) => {
      if (this.#number === segments.length) return this.#finish(undefined)
      this.#number++
      this.#readSegment(next)
    })
  }

  #readSegment(next: () => void): void {
    const name = segmentName(this.#number)
    this.#files.get(name, (openError, file) => {
      if (openError !== undefined) return this.#fail(openError)
      file.size((sizeError, size) => {
        if (sizeError !== undefined) return this.#fail(sizeError)
        const reader = new WindowReader(file, size)
        reader.read(0, SEGMENT_HEADER_BYTES, (readError, bytes) => {
          if (readError !== undefined) return this.#fail(readError)
          const header = decodeSegmentHeader(bytes)
          if (typeof header === 'string') return this.#badHeader(size, header)
          const problem = this.#misfit(header)
          if (problem !== undefined) return this.#corrupt(name, 0, problem)
          this.#earlierBytes += this.#sizeBytes
          this.#sizeBytes = size
          this.#readRecords(reader, next)
        })
      })
    })
  }

  /** A new segment gets its header, synced, before the superblock counts it and records enter it. */
  #badHeader(size: number, reason: string): void {
    const number = this.#number
    const isLast = number === this.#folder.segments.length
    if (isLast && number > this.#folder.superblock.segments && size <= SEGMENT_HEADER_BYTES) {
      this.#number--
      this.#finish(number)
      return
    }
    this.#corrupt(segmentName(number), 0, reason)
  }

  #misfit(header: SegmentHeader): string | undefined {
    const { superblock } = this.#folder
    if (header.incarnation !== superblock.incarnation) return 'the segment is of another log'
    if (header.number !== this.#number) return `the file holds segment ${header.number}`
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

  #readRecords(reader: WindowReader, next: () => void): void {
    const { incarnation } = this.#folder.superblock
    const placement = new PlacementChecksum({ incarnation, segment: this.#number })
    this.#lastRecordAt = SEGMENT_HEADER_BYTES
    let meaning: string | undefined
    scanSegment(
      reader,
      placement,
      this.#position,
      (header, bytes, offset) => {
        this.#lastRecordAt = offset
        meaning = this.#misplaced(header) ?? this.#applyRecord(bytes, offset)
        return meaning
      },
      (error, end, damage) => {
        if (error !== undefined) return this.#fail(error)
        this.#end = end
        if (damage === undefined) return next()
        // Intact by its checksums, yet against the rules: a defect, never a torn write.
        if (meaning !== undefined) return this.#corrupt(this.#name(), damage.offset, meaning)
        this.#judge(reader, placement, damage, next)
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

  #applyRecord(bytes: Uint8Array, offset: number): string | undefined {
    return decodeOperations(bytes, RECORD_HEADER_BYTES, bytes.length, (operation) => {
      switch (operation.type) {
        case 'truncate':
          this.#index.truncate(operation.from)
          return this.#state.truncate(operation.from)
        case 'entry':
          this.#index.push(this.#number, offset + operation.offset, operation.length)
          return this.#state.append(operation)
        case 'hardState':
          return this.#state.setHardState(operation.hardState)
        case 'endOfWrite':
          return this.#state.endWrite()
      }
    })
  }

  /** Torn write or corruption? Only the last record of all may be torn, and only if unconfirmed. */
  #judge(
    reader: WindowReader,
    placement: PlacementChecksum,
    damage: Damage,
    next: () => void,
  ): void {
    const { offset, reason } = damage
    if (this.#number < this.#folder.segments.length) {
      this.#corrupt(this.#name(), offset, `${reason}, and another segment follows`)
      return
    }
    if (this.#position.sequence < this.#folder.superblock.durableSequence) {
      this.#corrupt(this.#name(), offset, `${reason}, and it had been confirmed durable`)
      return
    }
    findLaterRecord(reader, placement, offset, (error, found) => {
      if (error !== undefined) this.#fail(error)
      else if (found === undefined) next()
      else {
        this.#corrupt(
          this.#name(),
          offset,
          `${reason}, and a valid record follows at byte ${found}`,
        )
      }
    })
  }

  #finish(unfinishedSegment: number | undefined): void {
    const confirmed = this.#folder.superblock.durableSequence
    const { sequence } = this.#position
    if (sequence < confirmed) {
      const reason = `the log ends with record ${sequence}, but record ${confirmed} had been confirmed durable`
      this.#corrupt(this.#name(), this.#end, reason)
      return
    }
    this.#done(undefined, {
      state: this.#state,
      index: this.#index,
      position: this.#position,
      lastSegment: this.#number,
      end: this.#end,
      lastRecordAt: this.#lastRecordAt,
      unfinishedSegment,
      earlierBytes: this.#earlierBytes,
      tornBytes: this.#sizeBytes - this.#end,
    })
  }

  #name(): string {
    return segmentName(this.#number)
  }

  #corrupt(file: string, offset: number, reason: string): void {
    this.#fail(new CorruptLogError(file, offset, reason))
  }

  #fail(error: Error): void {
    this.#done(error, undefined as never)
  }
}
