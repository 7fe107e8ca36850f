import type { Done } from '../ports.ts'
import type { OpenFiles } from './files.ts'
import { writeSuperblock } from './folder.ts'
import { FORMAT_VERSION } from './segment-header.ts'
import { inOrder } from './steps.ts'
import type { Superblock } from './superblock.ts'

export type SuperblockChange = Partial<
  Pick<Superblock, 'firstSegment' | 'segments' | 'durableSequence' | 'durableChain'>
>

/** Knows the superblock as it is on disk, and writes the next one into the other slot. */
export class SuperblockKeeper {
  readonly #files: OpenFiles
  #current: Superblock

  constructor(files: OpenFiles, current: Superblock) {
    this.#files = files
    this.#current = current
  }

  get current(): Superblock {
    return this.#current
  }

  /**
   * Writes the current one again where it is. A process that was killed may have left it un-synced: a
   * power cut could take it together with the other slot, once that is written to. It also puts an
   * older format's slot into the newest, so that no older program takes it for the log.
   */
  renew(done: Done): void {
    writeSuperblock(this.#files, this.#current, done)
  }

  write(change: SuperblockChange, done: Done): void {
    const next: Superblock = {
      ...this.#current,
      ...change,
      format: FORMAT_VERSION,
      generation: this.#current.generation + 1,
    }
    writeSuperblock(this.#files, next, (error) => {
      if (error === undefined) this.#current = next
      done(error)
    })
  }

  /** Into both slots, one after the other: for what must be known even if one slot is lost. */
  writeBoth(change: SuperblockChange, done: Done): void {
    inOrder([(next) => this.write(change, next), (next) => this.write(change, next)], done)
  }
}
