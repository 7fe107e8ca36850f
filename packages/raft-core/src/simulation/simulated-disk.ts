import type { Random } from '../ports.ts'
import type { DiskFault } from '../testing/disk-faults.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { FILE_LOSSES } from '../testing/memory-file.ts'
import { NAME_LOSSES } from '../testing/memory-names.ts'
import { randomInteger, randomItem } from '../testing/random.ts'
import { type InspectedRecord, inspect } from '../wal/inspect.ts'
import type { Scheduler } from './scheduler.ts'

/** A node's disk: the memory disk, with operations that take their time and go wrong when told. */
export class SimulatedDisk {
  readonly disk: MemoryDisk
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #syncMs: number
  #stalledUntil = 0
  #nextFault: DiskFault | undefined
  /** Whether a fault was injected since `mount`. */
  hasFailed = false

  constructor(id: string, scheduler: Scheduler, random: Random, syncMs: number) {
    this.#scheduler = scheduler
    this.#random = random
    this.#syncMs = syncMs
    this.disk = new MemoryDisk((operation, run) => {
      scheduler.after(this.#latency(operation.type), `${operation.type} ${id}`, run)
    })
    this.disk.setFaults((operation) => {
      const fault = this.#nextFault
      if (fault === undefined || (operation.type !== 'write' && operation.type !== 'sync')) {
        return undefined
      }
      this.#nextFault = undefined
      this.hasFailed = true
      return fault
    })
  }

  /** Answers nothing for so long. */
  stall(ms: number): void {
    this.#stalledUntil = this.#scheduler.now + ms
  }

  /** The next write or sync fails; of what it should have done, some is done or not. */
  failNext(): void {
    const code = randomItem(this.#random, ['EIO', 'EIO', 'ENOSPC'] as const)
    this.#nextFault = { code, done: randomItem(this.#random, [0, 0, 0.5, 1]) }
  }

  calmDown(): void {
    this.#stalledUntil = 0
    this.#nextFault = undefined
  }

  losePower(): void {
    const files = () => randomItem(this.#random, FILE_LOSSES)
    this.disk.losePower({ files, names: randomItem(this.#random, NAME_LOSSES) }, this.#random)
  }

  /** Flips a bit of a record that others follow, so that it had been confirmed for certain. */
  rot(): boolean {
    const records: InspectedRecord[] = []
    inspect(
      this.disk.copy().mount(),
      (record) => records.push(record),
      () => {},
    )
    if (records.length < 2) return false
    const { file, offset, bytes } = randomItem(this.#random, records.slice(0, -1))
    const at = offset + randomInteger(this.#random, 0, bytes - 1)
    this.disk.damage(file, at, 1 << randomInteger(this.#random, 0, 7))
    return true
  }

  #latency(type: string): number {
    const stalled = Math.max(0, this.#stalledUntil - this.#scheduler.now)
    const usual = type === 'sync' || type === 'syncDirectory' ? this.#syncMs : 0.05
    return stalled + usual * (0.5 + this.#random())
  }
}
