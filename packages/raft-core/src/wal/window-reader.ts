import type { Callback, DiskFile } from '../ports.ts'

const WINDOW_BYTES = 1024 * 1024

/** Reads a file from front to back in large pieces, so that small records cost no read each. */
export class WindowReader {
  readonly sizeBytes: number
  readonly #file: DiskFile
  #window: Uint8Array = new Uint8Array(0)
  #windowAt = 0

  constructor(file: DiskFile, sizeBytes: number) {
    this.#file = file
    this.sizeBytes = sizeBytes
  }

  /** `length` bytes at `offset`, fewer at the end of the file. Valid until the next read. */
  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - offset))
    const from = offset - this.#windowAt
    if (from >= 0 && from + wanted <= this.#window.length) {
      done(undefined, this.#window.subarray(from, from + wanted))
      return
    }
    this.#file.read(offset, Math.max(wanted, WINDOW_BYTES), (error, bytes) => {
      if (error !== undefined) return done(error, bytes)
      this.#window = bytes
      this.#windowAt = offset
      done(undefined, bytes.subarray(0, wanted))
    })
  }
}
