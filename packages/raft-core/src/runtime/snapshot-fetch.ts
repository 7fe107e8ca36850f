/**
 * One snapshot on its way here: pieces are asked for ahead of what is written, from one source at a
 * time, and written in order. A piece that does not come is asked for elsewhere; what is there already
 * stays, also over a restart, because every node that has this snapshot has the same bytes of it.
 */
import type { SnapshotInfo, SnapshotStore, SnapshotWriter } from '../ports.ts'
import type { LogIndex, NodeId, SnapshotChunk } from '../types.ts'
import type { Host } from './host.ts'
import type { Operations } from './operations.ts'

export interface FetchEnds {
  /** It is complete, verified and durable; perhaps although it was stopped. */
  finished(info: SnapshotInfo, from: NodeId): void
  /** Nobody gives it, or it can not be stored. What is there is kept. */
  gaveUp(error: Error): void
}

/**
 * What all sources may cost before giving up, each; the leader offers again. A no is more definite than
 * silence, for pieces get lost.
 */
const MOST_COST = 6
const COST_OF_REFUSAL = 3
const COST_OF_SILENCE = 1

export class SnapshotFetch {
  readonly #host: Host
  readonly #store: SnapshotStore
  readonly #operations: Operations
  readonly #sources: readonly NodeId[]
  readonly #ends: FetchEnds
  /** It must stand for this entry at least. */
  readonly minIndex: LogIndex
  /** When a piece last came. */
  progressAt: number
  #source = 0
  #cost = 0
  #info: SnapshotInfo | undefined = undefined
  #writer: SnapshotWriter | undefined = undefined
  #pieceBytes: number
  /** The next byte to be written. */
  #offset = 0
  /** Deadlines of the pieces that were asked for, by offset. */
  readonly #asked = new Map<number, number>()
  /** Pieces that came before the ones in front of them. */
  readonly #arrived = new Map<number, Uint8Array>()
  /** The store is at work: nothing else is given to it. */
  #isBusy = false
  #isOver = false
  #isEnded = false

  constructor(
    host: Host,
    store: SnapshotStore,
    operations: Operations,
    minIndex: LogIndex,
    sources: readonly NodeId[],
    ends: FetchEnds,
  ) {
    this.#host = host
    this.#store = store
    this.#operations = operations
    this.minIndex = minIndex
    this.#sources = sources
    this.#ends = ends
    this.#pieceBytes = host.config.snapshotChunkBytes
    this.progressAt = host.clock.now()
    operations.begin()
    this.#ask(0)
  }

  /** What it stands for, once that is known. */
  get index(): LogIndex {
    return this.#info?.mark.index ?? this.minIndex
  }

