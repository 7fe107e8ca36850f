import type { Disk, DiskFile, Done } from '@quorail/raft-core'

/** A disk that counts its syncs: what a log says of itself is not taken on trust. */
export class CountingDisk implements Disk {
  readonly #disk: Disk
  syncs = 0

  constructor(disk: Disk) {
    this.#disk = disk
  }

  list(done: Parameters<Disk['list']>[0]): void {
    this.#disk.list(done)
  }

  open(name: string, mode: 'existing' | 'create', done: Parameters<Disk['open']>[2]): void {
    this.#disk.open(name, mode, (error, file) => {
      done(error, error === undefined ? this.#counting(file) : file)
    })
  }

  rename(from: string, to: string, done: Done): void {
    this.#disk.rename(from, to, done)
  }

  remove(name: string, done: Done): void {
    this.#disk.remove(name, done)
  }

  syncDirectory(done: Done): void {
    this.syncs++
    this.#disk.syncDirectory(done)
  }

  lock(done: Done): void {
    this.#disk.lock(done)
  }

  unlock(done: Done): void {
    this.#disk.unlock(done)
  }

  #counting(file: DiskFile): DiskFile {
    return {
      size: (done) => file.size(done),
      read: (offset, length, done) => file.read(offset, length, done),
      write: (offset, bytes, done) => file.write(offset, bytes, done),
      truncate: (sizeBytes, done) => file.truncate(sizeBytes, done),
      sync: (done) => {
        this.syncs++
        file.sync(done)
      },
      ...(file.writeDurably !== undefined && {
        writeDurably: (offset, bytes, done) => {
          this.syncs++
          file.writeDurably?.(offset, bytes, done)
        },
      }),
      close: (done) => file.close(done),
    }
  }
}
