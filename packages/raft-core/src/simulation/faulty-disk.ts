import type { Callback, Disk, DiskFile, Done } from '../ports.ts'

/**
 * A mounted disk that sometimes reads what is not there (any more), and that knows whether everything
 * written to the files of the log has been synced. Snapshots, in the same folder, may take their time.
 */
export class FaultyDisk implements Disk {
  readonly #disk: Disk
  readonly #change: (bytes: Uint8Array) => Uint8Array
  /** Writes to each file that are not synced. */
  readonly #unsynced = new Map<string, number>()
  /** Names ever made, and how many of those are durable. */
  #newNames = 0
  #syncedNames = 0

  constructor(disk: Disk, change: (bytes: Uint8Array) => Uint8Array) {
    this.#disk = disk
    this.#change = change
  }

  get isLogSynced(): boolean {
    return this.#syncedNames === this.#newNames && this.#unsynced.size === 0
  }

  list(done: Callback<readonly string[]>): void {
    this.#disk.list(done)
  }

  open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void {
    if (mode === 'create' && isOfLog(name)) this.#newNames++
    this.#disk.open(name, mode, (error, file) => {
      if (error !== undefined) done(error, file)
      else done(undefined, new FaultyFile(file, name, this.#unsynced, this.#change))
    })
  }

  rename(from: string, to: string, done: Done): void {
    if (isOfLog(to)) this.#newNames++
    this.#disk.rename(from, to, done)
  }

  remove(name: string, done: Done): void {
    this.#disk.remove(name, done)
  }

  syncDirectory(done: Done): void {
    const before = this.#newNames
    this.#disk.syncDirectory((error) => {
      if (error === undefined) this.#syncedNames = Math.max(this.#syncedNames, before)
      done(error)
    })
  }

  lock(done: Done): void {
    this.#disk.lock(done)
  }

  unlock(done: Done): void {
    this.#disk.unlock(done)
  }
}

class FaultyFile implements DiskFile {
  readonly #file: DiskFile
  readonly #name: string
  readonly #unsynced: Map<string, number>
  readonly #change: (bytes: Uint8Array) => Uint8Array

  constructor(
    file: DiskFile,
    name: string,
    unsynced: Map<string, number>,
    change: (bytes: Uint8Array) => Uint8Array,
  ) {
    this.#file = file
    this.#name = name
    this.#unsynced = unsynced
    this.#change = change
  }

  size(done: Callback<number>): void {
    this.#file.size(done)
  }

  read(offset: number, length: number, done: Callback<Uint8Array>): void {
    this.#file.read(offset, length, (error, bytes) => {
      done(error, error === undefined ? this.#change(bytes) : bytes)
    })
  }

  write(offset: number, bytes: Uint8Array, done: Done): void {
    this.#changed()
    this.#file.write(offset, bytes, done)
  }

  truncate(sizeBytes: number, done: Done): void {
    this.#changed()
    this.#file.truncate(sizeBytes, done)
  }

  sync(done: Done): void {
    const before = this.#unsynced.get(this.#name)
    this.#file.sync((error) => {
      if (error === undefined && this.#unsynced.get(this.#name) === before) {
        this.#unsynced.delete(this.#name)
      }
      done(error)
    })
  }

  close(done: Done): void {
    this.#file.close(done)
  }

  #changed(): void {
    if (!isOfLog(this.#name)) return
    this.#unsynced.set(this.#name, (this.#unsynced.get(this.#name) ?? 0) + 1)
  }
}

function isOfLog(name: string): boolean {
  return name.endsWith('.wal') || name.startsWith('superblock')
}
