import type { Callback, Disk, DiskFile, Done, Random } from '../ports.ts'
import { DiskFaultError, type DiskOperation, type FaultPlan } from './disk-faults.ts'
import { type FileLoss, MemoryFile } from './memory-file.ts'
import { MemoryNames, type NameLoss } from './memory-names.ts'

/** How a power cut treats each file, and the names. */
export interface PowerLoss {
  readonly files: FileLoss | ((name: string) => FileLoss)
  readonly names: NameLoss
}

/** When an operation is done: calls `run` then. Without one, at once. */
export type DiskSchedule = (operation: DiskOperation, run: () => void) => void

/**
 * A disk in memory that forgets what a real one may forget. The disk outlives the processes that
 * use it: each gets its own view by `mount()`. What a process wrote is there after it crashed; after
 * a power cut only what was synced is certain. Names are the directory's own, and need their own sync.
 */
export class MemoryDisk {
  readonly #names = new MemoryNames()
  readonly #schedule: DiskSchedule
  #faults: FaultPlan = () => undefined
  #mounted: MountedDisk | undefined
  #operations = 0
  #dieAfter = Number.POSITIVE_INFINITY

  constructor(schedule: DiskSchedule = (_operation, run) => run()) {
    this.#schedule = schedule
  }

  /** Operations asked of it so far, over all lives. */
  get operations(): number {
    return this.#operations
  }

  /** A new process's view. The one before is dead: nothing it asked for is answered any more. */
  mount(): Disk {
    this.crashProcess()
    this.#mounted = new MountedDisk(this, this.#names)
    return this.#mounted
  }

  /** Kills the process: its writes stay, even the un-synced ones. */
  crashProcess(): void {
    this.#mounted = undefined
    this.#dieAfter = Number.POSITIVE_INFINITY
  }

