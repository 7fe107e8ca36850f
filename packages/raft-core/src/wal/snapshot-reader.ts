import type { Callback, DiskFile, Done, SnapshotInfo, StoredSnapshot } from '../ports.ts'
import type { SnapshotBlocks } from './snapshot-blocks.ts'
import { SnapshotDamagedError } from './snapshot-errors.ts'

/** Reads a complete snapshot. Every block is checked before anything of it is handed out. */
export class FileSnapshot implements StoredSnapshot {
  readonly info: SnapshotInfo
  readonly #name: string
  readonly #file: DiskFile
  readonly #blocks: SnapshotBlocks
  readonly #onClose: (done: Done) => void
  #isClosed = false

  /** `onClose` closes the file, and whatever waited for that. */
  constructor(
    info: SnapshotInfo,
    name: string,
    file: DiskFile,
    blocks: SnapshotBlocks,
    onClose: (done: Done) => void,
  ) {
    this.info = info
    this.#name = name
    this.#file = file
    this.#blocks = blocks
    this.#onClose = onClose
  }

  get sizeBytes(): number {
    return this.info.sizeBytes
  }

  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    const empty = new Uint8Array(0)
    if (this.#isClosed) {
      done(new Error('the snapshot is closed'), empty)
      return
    }
    const end = Math.min(this.info.sizeBytes, offset + length)
    if (end <= offset) {
      done(undefined, empty)
      return
    }
    const { blockBytes } = this.#blocks
    const first = Math.floor(offset / blockBytes)
    const last = Math.floor((end - 1) / blockBytes)
    this.#blocks.read(this.#file, this.info.sizeBytes, first, last, (error, read) => {
      if (error !== undefined) return done(error, empty)
      const result = new Uint8Array(end - offset)
      for (const [i, block] of read.entries()) {
        const number = first + i
        if (block === undefined) {
          const at = this.#blocks.offsetOf(number)
          return done(
            new SnapshotDamagedError(this.#name, at, 'a block is not what was written'),
            empty,
          )
        }
        const from = Math.max(0, offset - number * blockBytes)
        const to = Math.min(block.length, end - number * blockBytes)
        result.set(block.subarray(from, to), number * blockBytes + from - offset)
      }
      done(undefined, result)
    })
  }

  close(done: Done): void {
    if (this.#isClosed) {
      done(undefined)
      return
    }
    this.#isClosed = true
    this.#onClose(done)
  }
}
