import type { Disk, DiskFile, Done } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { ByteWriter } from './bytes.ts'
import type { EntryIndex } from './entry-index.ts'
import { isFullDisk } from './errors.ts'
import type { OpenFiles } from './files.ts'
import { removeSegments, writeNewFile } from './folder.ts'
import { LogState } from './log-state.ts'
import { encodeCheckpoint, encodeWrite } from './operations.ts'
import { MAX_RECORD_BYTES, type SegmentSizes } from './options.ts'
import { PlacementChecksum, RECORD_HEADER_BYTES, sealRecord } from './record.ts'
import type { Recovered } from './recover.ts'
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName } from './segment-header.ts'
import { inOrder, type Step } from './steps.ts'
import type { SuperblockKeeper } from './superblock-keeper.ts'

/** Memory kept between batches for encoding. */
const KEPT_BUFFER_BYTES = 16 * 1024 * 1024

/**
 * Writes one batch at a time as one record, with one sync; begins new segments, and removes those
 * that hold nothing of the log any more. The first failure is final: what is on disk then is for the
 * next recovery to find out.
 */
export class BatchWriter {
  readonly #disk: Disk
  readonly #files: OpenFiles
  readonly #keeper: SuperblockKeeper
  readonly #sizes: SegmentSizes
  readonly #buffer = new ByteWriter()
  /** What the completed writes say: what a checkpoint holds. Writes that wait are not in it. */
  readonly #state: LogState
  /** Entries whose write has completed. */
  readonly #index: EntryIndex
  readonly #firstCheckpoint: number
  readonly #earlierBytes: Map<number, number>
  #sequence: number
  #chain: number
  #segment: number
  #end: number
  /** Where the records behind the checkpoint begin. */
  #recordsAt: number
  /** The current segment's file has zeros from `#end` up to here. */
  #reserved: number
  #placement: PlacementChecksum
  #syncs = 0
  #failed = false

  /** Everything recovered is durable, as the superblock says. */
  constructor(
    disk: Disk,
    files: OpenFiles,
    keeper: SuperblockKeeper,
    sizes: SegmentSizes,
    recovered: Recovered,
  ) {
    this.#disk = disk
    this.#files = files
    this.#keeper = keeper
    this.#sizes = sizes
    this.#state = LogState.of(recovered.state.summary())
    this.#index = recovered.index
    this.#firstCheckpoint = recovered.firstCheckpoint || recovered.lastSegment + 1
    this.#earlierBytes = new Map(recovered.earlierBytes)
    this.#sequence = recovered.position.sequence
    this.#chain = recovered.position.chain
    this.#segment = recovered.lastSegment
    this.#end = recovered.end
    this.#reserved = recovered.end
    // Nothing but a checkpoint: the last record is the first.
    this.#recordsAt = recovered.lastRecordAt === SEGMENT_HEADER_BYTES ? recovered.end : 0
    this.#placement = this.#placementOf(this.#segment)
  }

  get segments(): number {
    return this.#earlierBytes.size + 1
  }

