import type { Callback, DiskFile } from '../ports.ts'
import { getU32, hexToBytes, putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { repeat } from './steps.ts'

const CHECKSUM_BYTES = 4

/**
 * The content of a snapshot's file: blocks of one length, the last one perhaps shorter, each behind
 * its own checksum. That is seeded with the snapshot's id and the number of the block, so that a
 * block of another snapshot, or in another place, is not valid.
 */
export class SnapshotBlocks {
  readonly headerBytes: number
  readonly blockBytes: number
  readonly #idSeed: number
  readonly #number = new Uint8Array(4)

  constructor(id: string, headerBytes: number, blockBytes: number) {
    this.headerBytes = headerBytes
    this.blockBytes = blockBytes
    this.#idSeed = crc32c(hexToBytes(id))
  }

  /** Where a block begins in the file. */
  offsetOf(block: number): number {
    return this.headerBytes + block * (CHECKSUM_BYTES + this.blockBytes)
  }

  /** How long the file is with so much content. */
  fileBytes(contentBytes: number): number {
    const blocks = Math.ceil(contentBytes / this.blockBytes)
    return this.headerBytes + blocks * CHECKSUM_BYTES + contentBytes
  }

  /** The bytes of blocks from number `first` on: all whole, but perhaps the last one. */
  frame(first: number, content: Uint8Array): Uint8Array {
    const blocks = Math.ceil(content.length / this.blockBytes)
    const framed = new Uint8Array(content.length + blocks * CHECKSUM_BYTES)
    for (let i = 0; i < blocks; i++) {
      const from = i * this.blockBytes
      const to = Math.min(content.length, from + this.blockBytes)
      const at = from + i * CHECKSUM_BYTES
      putU32(framed, at, crc32c(content, this.#seed(first + i), from, to))
      framed.set(content.subarray(from, to), at + CHECKSUM_BYTES)
    }
    return framed
  }

  /**
   * Reads the content of blocks `first` to `last`; `undefined` in the place of the first one that is
   * not what was written, and nothing behind it.
   */
  read(
    file: DiskFile,
    sizeBytes: number,
    first: number,
    last: number,
    done: Callback<readonly (Uint8Array | undefined)[]>,
  ): void {
    const from = this.offsetOf(first)
    const contentEnd = Math.min(sizeBytes, (last + 1) * this.blockBytes)
    file.read(from, this.fileBytes(contentEnd) - from, (error, bytes) => {
      if (error !== undefined) return done(error, [])
      const blocks: (Uint8Array | undefined)[] = []
      for (let block = first; block <= last; block++) {
        const length = Math.min(this.blockBytes, sizeBytes - block * this.blockBytes)
        const at = this.offsetOf(block) - from + CHECKSUM_BYTES
        const content = bytes.subarray(at, at + length)
        const isGood =
          content.length === length &&
          crc32c(content, this.#seed(block)) === getU32(bytes, at - CHECKSUM_BYTES)
        blocks.push(isGood ? content : undefined)
        if (!isGood) break
      }
      done(undefined, blocks)
    })
  }

  /**
   * How many whole blocks are good from the beginning on, and the checksum of their content. They are
   * written again as they are: reading them back does not prove that the disk has them.
   */
  renewGood(
    file: DiskFile,
    wholeBlocks: number,
    done: (error: Error | undefined, blocks: number, checksum: number) => void,
  ): void {
    const atOnce = Math.max(1, Math.floor((1024 * 1024) / this.blockBytes))
    let good = 0
    let checksum = 0
    repeat((next) => {
      if (good >= wholeBlocks) return done(undefined, good, checksum)
      const last = Math.min(wholeBlocks, good + atOnce) - 1
      this.read(file, wholeBlocks * this.blockBytes, good, last, (error, blocks) => {
        if (error !== undefined) return done(error, 0, 0)
        const kept = blocks.filter((block) => block !== undefined)
        const content = joined(kept)
        file.write(this.offsetOf(good), this.frame(good, content), (writeError) => {
          if (writeError !== undefined) return done(writeError, 0, 0)
          checksum = crc32c(content, checksum)
          good += kept.length
          if (kept.length < blocks.length) done(undefined, good, checksum)
          else next()
        })
      })
    })
  }

  #seed(block: number): number {
    putU32(this.#number, 0, block)
    return crc32c(this.#number, this.#idSeed)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
