/** What stands between the nodes of one cluster and their disks. */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Random } from '../random.ts'
import { buildShim } from './build-shim.ts'
import { type CutReport, cutPower } from './power-cut.ts'

/** What is wrong with a disk: the line that the shim reads. `log` and `state` are the folders of a node's log and database. */
export type DiskFault =
  | `fail-sync /${'log' | 'state'}/`
  | `fail-write /${'log' | 'state'}/`
  | `slow-sync /${'log' | 'state'}/ ${number}`

export class PowerBox {
  readonly #folder: string
  readonly #library: string

  constructor(folder: string) {
    this.#folder = path.join(folder, 'power')
    mkdirSync(this.#folder)
    this.#library = buildShim(this.#folder)
  }

  /** Of a node's process. */
  environment(node: string, dataFolder: string): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      QUORAIL_POWER_FOLDER: dataFolder,
      QUORAIL_POWER_JOURNAL: this.#journal(node),
      QUORAIL_POWER_LIE: this.#lie,
      QUORAIL_POWER_FAULT: this.#fault(node),
      // Where file operations would pass by the C library.
      UV_USE_IO_URING: '0',
    }
  }

  /** The node must be dead. */
  cut(node: string, dataFolder: string, random: Random, everything = false): CutReport {
    return cutPower(dataFolder, this.#journal(node), random, everything)
  }

  /** From now on syncs do nothing and say that they did; or no longer. */
  lie(lies: boolean): void {
    if (lies) writeFileSync(this.#lie, '')
    else rmSync(this.#lie, { force: true })
  }

  /** From now on; undefined: the disk is sound again. */
  ail(node: string, fault: DiskFault | undefined): void {
    if (fault === undefined) rmSync(this.#fault(node), { force: true })
    else writeFileSync(this.#fault(node), `${fault}\n`)
  }

  /** How often the node has met its fault. */
  ailed(node: string): number {
    const seen = `${this.#fault(node)}.seen`
    return existsSync(seen) ? statSync(seen).size : 0
  }

  #fault(node: string): string {
    return path.join(this.#folder, `${node}.fault`)
  }

  #journal(node: string): string {
    return path.join(this.#folder, `${node}.journal`)
  }

  get #lie(): string {
    return path.join(this.#folder, 'syncs-lie')
  }
}
