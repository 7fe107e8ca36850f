import type { Callback, Disk, DiskFile, Done } from '../ports.ts'
import { inOrder, type Step } from './steps.ts'

/** The open files of a log's folder, by name. */
export class OpenFiles {
  readonly #disk: Disk
  readonly #files = new Map<string, DiskFile>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Opens a file, or gives the one that is open. */
  get(name: string, done: Callback<DiskFile>): void {
    const file = this.#files.get(name)
    if (file === undefined) this.#open(name, 'existing', done)
    else done(undefined, file)
  }

  create(name: string, done: Callback<DiskFile>): void {
    this.#open(name, 'create', done)
  }

  close(name: string, done: Done): void {
    const file = this.#files.get(name)
    if (file === undefined) {
      done(undefined)
      return
    }
    this.#files.delete(name)
    file.close(done)
  }

  /** Closes all of them, even if some fail; tells the first error. */
  closeAll(done: Done): void {
    let first: Error | undefined
    const steps = [...this.#files.keys()].map(
      (name): Step =>
        (next) =>
          this.close(name, (error) => {
            first ??= error
            next(undefined)
          }),
    )
    inOrder(steps, () => done(first))
  }

  #open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void {
    this.#disk.open(name, mode, (error, file) => {
      if (error === undefined) this.#files.set(name, file)
      done(error, file)
    })
  }
}