  /** The store is not used by it any more: another one may begin. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** A piece, or the news that there is none, from any source. */
  take(chunk: SnapshotChunk): void {
    if (this.#isOver) return
    if (chunk.snapshotId === '' || chunk.mark === undefined) {
      if (chunk.from === this.#sources[this.#source] && this.#asked.has(chunk.offset)) {
        this.#next(COST_OF_REFUSAL)
      }
      return
    }
    if (this.#info === undefined) this.#begin(chunk)
    else if (chunk.snapshotId === this.#info.id) this.#keep(chunk)
  }

  /** Looks for pieces that are late. */
  tick(now: number): void {
    if (this.#isOver) return
    for (const deadline of this.#asked.values()) {
      if (deadline > now) continue
      this.#next(COST_OF_SILENCE)
      return
    }
  }

  /** Stops; what is there is kept. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#asked.clear()
    this.#arrived.clear()
    if (!this.#isBusy) this.#abort()
  }

  #begin(chunk: SnapshotChunk): void {
    const { mark } = chunk
    const isExpected = chunk.from === this.#sources[this.#source] && chunk.offset === 0
    if (!isExpected || mark === undefined || mark.index < this.minIndex) return
    const { snapshotId: id, totalBytes: sizeBytes, checksum } = chunk
    const info = { id, mark, sizeBytes, checksum }
    this.#info = info
    this.#asked.clear()
    this.#progressed()
    this.#isBusy = true
    this.#store.resume(info, (error, writer) => {
      this.#isBusy = false
      if (error === undefined) this.#writer = writer
      if (this.#isOver) {
        this.#abort()
        return
      }
      if (error !== undefined) {
        this.#giveUp(error)
        return
      }
      this.#offset = writer.sizeBytes
      if (this.#offset === 0 && chunk.data.length > 0) {
        if (chunk.data.length < sizeBytes) this.#pieceBytes = chunk.data.length
        this.#arrived.set(0, chunk.data)
      }
      this.#advance()
    })
  }

  #keep(chunk: SnapshotChunk): void {
    const info = this.#info as SnapshotInfo
    const end = chunk.offset + chunk.data.length
    const isSame = chunk.totalBytes === info.sizeBytes && chunk.checksum === info.checksum
    if (!isSame || chunk.data.length === 0 || end > info.sizeBytes) return
    if (chunk.offset < this.#offset || !this.#asked.delete(chunk.offset)) return
    this.#arrived.set(chunk.offset, chunk.data)
    this.#progressed()
    this.#advance()
  }

  /** Writes what has come and asks for what is missing. */
  #advance(): void {
    const info = this.#info
    const writer = this.#writer
    if (this.#isOver || this.#isBusy || info === undefined || writer === undefined) return
    if (this.#offset >= info.sizeBytes) {
      this.#finish(info, writer)
      return
    }
    this.#askAhead(info)
    const piece = this.#arrived.get(this.#offset)
    if (piece === undefined) return
    this.#arrived.delete(this.#offset)
    this.#isBusy = true
    writer.write(piece, (error) => {
      this.#isBusy = false
      if (this.#isOver) {
        this.#abort()
        return
      }
      if (error !== undefined) {
        this.#giveUp(error)
        return
      }
      this.#offset += piece.length
      this.#advance()
    })
  }

  #askAhead(info: SnapshotInfo): void {
    for (const at of this.#asked.keys()) if (at < this.#offset) this.#asked.delete(at)
    const { snapshotFetchWindow } = this.#host.config
    for (let i = 0; i < snapshotFetchWindow; i++) {
      const at = this.#offset + i * this.#pieceBytes
      if (at >= info.sizeBytes) return
      if (!this.#asked.has(at) && !this.#arrived.has(at)) this.#ask(at)
    }
  }

  #finish(info: SnapshotInfo, writer: SnapshotWriter): void {
    this.#isBusy = true
    const from = this.#sources[this.#source] as NodeId
    writer.finish((error, finished) => {
      this.#isBusy = false
      this.#writer = undefined
      const isStopped = this.#isOver
      this.#isOver = true
      this.#end()
      // A stopped one is complete all the same: it can not be fetched again, and must be known.
      if (error === undefined) this.#ends.finished({ ...info, ...finished }, from)
      else if (!isStopped) this.#ends.gaveUp(error)
    })
  }

  #ask(offset: number): void {
    const { id, core, clock, config } = this.#host
    this.#asked.set(offset, clock.now() + config.snapshotTimeoutMs)
    this.#host.post({
      type: 'snapshotRequest',
      from: id,
      to: this.#sources[this.#source] as NodeId,
      term: Math.max(1, core.status().term),
      snapshotId: this.#info?.id ?? '',
      minIndex: this.minIndex,
      offset,
      maxBytes: this.#pieceBytes,
    })
  }

  #progressed(): void {
    this.progressAt = this.#host.clock.now()
    this.#cost = 0
  }

  /** The source does not have it, or does not answer: asks the next one for the same. */
  #next(cost: number): void {
    this.#cost += cost
    this.#source = (this.#source + 1) % this.#sources.length
    this.#asked.clear()
    if (this.#cost >= MOST_COST * this.#sources.length) {
      this.#giveUp(new Error('no member gives the snapshot'))
    } else if (this.#info === undefined) this.#ask(0)
    else this.#askAhead(this.#info)
  }

  #giveUp(error: Error): void {
    this.stop()
    this.#ends.gaveUp(error)
  }

  #abort(): void {
    const writer = this.#writer
    this.#writer = undefined
    if (writer === undefined) this.#end()
    else writer.abort(() => this.#end())
  }

  #end(): void {
    this.#isEnded = true
    this.#operations.end()
  }
}
