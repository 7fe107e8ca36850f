import type { Disk, DiskFile, Done } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { ByteWriter } from './bytes.ts'
import type { EntryIndex } from './entry-index.ts'
import type { OpenFiles } from './files.ts'
import { writeNewFile, writeSuperblock } from './folder.ts'
import { encodeWrite } from './operations.ts'
import { MAX_RECORD_BYTES } from './options.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES, sealRecord } from './record.ts'
import type { Recovered } from './recover.ts'
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from './segment-header.ts'
import { inOrder } from './steps.ts'
import type { Superblock } from './superblock.ts'

/** Memory kept between batches for encoding. */
const KEPT_BUFFER_BYTES = 16 * 1024 * 1024

/** Writes one batch at a time as one record, with one sync; begins new segments. */
export class BatchWriter {
  readonly #disk: Disk
  readonly #files: OpenFiles
  readonly #buffer = new ByteWriter()
  #superblock: Superblock
  #sequence: number
  #chain: number
  #segment: number
  #end: number
  #placement: PlacementChecksum
  #earlierBytes: number
  #syncs = 0
  #failed = false

  /** Everything recovered is durable, as `superblock` says. */
  constructor(disk: Disk, files: OpenFiles, superblock: Superblock, recovered: Recovered) {
    this.#disk = disk
    this.#files = files
    this.#superblock = superblock
    this.#sequence = recovered.position.sequence
    this.#chain = recovered.position.chain
    this.#segment = recovered.lastSegment
    this.#end = recovered.end
    this.#earlierBytes = recovered.earlierBytes
    this.#placement = this.#placementOf(this.#segment)
  }

  get segments(): number {
    return this.#segment
  }

  get sizeBytes(): number {
    return this.#earlierBytes + this.#end
  }

  get syncs(): number {
    return this.#syncs
  }

  get failed(): boolean {
    return this.#failed
  }

  /**
   * Makes the writes durable together, then enters their entries into `index`. The first failure
   * is final: what is on disk then is for the next recovery to find out.
   */
  write(writes: readonly LogWrite[], index: EntryIndex, segmentBytes: number, done: Done): void {
    const finish: Done = (error) => {
      if (error !== undefined) this.#failed = true
      done(error)
    }
    if (this.#end < segmentBytes || this.#end === SEGMENT_HEADER_BYTES) {
      this.#writeRecord(writes, index, finish)
      return
    }
    this.#beginSegment(index.lastIndex + 1, (error) => {
      if (error !== undefined) finish(error)
      else this.#writeRecord(writes, index, finish)
    })
  }

  /** Notes in the superblock that all there is is durable: the next opening accepts no less. */
  seal(done: Done): void {
    if (this.#superblock.durableSequence === this.#sequence) {
      done(undefined)
      return
    }
    this.#writeSuperblock(this.#segment, done)
  }

  #writeRecord(writes: readonly LogWrite[], index: EntryIndex, done: Done): void {
    const places: number[] = []
    const record = this.#encode(writes, places)
    if (record instanceof Error) {
      done(record)
      return
    }
    const offset = this.#end
    const sequence = this.#sequence + 1
    const header = {
      sequence,
      // The sync of the record before is what let this one be written.
      durableSequence: this.#sequence,
      previousChain: this.#chain,
    }
    const chain = sealRecord(record, header, this.#placement, offset)
    this.#files.get(segmentName(this.#segment), (openError, file) => {
      if (openError !== undefined) return done(openError)
      writeAndSync(file, offset, record, (error) => {
        if (error !== undefined) return done(error)
        this.#syncs++
        this.#sequence = sequence
        this.#chain = chain
        this.#end = offset + record.length
        this.#enter(writes, index, offset, places)
        done(undefined)
      })
    })
  }

  /** The record with its header still empty; valid until the next one. Fills `places`. */
  #encode(writes: readonly LogWrite[], places: number[]): Uint8Array | Error {
    const buffer = this.#buffer
    buffer.reset(KEPT_BUFFER_BYTES)
    buffer.zeros(RECORD_HEADER_BYTES)
    try {
      for (const write of writes) {
        encodeWrite(write, buffer, (_entry, offset, length) => places.push(offset, length))
      }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
    if (buffer.length <= MAX_RECORD_BYTES) return buffer.view()
    return new RangeError(`one log write of ${buffer.length} bytes is too large`)
  }

  #enter(
    writes: readonly LogWrite[],
    index: EntryIndex,
    recordAt: number,
    places: readonly number[],
  ): void {
    let at = 0
    for (const write of writes) {
      if (write.truncateFrom !== undefined) index.truncate(write.truncateFrom)
      for (let left = write.entries.length; left > 0; left--, at += 2) {
        index.push(this.#segment, recordAt + (places[at] as number), places[at + 1] as number)
      }
    }
  }

  /** The header is durable, by content and name, before the superblock counts the segment. */
  #beginSegment(firstIndex: number, done: Done): void {
    const number = this.#segment + 1
    const header = encodeSegmentHeader({
      number,
      clusterId: this.#superblock.genesis?.clusterId,
      incarnation: this.#superblock.incarnation,
      firstSequence: this.#sequence + 1,
      firstIndex,
      previousChain: this.#chain,
    })
    inOrder(
      [
        (next) => writeNewFile(this.#files, segmentName(number), header, next),
        (next) => this.#disk.syncDirectory(next),
        (next) => this.#writeSuperblock(number, next),
      ],
      (error) => {
        if (error !== undefined) return done(error)
        this.#syncs += 3
        this.#segment = number
        this.#placement = this.#placementOf(number)
        this.#earlierBytes += this.#end
        this.#end = SEGMENT_HEADER_BYTES
        done(undefined)
      },
    )
  }

  #writeSuperblock(segments: number, done: Done): void {
    const next: Superblock = {
      ...this.#superblock,
      generation: this.#superblock.generation + 1,
      segments,
      durableSequence: this.#sequence,
      durableChain: this.#chain,
    }
    writeSuperblock(this.#files, next, (error) => {
      if (error === undefined) this.#superblock = next
      done(error)
    })
  }

  #placementOf(segment: number): PlacementChecksum {
    return new PlacementChecksum({ incarnation: this.#superblock.incarnation, segment })
  }
}

function writeAndSync(file: DiskFile, offset: number, bytes: Uint8Array, done: Done): void {
  file.write(offset, bytes, (error) => {
    if (error !== undefined) done(error)
    else file.sync(done)
  })
}
