import type { Callback, Disk, DiskFile, Done, SnapshotInfo, SnapshotWriter } from '../ports.ts'
import { crc32c } from './crc32c.ts'
import type { SnapshotBlocks } from './snapshot-blocks.ts'
import { SnapshotBusyError, SnapshotMismatchError } from './snapshot-errors.ts'
import { encodeSnapshotHeader } from './snapshot-header.ts'
import { completeName } from './snapshot-names.ts'
import { inOrder, type Step } from './steps.ts'

/** Synced so often that no sync takes long: the log waits for the same disk. */
const SYNC_EVERY_BYTES = 4 * 1024 * 1024

/** A file that becomes a snapshot. */
export interface SnapshotDraft {
  readonly name: string
  readonly file: DiskFile
  readonly blocks: SnapshotBlocks
  /** Size and checksum are what is expected of a fetched one, and unknown (0) of a captured one. */
  readonly info: SnapshotInfo
  readonly isFetched: boolean
  /** Whole blocks that are there, and the checksum of their content. */
  readonly goodBlocks: number
  readonly checksum: number
}

/**
 * Appends to a draft; makes it durable and gives it its name at the end. Bytes that do not fill a
 * block yet are in memory only, so that every block in the file is whole and can be checked.
 */
export class DraftWriter implements SnapshotWriter {
  readonly #disk: Disk
  readonly #draft: SnapshotDraft
  /** Tells the store that nobody writes any more, and what became of it. */
  readonly #onEnd: (finished: SnapshotInfo | undefined) => void
  /** Of the file, as it is now. */
  #name: string
  #pending: Uint8Array = new Uint8Array(0)
  #blocks: number
  #checksum: number
  #unsyncedBytes = 0
  #isEnded = false
  #isFileClosed = false

  constructor(
    disk: Disk,
    draft: SnapshotDraft,
    onEnd: (finished: SnapshotInfo | undefined) => void,
  ) {
    this.#disk = disk
    this.#draft = draft
    this.#onEnd = onEnd
    this.#name = draft.name
    this.#blocks = draft.goodBlocks
    this.#checksum = draft.checksum
  }

  get sizeBytes(): number {
    return this.#blocks * this.#draft.blocks.blockBytes + this.#pending.length
  }

  write(bytes: Uint8Array, done: Done): void {
    if (!this.#isOpen(done)) return
    const { blocks, file, info, isFetched } = this.#draft
    if (isFetched && this.sizeBytes + bytes.length > info.sizeBytes) {
      this.#fail(
        new SnapshotMismatchError(info.id, `it is longer than ${info.sizeBytes} bytes`),
        done,
      )
      return
    }
    this.#checksum = crc32c(bytes, this.#checksum)
    const content = joined(this.#pending, bytes)
    const whole = content.length - (content.length % blocks.blockBytes)
    this.#pending = content.slice(whole)
    const framed = blocks.frame(this.#blocks, content.subarray(0, whole))
    const offset = blocks.offsetOf(this.#blocks)
    this.#blocks += whole / blocks.blockBytes
    this.#unsyncedBytes += whole
    if (whole === 0) {
      done(undefined)
      return
    }
    const steps: Step[] = [(next) => file.write(offset, framed, next)]
    if (this.#unsyncedBytes >= SYNC_EVERY_BYTES) {
      this.#unsyncedBytes = 0
      steps.push((next) => file.sync(next))
    }
    inOrder(steps, (error) => {
      if (error === undefined) done(undefined)
      else this.#fail(error, done)
    })
  }

  finish(done: Callback<SnapshotInfo>): void {
    if (!this.#isOpen((error) => done(error, undefined as never))) return
    const { info, isFetched } = this.#draft
    const found: SnapshotInfo = { ...info, sizeBytes: this.sizeBytes, checksum: this.#checksum }
    const mismatch = isFetched ? mismatchOf(info, found) : undefined
    const fail = (error: Error): void =>
      this.#fail(error, (first) => done(first, undefined as never))
    if (mismatch !== undefined) {
      fail(new SnapshotMismatchError(info.id, mismatch))
      return
    }
    this.#complete(found, (error) => {
      if (error !== undefined) return fail(error)
      this.#isEnded = true
      this.#onEnd(found)
      done(undefined, found)
    })
  }

  abort(done: Done): void {
    if (this.#isEnded) {
      done(undefined)
      return
    }
    this.#isEnded = true
    this.#closeFile((closeError) => {
      const steps: Step[] = []
      if (!this.#draft.isFetched) {
        steps.push((next) => this.#disk.remove(this.#name, next))
        steps.push((next) => this.#disk.syncDirectory(next))
      }
      inOrder(steps, (error) => {
        this.#onEnd(undefined)
        done(closeError ?? error)
      })
    })
  }

  #isOpen(refuse: Done): boolean {
    if (!this.#isEnded) return true
    const { id } = this.#draft.info
    refuse(new SnapshotBusyError(`nothing can be written to the snapshot ${id} any more`))
    return false
  }

  /** Content and header are durable before the file gets its name, and that is durable then, too. */
  #complete(info: SnapshotInfo, done: Done): void {
    const { blocks, file } = this.#draft
    const { blockBytes } = blocks
    const header = encodeSnapshotHeader({ info, blockBytes })
    const last = blocks.frame(this.#blocks, this.#pending)
    inOrder(
      [
        (next) => file.write(blocks.offsetOf(this.#blocks), last, next),
        (next) => file.truncate(blocks.fileBytes(info.sizeBytes), next),
        (next) => file.write(0, header, next),
        (next) => file.sync(next),
        (next) => this.#rename(completeName(info), next),
        (next) => this.#disk.syncDirectory(next),
        (next) => this.#closeFile(next),
      ],
      done,
    )
  }

  /** Once only: its number may be another file's the second time. */
  #closeFile(done: Done): void {
    if (this.#isFileClosed) {
      done(undefined)
      return
    }
    this.#isFileClosed = true
    this.#draft.file.close(done)
  }

  #rename(name: string, done: Done): void {
    this.#disk.rename(this.#name, name, (error) => {
      if (error === undefined) this.#name = name
      done(error)
    })
  }

  /**
   * What a failed write or sync has left can not be trusted, not even if it reads well (the kernel may
   * show pages that the disk does not have), and takes space that may be what was missing.
   */
  #fail(error: Error, done: Done): void {
    this.#isEnded = true
    this.#closeFile(() => {
      this.#disk.remove(this.#name, () => {
        this.#onEnd(undefined)
        done(error)
      })
    })
  }
}

function mismatchOf(expected: SnapshotInfo, found: SnapshotInfo): string | undefined {
  if (found.sizeBytes !== expected.sizeBytes) {
    return `it has ${found.sizeBytes} bytes, not ${expected.sizeBytes}`
  }
  return found.checksum === expected.checksum ? undefined : 'its checksum is wrong'
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
