import { execFileSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Why there can be no small disk on this machine; undefined: there can. It takes root, and a kernel that lets mount. */
export const noSmallDisk: string | undefined = (() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-mount-'))
  try {
    mount(folder, 1)
    execFileSync('umount', [folder])
    return undefined
  } catch (error) {
    return `a disk can not be mounted here: ${error}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})()

function mount(folder: string, mebibytes: number): void {
  const words = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]
  execFileSync('mount', words, { stdio: 'pipe' })
}

/** A disk of its own in place of a folder, with what was in the folder. Gone with `using`. */
export class SmallDisk {
  readonly #folder: string

  constructor(folder: string, mebibytes: number) {
    this.#folder = folder
    const kept = `${folder}.before`
    renameSync(folder, kept)
    mkdirSync(folder)
    mount(folder, mebibytes)
    cpSync(kept, folder, { recursive: true })
    rmSync(kept, { recursive: true })
  }

  /** Not a byte is left; gives how many there were. */
  fill(): number {
    const file = openSync(this.#filler, 'w')
    let written = 0
    try {
      for (let size = 1_048_576; size >= 1; size = Math.floor(size / 2)) {
        const block = Buffer.alloc(size)
        try {
          for (;;) written += writeSync(file, block)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
    } finally {
      closeSync(file)
    }
    return written
  }

  makeSpace(): void {
    rmSync(this.#filler)
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.#folder])
  }

  get #filler(): string {
    return path.join(this.#folder, 'filler')
  }
}