  get sizeBytes(): number {
    let bytes = this.#reserved
    for (const earlier of this.#earlierBytes.values()) bytes += earlier
    return bytes
  }

  get syncs(): number {
    return this.#syncs
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Whether there are segments that hold nothing of the log any more. */
  get hasObsolete(): boolean {
    return this.#firstNeeded() > this.#keeper.current.firstSegment
  }

  /** Makes the writes durable together, then enters their entries into the index. */
  write(writes: readonly LogWrite[], done: Done): void {
    // What a snapshot takes the place of can go at once if nothing else shares its segment.
    const resets = writes.some((write) => write.base?.reset === true)
    const isFull = this.#end >= this.#sizes.segmentBytes
    const steps: Step[] = [(next) => this.#writeRecord(writes, next)]
    if ((resets || isFull) && this.#end > this.#recordsAt) {
      steps.unshift((next) => this.#beginSegment(next))
    }
    inOrder(steps, this.#final(done))
  }

  /** Goes on in a new segment. */
  beginSegment(done: Done): void {
    this.#beginSegment(this.#final(done))
  }

  /**
   * Removes segments that hold nothing of the log any more. The record that says so is durable, and
   * both slots of the superblock do without them, before the first one goes.
   */
  removeObsolete(done: Done): void {
    const firstSegment = this.#firstNeeded()
    const obsolete = [...this.#earlierBytes.keys()].filter((number) => number < firstSegment)
    const change = { firstSegment, durableSequence: this.#sequence, durableChain: this.#chain }
    inOrder(
      [
        (next) => this.#keeper.writeBoth(change, next),
        (next) => removeSegments(this.#disk, this.#files, obsolete, next),
        (next) => this.#disk.syncDirectory(next),
      ],
      this.#final((error) => {
        if (error === undefined) for (const number of obsolete) this.#earlierBytes.delete(number)
        this.#syncs += 3
        done(error)
      }),
    )
  }

  /** Notes in the superblock that all there is is durable: the next opening accepts no less. */
  seal(done: Done): void {
    const { durableSequence } = this.#keeper.current
    const change = { durableSequence: this.#sequence, durableChain: this.#chain }
    inOrder(
      [
        (next) => this.#giveBackReserve(next),
        (next) => {
          if (durableSequence === this.#sequence) next(undefined)
          else this.#keeper.write(change, next)
        },
      ],
      done,
    )
  }

  #final(done: Done): Done {
    return (error) => {
      if (error !== undefined) this.#failed = true
      done(error)
    }
  }

  #writeRecord(writes: readonly LogWrite[], done: Done): void {
    const places: number[] = []
    const record = this.#encode(() => {
      for (const write of writes) {
        encodeWrite(write, this.#buffer, (_entry, at, length) => places.push(at, length))
      }
    })
    if (record instanceof Error) {
      done(record)
      return
    }
    const offset = this.#end
    const end = offset + record.length
    const chain = this.#seal(record, this.#placement, offset)
    this.#files.get(segmentName(this.#segment), (openError, file) => {
      if (openError !== undefined) return done(openError)
      this.#put(file, offset, record, (error) => {
        if (error !== undefined) return done(error)
        this.#syncs++
        this.#sequence++
        this.#chain = chain
        this.#end = end
        this.#enter(writes, offset, places)
        done(undefined)
      })
    })
  }

  /** Writes and syncs; within the space kept ready that is one thing to ask of the disk. */
  #put(file: DiskFile, offset: number, record: Uint8Array, done: Done): void {
    const end = offset + record.length
    if (end <= this.#reserved && file.writeDurably !== undefined) {
      file.writeDurably(offset, record, done)
      return
    }
    const steps: Step[] = [(next) => file.write(offset, record, next), (next) => file.sync(next)]
    if (end > this.#reserved) steps.splice(1, 0, (next) => this.#reserve(file, end, next))
    inOrder(steps, done)
  }

  /** A record with its header still empty; valid until the next one. */
  #encode(putPayload: () => void): Uint8Array | Error {
    const buffer = this.#buffer
    buffer.reset(KEPT_BUFFER_BYTES)
    buffer.zeros(RECORD_HEADER_BYTES)
    try {
      putPayload()
    } catch (error) {
      return error as Error
    }
    if (buffer.length <= MAX_RECORD_BYTES) return buffer.view()
    return new RangeError(`one log write of ${buffer.length} bytes is too large`)
  }

