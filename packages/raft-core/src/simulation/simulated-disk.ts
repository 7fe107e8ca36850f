import type { Disk, Random } from '../ports.ts'
import type { DiskFault, DiskOperation } from '../testing/disk-faults.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { FILE_LOSSES } from '../testing/memory-file.ts'
import { NAME_LOSSES } from '../testing/memory-names.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import { type InspectedRecord, inspect } from '../wal/inspect.ts'
import { textHash } from './digest.ts'
import type { Choice } from './faults.ts'
import { FaultyDisk } from './faulty-disk.ts'
import type { Scheduler } from './scheduler.ts'

/** What the disk needs of the node it belongs to. */
export interface DiskOwner {
  readonly id: string
  readonly seed: number
  readonly syncMs: number
  /** Runs what the node is told by its disk: later, while the node stands still. */
  enter(label: number, run: () => void): void
  created(file: string): void
  isUp(): boolean
}

/** A node's disk: the memory disk, with operations that take their time and go wrong when told. */
export class SimulatedDisk {
  readonly disk: MemoryDisk
  readonly #scheduler: Scheduler
  readonly #owner: DiskOwner
  readonly #random: Random
  readonly #labels = new Map<string, number>()
  #mounted: FaultyDisk | undefined
  #powerCuts = 0
  #stalledUntil = 0
  #slowUntil = 0
  #fullUntil = 0
  #next = new Map<DiskOperation['type'], DiskFault>()
  /** A file of which nothing can be read any more. */
  #unreadable: string | undefined
  #wrongReads = 0
  /** Whether a fault was injected since the node started. */
  hasFailed = false

  constructor(scheduler: Scheduler, owner: DiskOwner) {
    this.#scheduler = scheduler
    this.#owner = owner
    this.#random = randomStream(owner.seed, `disk ${owner.id}`)
    this.disk = new MemoryDisk((operation, run) => {
      const label = this.#label(operation.type)
      if (operation.type === 'create') owner.created(operation.file)
      scheduler.after(this.#latency(operation.type), label, () => owner.enter(label, run))
    })
    this.disk.setFaults((operation) => this.#fault(operation))
  }

  /** A new process's view of it. */
  mount(): Disk {
    this.hasFailed = this.#fullUntil > this.#scheduler.now
    this.#unreadable = undefined
    this.#mounted = new FaultyDisk(this.disk.mount(), (bytes) => this.#readWrongly(bytes))
    return this.#mounted
  }

  /** Whether everything written to the log in this life has been synced. */
  get isLogSynced(): boolean {
    return this.#mounted?.isLogSynced !== false
  }

  /** What a fault of a disk does to it. */
  suffer({ kind, ms = 0, part = 0, way }: Choice): void {
    const until = this.#scheduler.now + ms
    const code = way === 'ENOSPC' ? 'ENOSPC' : 'EIO'
    if (kind === 'stall') this.#stalledUntil = Math.max(this.#stalledUntil, until)
    if (kind === 'slowSyncs') this.#slowUntil = Math.max(this.#slowUntil, until)
    if (kind === 'fillDisk') this.#fullUntil = Math.max(this.#fullUntil, until)
    if (kind === 'failWrite') this.#next.set('write', { code, done: part })
    if (kind === 'failSync') this.#next.set('sync', { code, done: part })
    if (kind === 'failRead') this.#next.set('read', { code, done: part })
    if (kind === 'staleRead') this.#wrongReads = 1
  }

  calmDown(): void {
    this.#stalledUntil = 0
    this.#slowUntil = 0
    this.#fullUntil = 0
    this.#next.clear()
    this.#unreadable = undefined
    this.#wrongReads = 0
  }

  losePower(): void {
    // A stream for each cut: what it does to one does not depend on how many there were.
    const random = randomStream(this.#owner.seed, `cut ${this.#owner.id} ${++this.#powerCuts}`)
    const files = () => randomItem(random, FILE_LOSSES)
    this.disk.losePower({ files, names: randomItem(random, NAME_LOSSES) }, random)
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
    const random = randomStream(this.#owner.seed, `rot ${this.#owner.id}`)
    const { file, offset, bytes } = randomItem(random, records.slice(0, -1))
    const at = offset + randomInteger(random, 0, bytes - 1)
    this.disk.damage(file, at, 1 << randomInteger(random, 0, 7))
    return true
  }

  /** Everything on it is gone for good. */
  wipe(): void {
    this.disk.clear()
  }

  #fault({ type, file }: DiskOperation): DiskFault | undefined {
    let fault: DiskFault | undefined
    if (type === 'write' && this.#fullUntil > this.#scheduler.now) {
      fault = { code: 'ENOSPC', done: 0.5 }
    } else if (type === 'read' && file === this.#unreadable) fault = { code: 'EIO' }
    else if (type === 'write' || type === 'sync' || type === 'read') {
      fault = this.#next.get(type)
      if (fault === undefined) return undefined
      this.#next.delete(type)
      // A sector that has gone bad stays so: a latent error.
      if (type === 'read' && fault.done === 1) this.#unreadable = file
    }
    if (fault !== undefined) this.hasFailed = true
    return fault
  }

  #readWrongly(bytes: Uint8Array): Uint8Array {
    // Not while the log is being opened: the newest record, if it reads wrongly, can not be told from a
    // write that was cut short.
    if (this.#wrongReads === 0 || bytes.length === 0 || !this.#owner.isUp()) return bytes
    this.#wrongReads--
    this.hasFailed = true
    const stale = bytes.slice()
    stale.fill(0, Math.floor(stale.length / 2))
    return stale
  }

  #label(type: string): number {
    let label = this.#labels.get(type)
    if (label === undefined) {
      label = textHash(`${type} ${this.#owner.id}`)
      this.#labels.set(type, label)
    }
    return label
  }

  #latency(type: DiskOperation['type']): number {
    const { now } = this.#scheduler
    const isSync = type === 'sync' || type === 'syncDirectory'
    const slow = isSync && this.#slowUntil > now ? 20 : 1
    const usual = isSync ? this.#owner.syncMs * slow : 0.05
    return Math.max(0, this.#stalledUntil - now) + usual * (0.5 + this.#random())
  }
}
