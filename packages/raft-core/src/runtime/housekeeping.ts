/** What is done beside the protocol, now and then: patience that ends, leases, snapshots, compaction. */
import type { SnapshotInfo, StateMachine } from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import type { Host } from './host.ts'
import type { Parts } from './parts.ts'

/** How often old snapshots and the length of the log are looked at. */
const TIDY_MS = 1000

export class Housekeeping<Result> {
  readonly #host: Host
  readonly #parts: Parts<Result>
  readonly #machine: StateMachine<Result>
  #tidiedAt: number

  constructor(host: Host, parts: Parts<Result>, machine: StateMachine<Result>) {
    this.#host = host
    this.#parts = parts
    this.#machine = machine
    this.#tidiedAt = host.clock.now()
  }

  tick(now: number): void {
    const { proposals, forwarding, reads, waiters, changes, fetching, leases } = this.#parts
    proposals.expire(now)
    forwarding.expire(now)
    reads.expire(now)
    waiters.expire(now)
    changes.expire(now)
    fetching.tick(now)
    if (leases.wantsRound(now)) this.#host.core.step({ type: 'confirmLeadership' })
    if (now - this.#tidiedAt < TIDY_MS) return
    this.#tidiedAt = now
    this.#tidy()
  }

  applied(entries: readonly Entry[]): void {
    if (this.#parts.shelf === undefined) return
    this.#parts.compaction.applied(entries)
    this.#parts.taking?.applied(entries)
  }

  snapshotSaved(info: SnapshotInfo): void {
    this.#parts.shelf?.add(info)
    this.#host.enqueue({ type: 'snapshotSaved', mark: info.mark })
    this.#tidy()
  }

  restored(mark: SnapshotMark): void {
    this.#parts.compaction.replaced(mark.index)
    this.#tidy()
  }

  #tidy(): void {
    const { shelf, taking, compaction } = this.#parts
    if (shelf === undefined) return
    const { appliedIndex } = this.#host
    shelf.tidy(appliedIndex)
    const index = compaction.wanted({
      durableIndex: this.#machine.durableIndex,
      newestSnapshot: shelf.newestUpTo(appliedIndex)?.mark.index,
      inFlight: [taking?.takingIndex, shelf.oldestFetched?.mark.index],
    })
    if (index !== undefined) this.#host.enqueue({ type: 'compact', index })
  }
}
