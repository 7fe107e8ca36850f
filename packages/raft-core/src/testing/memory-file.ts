import type { Random } from '../ports.ts'

/** How a file's un-synced writes come out of a power cut. */
export type FileLoss =
  /** None of them is there. */
  | 'lost'
  /** All of them are there: the disk was quicker than the cut. */
  | 'kept'
  /** The first few are there, the last of those perhaps in part. */
  | 'prefix'
  /** Each sector of 512 bytes, of each write, is there or not. */
  | 'sectors'
  /** The file has its new size, but zeros where the new bytes should be (delayed allocation). */
  | 'zeros'

export const FILE_LOSSES: readonly FileLoss[] = ['lost', 'kept', 'prefix', 'sectors', 'zeros']

export const SECTOR_BYTES = 512

type Change =
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly sizeBytes: number }

/** One file: what a process sees of it, what is durable, and the changes in between. */
export class MemoryFile {
  readonly #visible = new Content()
  readonly #durable = new Content()
  #changes: Change[] = []
  /** Changes ever made durable or dropped; names the position in the list of changes. */
  #settled = 0

  get size(): number {
    return this.#visible.size
  }

  get durableSize(): number {
    return this.#durable.size
  }

  get isSynced(): boolean {
    return this.#changes.length === 0
  }

  read(offset: number, length: number): Uint8Array {
    return this.#visible.read(offset, length)
  }

  readDurable(offset: number, length: number): Uint8Array {
    return this.#durable.read(offset, length)
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#change({ type: 'write', offset, bytes: bytes.slice() })
  }

  truncate(sizeBytes: number): void {
    this.#change({ type: 'truncate', sizeBytes })
  }

  /** Names all changes up to now, for `settle`. */
  position(): number {
    return this.#settled + this.#changes.length
  }

  /**
   * The changes up to a position are durable; or, for a sync that failed, `dropped`: the kernel
   * takes them for written, no later sync writes them, and the disk does not have them.
   */
  settle(position: number, as: 'durable' | 'dropped'): void {
    const settled = this.#changes.splice(0, Math.max(0, position - this.#settled))
    this.#settled += settled.length
    if (as === 'durable') for (const change of settled) apply(this.#durable, change)
  }

  /** After a power cut: only what the disk has. */
  losePower(loss: FileLoss, random: Random): void {
    if (loss === 'kept') for (const change of this.#changes) apply(this.#durable, change)
    if (loss === 'prefix') this.#keepPrefix(random)
    if (loss === 'sectors') this.#keepSectors(random)
    if (loss === 'zeros' && this.#visible.size > this.#durable.size) {
      this.#durable.truncate(this.#visible.size)
    }
    this.#settled += this.#changes.length
    this.#changes = []
    this.#visible.copyFrom(this.#durable)
  }

  /** Rot: changes a byte as if it had never been otherwise. */
  damage(offset: number, mask: number): void {
    this.#visible.flip(offset, mask)
    this.#durable.flip(offset, mask)
  }

  #change(change: Change): void {
    this.#changes.push(change)
    apply(this.#visible, change)
  }

  #keepPrefix(random: Random): void {
    const kept = Math.floor(random() * (this.#changes.length + 1))
    for (const change of this.#changes.slice(0, kept)) apply(this.#durable, change)
    const torn = this.#changes[kept]
    if (torn?.type !== 'write') return
    const bytes = torn.bytes.subarray(0, Math.floor(random() * torn.bytes.length))
    this.#durable.write(torn.offset, bytes)
  }

  #keepSectors(random: Random): void {
    for (const change of this.#changes) {
      if (change.type === 'truncate') {
        if (random() < 0.5) apply(this.#durable, change)
        continue
      }
      const { offset, bytes } = change
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + SECTOR_BYTES - ((offset + at) % SECTOR_BYTES))
        if (random() < 0.5) this.#durable.write(offset + at, bytes.subarray(at, end))
        at = end
      }
    }
  }
}

function apply(content: Content, change: Change): void {
  if (change.type === 'write') content.write(change.offset, change.bytes)
  else content.truncate(change.sizeBytes)
}

/** Bytes that grow. Beyond the written part they are zero. */
class Content {
  #bytes = new Uint8Array(256)
  #size = 0

  get size(): number {
    return this.#size
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, Math.min(this.#size, offset + length))
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#grow(offset + bytes.length)
    this.#bytes.set(bytes, offset)
  }

  truncate(size: number): void {
    if (size < this.#size) this.#bytes.fill(0, size, this.#size)
    else this.#grow(size)
    this.#size = size
  }

  flip(offset: number, mask: number): void {
    if (offset < this.#size) this.#bytes[offset] = (this.#bytes[offset] as number) ^ mask
  }

  copyFrom(other: Content): void {
    this.#bytes = other.#bytes.slice()
    this.#size = other.#size
  }

  #grow(size: number): void {
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#size = Math.max(this.#size, size)
  }
}