  #seal(record: Uint8Array, placement: PlacementChecksum, offset: number): number {
    const header = {
      sequence: this.#sequence + 1,
      // The sync of the record before is what let this one be written.
      durableSequence: this.#sequence,
      previousChain: this.#chain,
    }
    return sealRecord(record, header, placement, offset)
  }

  /**
   * Writes zeros behind `end`, so that the syncs to come find the file's size and blocks as they are
   * and have to write the data only. Where there is no space for it the log does without.
   */
  #reserve(file: DiskFile, end: number, done: Done): void {
    const wanted = Math.min(end + this.#sizes.reserveBytes, this.#sizes.segmentBytes)
    this.#reserved = Math.max(wanted, end)
    if (wanted <= end) {
      done(undefined)
      return
    }
    file.write(end, new Uint8Array(wanted - end), (error) => {
      done(error !== undefined && isFullDisk(error) ? undefined : error)
    })
  }

  #giveBackReserve(done: Done): void {
    if (this.#reserved === this.#end) {
      done(undefined)
      return
    }
    this.#files.get(segmentName(this.#segment), (openError, file) => {
      if (openError !== undefined) return done(openError)
      this.#syncs++
      this.#reserved = this.#end
      inOrder([(next) => file.truncate(this.#end, next), (next) => file.sync(next)], done)
    })
  }

  #enter(writes: readonly LogWrite[], recordAt: number, places: readonly number[]): void {
    const index = this.#index
    let at = 0
    for (const write of writes) {
      this.#state.apply(write)
      if (write.base !== undefined) {
        const { mark, reset } = write.base
        if (reset) index.reset(mark.index + 1, mark.index)
        else index.compact(mark.index)
      }
      if (write.truncateFrom !== undefined) index.truncate(write.truncateFrom)
      for (let left = write.entries.length; left > 0; left--, at += 2) {
        index.push(this.#segment, recordAt + (places[at] as number), places[at + 1] as number)
      }
    }
  }

  /**
   * The header and the checkpoint are durable, by content and name, before the superblock counts the
   * segment. The segment before ends with its last record, durably, before there is another.
   */
  #beginSegment(done: Done): void {
    const number = this.#segment + 1
    const checkpoint = this.#encode(() => encodeCheckpoint(this.#state.summary(), this.#buffer))
    if (checkpoint instanceof Error) {
      done(checkpoint)
      return
    }
    const placement = this.#placementOf(number)
    const chain = this.#seal(checkpoint, placement, SEGMENT_HEADER_BYTES)
    const start = Uint8Array.from([...this.#headerOf(number), ...checkpoint])
    const change = { segments: number, durableSequence: this.#sequence + 1, durableChain: chain }
    inOrder(
      [
        (next) => this.#giveBackReserve(next),
        (next) => writeNewFile(this.#files, segmentName(number), start, next),
        (next) => this.#disk.syncDirectory(next),
        (next) => {
          // A log without segments is a new one; neither slot may say so any more.
          if (number === 1) this.#keeper.writeBoth(change, next)
          else this.#keeper.write(change, next)
        },
      ],
      (error) => {
        if (error !== undefined) return done(error)
        this.#syncs += 3
        if (this.#segment > 0) this.#earlierBytes.set(this.#segment, this.#end)
        this.#sequence++
        this.#chain = chain
        this.#segment = number
        this.#placement = placement
        this.#end = start.length
        this.#reserved = start.length
        this.#recordsAt = start.length
        done(undefined)
      },
    )
  }

  #headerOf(number: number): Uint8Array {
    return encodeSegmentHeader({
      number,
      clusterId: this.#state.genesis?.clusterId,
      incarnation: this.#keeper.current.incarnation,
      firstSequence: this.#sequence + 1,
      firstIndex: this.#state.lastIndex + 1,
      previousChain: this.#chain,
    })
  }

  /** The first segment to read the log from: the one that holds its first entry. */
  #firstNeeded(): number {
    const needed = this.#index.firstSegment ?? this.#segment
    // Those of format 1 have no checkpoint to begin with.
    return needed >= this.#firstCheckpoint ? needed : this.#keeper.current.firstSegment
  }

  #placementOf(segment: number): PlacementChecksum {
    return new PlacementChecksum({ incarnation: this.#keeper.current.incarnation, segment })
  }
}
