/** Gives members pieces of the snapshots that are stored here, whoever leads. */
import type { SnapshotInfo } from '../ports.ts'
import type { SnapshotChunk, SnapshotRequest } from '../types.ts'
import type { Host } from './host.ts'
import type { SnapshotShelf } from './snapshot-shelf.ts'

/** Pieces being read at once. Whoever asks for more asks again. */
const MOST_READS = 16

export class SnapshotServing {
  readonly #host: Host
  readonly #shelf: SnapshotShelf
  readonly #onDamaged: () => void
  #reads = 0

  /** `onDamaged`: one that is stored can not be read, and does not count any more. */
  constructor(host: Host, shelf: SnapshotShelf, onDamaged: () => void) {
    this.#host = host
    this.#shelf = shelf
    this.#onDamaged = onDamaged
  }

  handle(request: SnapshotRequest): void {
    const info = this.#wanted(request)
    if (info === undefined) {
      this.#host.post(this.#chunk(request, undefined, new Uint8Array(0)))
      return
    }
    if (this.#reads >= MOST_READS) return
    this.#reads++
    this.#shelf.fetched(info.id)
    this.#shelf.use(info.id, (error, stored) => {
      if (error !== undefined) {
        this.#failed(request, info, error)
        return
      }
      const most = Math.min(request.maxBytes, this.#host.config.snapshotChunkBytes)
      stored.read(request.offset, most, (failure, data) => {
        this.#shelf.release(info.id)
        if (failure !== undefined) this.#failed(request, info, failure)
        else this.#read(this.#chunk(request, info, data))
      })
    })
  }

  #wanted({ snapshotId, minIndex, offset }: SnapshotRequest): SnapshotInfo | undefined {
    const info = snapshotId === '' ? this.#shelf.newest : this.#shelf.find(snapshotId)
    if (info === undefined || info.mark.index < minIndex) return undefined
    return offset <= info.sizeBytes ? info : undefined
  }

  /** Another member may have it; here another one is needed, and not by this member only. */
  #failed(request: SnapshotRequest, { id }: SnapshotInfo, error: Error): void {
    if (this.#host.isRunning) {
      this.#host.observe({ type: 'snapshotFailed', error })
      this.#shelf.giveUp(id)
      this.#onDamaged()
    }
    this.#read(this.#chunk(request, undefined, new Uint8Array(0)))
  }

  #read(chunk: SnapshotChunk): void {
    this.#reads--
    if (this.#host.isRunning) this.#host.post(chunk, 'bulk')
  }

  #chunk(
    { from, offset }: SnapshotRequest,
    info: SnapshotInfo | undefined,
    data: Uint8Array,
  ): SnapshotChunk {
    return {
      type: 'snapshotChunk',
      from: this.#host.id,
      to: from,
      term: Math.max(1, this.#host.core.status().term),
      snapshotId: info?.id ?? '',
      mark: info?.mark,
      totalBytes: info?.sizeBytes ?? 0,
      checksum: info?.checksum ?? 0,
      offset,
      data,
    }
  }
}
