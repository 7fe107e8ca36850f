/** What the disk can do: `write`, `fdatasync`, and nothing else. */
import fs from 'node:fs'

interface Waiting {
  readonly bytes: Uint8Array
  readonly done: () => void
}

/**
 * Appends to one file. What comes in while a sync is under way shares the next one, as in the
 * write-ahead log; there is no format, no checksum, no index, and nothing could be recovered.
 */
export class BareLoop {
  readonly #fd: number
  #end = 0
  #waiting: Waiting[] = []
  #busy = false
  syncs = 0

  constructor(file: string) {
    this.#fd = fs.openSync(file, 'wx+', 0o600)
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#waiting.push({ bytes, done })
    if (!this.#busy) this.#next()
  }

  close(): void {
    fs.closeSync(this.#fd)
  }

  #next(): void {
    const batch = this.#waiting
    if (batch.length === 0) {
      this.#busy = false
      return
    }
    this.#busy = true
    this.#waiting = []
    const bytes = Buffer.concat(batch.map((waiting) => waiting.bytes))
    fs.write(this.#fd, bytes, 0, bytes.length, this.#end, (writeError, count) => {
      if (writeError !== null) throw writeError
      if (count !== bytes.length) throw new Error(`the disk took ${count} of ${bytes.length} bytes`)
      this.#end += count
      fs.fdatasync(this.#fd, (syncError) => {
        if (syncError !== null) throw syncError
        this.syncs++
        for (const { done } of batch) done()
        this.#next()
      })
    })
  }
}
