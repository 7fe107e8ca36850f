import type { Random } from '../ports.ts'
import { DiskFaultError } from './disk-faults.ts'
import type { MemoryFile } from './memory-file.ts'

/** How un-synced creations, renames and removals come out of a power cut. */
export type NameLoss =
  /** The directory is as it was at its last sync. */
  | 'reverted'
  /** All of them are there. */
  | 'kept'
  /** Each of them is there or not. */
  | 'mixed'

export const NAME_LOSSES: readonly NameLoss[] = ['reverted', 'kept', 'mixed']

interface Change {
  /** Name taken away, if any, and name given. */
  readonly gone: string | undefined
  readonly made: string | undefined
  readonly file: MemoryFile | undefined
}

/** The names in a folder: what processes see, what is durable, and the changes in between. */
export class MemoryNames {
  #visible = new Map<string, MemoryFile>()
  readonly #durable = new Map<string, MemoryFile>()
  #changes: Change[] = []
  #settled = 0

  list(): readonly string[] {
    return [...this.#visible.keys()].sort()
  }

  find(name: string): MemoryFile | undefined {
    return this.#visible.get(name)
  }

  findDurable(name: string): MemoryFile | undefined {
    return this.#durable.get(name)
  }

  /** Every file that has a name, now or durably. */
  allFiles(): ReadonlyMap<string, MemoryFile> {
    const files = new Map(this.#durable)
    for (const [name, file] of this.#visible)
      files.set(files.has(name) ? `${name} (new)` : name, file)
    const seen = new Set<MemoryFile>()
    for (const [name, file] of files) {
      if (seen.has(file)) files.delete(name)
      seen.add(file)
    }
    return files
  }

  create(name: string, file: MemoryFile): void {
    this.#change({ gone: undefined, made: name, file })
  }

  rename(from: string, to: string): void {
    const file = this.#visible.get(from)
    if (file === undefined) throw new DiskFaultError('ENOENT', from)
    this.#change({ gone: from, made: to, file })
  }

  remove(name: string): void {
    if (!this.#visible.has(name)) throw new DiskFaultError('ENOENT', name)
    this.#change({ gone: name, made: undefined, file: undefined })
  }

  /** Sets a name durably, or takes it away; what was still to become durable of it, never does. */
  put(name: string, file: MemoryFile | undefined): void {
    // They keep their places: a sync that is under way counts them.
    this.#changes = this.#changes.map((change) => without(change, name))
    for (const names of [this.#visible, this.#durable]) {
      if (file === undefined) names.delete(name)
      else names.set(name, file)
    }
  }

  /** Takes all names away durably, also those that a power cut could have brought back. */
  clear(): void {
    const names = new Set([...this.#visible.keys(), ...this.#durable.keys()])
    for (const { made } of this.#changes) if (made !== undefined) names.add(made)
    for (const name of names) this.put(name, undefined)
  }

  get isSynced(): boolean {
    if (this.#changes.length > 0) return false
    for (const file of this.#visible.values()) if (!file.isSynced) return false
    return true
  }

  position(): number {
    return this.#settled + this.#changes.length
  }

  settle(position: number): void {
    const settled = this.#changes.splice(0, Math.max(0, position - this.#settled))
    this.#settled += settled.length
    for (const change of settled) apply(this.#durable, change)
  }

  losePower(loss: NameLoss, random: Random): void {
    for (const change of this.#changes) {
      if (loss === 'kept' || (loss === 'mixed' && random() < 0.5)) apply(this.#durable, change)
    }
    this.#settled += this.#changes.length
    this.#changes = []
    this.#visible = new Map(this.#durable)
  }

  #change(change: Change): void {
    this.#changes.push(change)
    apply(this.#visible, change)
  }
}

function without({ gone, made, file }: Change, name: string): Change {
  return {
    gone: gone === name ? undefined : gone,
    ...(made === name ? { made: undefined, file: undefined } : { made, file }),
  }
}

function apply(names: Map<string, MemoryFile>, { gone, made, file }: Change): void {
  if (gone !== undefined) names.delete(gone)
  if (made !== undefined && file !== undefined) names.set(made, file)
}