  /** Kills the process and loses what was not synced, in the way given. */
  losePower(loss: PowerLoss, random: Random): void {
    this.crashProcess()
    const lossOf =
      typeof loss.files === 'function' ? loss.files : (): FileLoss => loss.files as FileLoss
    for (const [name, file] of this.#names.allFiles()) file.losePower(lossOf(name), random)
    this.#names.losePower(loss.names, random)
  }

  /** After so many more operations the disk answers nothing more to this process. */
  dieAfter(operations: number): void {
    this.#dieAfter = this.#operations + operations
  }

  /** Whether `dieAfter` has come. */
  get dead(): boolean {
    return this.#operations >= this.#dieAfter
  }

  /** Whether the process released its lock, or never took it: it is done with the disk. */
  get isIdle(): boolean {
    return this.#mounted?.isLocked !== true
  }

  /** Whether a power cut now would lose nothing. */
  get isSynced(): boolean {
    return this.#names.isSynced
  }

  setFaults(faults: FaultPlan): void {
    this.#faults = faults
  }

  /** Changes bits of a stored byte. */
  damage(name: string, offset: number, mask: number): void {
    this.#names.find(name)?.damage(offset, mask)
  }

  /** Names as a process sees them. */
  names(): readonly string[] {
    return this.#names.list()
  }

  /** A file as a process sees it; as it would be after the worst power cut, with `durable`. */
  content(name: string, view: 'visible' | 'durable' = 'visible'): Uint8Array | undefined {
    const file = view === 'visible' ? this.#names.find(name) : this.#names.findDurable(name)
    if (file === undefined) return undefined
    return view === 'visible' ? file.read(0, file.size) : file.readDurable(0, file.durableSize)
  }

  /** A new disk with the files as a process sees them, all durable. It answers at once. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk()
    for (const name of this.names()) copy.put(name, this.content(name) as Uint8Array)
    return copy
  }

  /** Puts a durable file there, as an operator would. */
  put(name: string, bytes: Uint8Array): void {
    const file = new MemoryFile()
    file.write(0, bytes)
    file.settle(file.position(), 'durable')
    this.#names.put(name, file)
  }

  /** Takes a file away durably. */
  delete(name: string): void {
    this.#names.put(name, undefined)
  }

  /** Takes all files away durably, as an operator who empties the folder. */
  clear(): void {
    this.#names.clear()
  }

  /** @internal Runs one operation of a mounted process. */
  perform<T>(
    by: MountedDisk,
    type: DiskOperation['type'],
    file: string,
    run: (fault: { readonly done: number } | undefined) => T,
    done: Callback<T>,
    finish?: () => void,
  ): void {
    if (by !== this.#mounted || this.dead) return
    const operation: DiskOperation = { type, file, nth: this.#operations }
    this.#operations++
    const fault = this.#faults(operation)
    let error: Error | undefined
    let value = undefined as T
    try {
      value = run(fault === undefined ? undefined : { done: fault.done ?? 0 })
      if (fault !== undefined) error = new DiskFaultError(fault.code, `${type} ${file}`)
    } catch (thrown) {
      error = thrown as Error
    }
    this.#schedule(operation, () => {
      if (by !== this.#mounted || this.dead) return
      if (error === undefined) finish?.()
      done(error, value)
    })
  }
}

/** One process's view of the disk. */
class MountedDisk implements Disk {
  readonly #disk: MemoryDisk
  readonly #names: MemoryNames
  #locked = false

  get isLocked(): boolean {
    return this.#locked
  }

  constructor(disk: MemoryDisk, names: MemoryNames) {
    this.#disk = disk
    this.#names = names
  }

  list(done: Callback<readonly string[]>): void {
    this.#disk.perform(this, 'list', '', () => this.#names.list(), done)
  }

  open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void {
    const type = mode === 'create' ? 'create' : 'open'
    const run = (fault: object | undefined): DiskFile => {
      if (fault !== undefined) return undefined as never
      const there = this.#names.find(name)
      if (mode === 'existing' && there === undefined) throw new DiskFaultError('ENOENT', name)
      if (mode === 'create' && there !== undefined) throw new DiskFaultError('EEXIST', name)
      const file = there ?? new MemoryFile()
      if (there === undefined) this.#names.create(name, file)
      return new MountedFile(this.#disk, this, name, file)
    }
    this.#disk.perform(this, type, name, run, done)
  }

  rename(from: string, to: string, done: Done): void {
    const run = (fault: object | undefined): void => {
      if (fault === undefined) this.#names.rename(from, to)
    }
    this.#disk.perform(this, 'rename', from, run, done)
  }

  remove(name: string, done: Done): void {
    const run = (fault: object | undefined): void => {
      if (fault === undefined) this.#names.remove(name)
    }
    this.#disk.perform(this, 'remove', name, run, done)
  }

  syncDirectory(done: Done): void {
    const position = this.#names.position()
    const finish = (): void => this.#names.settle(position)
    this.#disk.perform(this, 'syncDirectory', '', () => undefined, done, finish)
  }

  lock(done: Done): void {
    if (this.#locked) done(new DiskFaultError('ELOCKED', 'the disk is in use by this process'))
    else {
      this.#locked = true
      done(undefined)
    }
  }

  unlock(done: Done): void {
    this.#locked = false
    done(undefined)
  }
}

class MountedFile implements DiskFile {
  readonly #disk: MemoryDisk
  readonly #mount: MountedDisk
  readonly #name: string
  readonly #file: MemoryFile

  constructor(disk: MemoryDisk, mount: MountedDisk, name: string, file: MemoryFile) {
    this.#disk = disk
    this.#mount = mount
    this.#name = name
    this.#file = file
  }

  size(done: Callback<number>): void {
    this.#disk.perform(this.#mount, 'size', this.#name, () => this.#file.size, done)
  }

  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    const run = (): Uint8Array => this.#file.read(offset, length)
    this.#disk.perform(this.#mount, 'read', this.#name, run, done)
  }

  write(offset: number, bytes: Uint8Array, done: Done): void {
    const run = (fault: { readonly done: number } | undefined): void => {
      const part = fault === undefined ? bytes.length : Math.floor(bytes.length * fault.done)
      if (part > 0) this.#file.write(offset, bytes.subarray(0, part))
    }
    this.#disk.perform(this.#mount, 'write', this.#name, run, done)
  }

  truncate(sizeBytes: number, done: Done): void {
    const run = (fault: object | undefined): void => {
      if (fault === undefined) this.#file.truncate(sizeBytes)
    }
    this.#disk.perform(this.#mount, 'truncate', this.#name, run, done)
  }

  sync(done: Done): void {
    const position = this.#file.position()
    const run = (fault: { readonly done: number } | undefined): void => {
      if (fault !== undefined) this.#file.settle(position, fault.done === 1 ? 'durable' : 'dropped')
    }
    const finish = (): void => this.#file.settle(position, 'durable')
    this.#disk.perform(this.#mount, 'sync', this.#name, run, done, finish)
  }

  close(done: Done): void {
    done(undefined)
  }
}
