/**
 * What becomes of the leader's offers of a snapshot: the bytes are fetched first, and only when all of
 * them are here, verified and durable, does the core hear of it.
 */
import { memberIds } from '../core/membership.ts'
import { RejectedError } from '../errors.ts'
import type { SnapshotInfo } from '../ports.ts'
import type { Incarnation, InstallSnapshot, NodeId, SnapshotChunk, Term } from '../types.ts'
import type { Host } from './host.ts'
import type { Operations } from './operations.ts'
import { SnapshotFetch } from './snapshot-fetch.ts'
import type { SnapshotShelf } from './snapshot-shelf.ts'

interface Offer {
  readonly message: InstallSnapshot
  readonly incarnation: Incarnation | undefined
}

export class SnapshotFetching {
  readonly #host: Host
  readonly #shelf: SnapshotShelf | undefined
  readonly #operations: Operations
  readonly #canRestore: boolean
  #fetch: SnapshotFetch | undefined = undefined
  #stopped: SnapshotFetch | undefined = undefined
  /** Who led when the fetch began. */
  #leader: NodeId = ''
  #offer: Offer | undefined = undefined
  /** Where a snapshot came from, until it is installed. */
  #fetched: { readonly info: SnapshotInfo; readonly from: NodeId } | undefined = undefined
  /** Where to begin, so that a source that gives rubbish is not always the first. */
  #rotation = 0
  #toldInTerm: Term = 0

  constructor(
    host: Host,
    shelf: SnapshotShelf | undefined,
    operations: Operations,
    canRestore: boolean,
  ) {
    this.#host = host
    this.#shelf = shelf
    this.#operations = operations
    this.#canRestore = canRestore && shelf !== undefined
  }

  /** The leader says that this node needs a snapshot of this mark, or a newer one. */
  offered(message: InstallSnapshot, incarnation: Incarnation | undefined): void {
    const status = this.#host.core.status()
    const { mark } = message
    if (message.term < status.term || mark.index <= status.commitIndex) {
      // Not needed, or not the leader's any more: the core knows what to say.
      this.#host.core.step({ type: 'message', message, ...known(incarnation) })
      return
    }
    if (this.#shelf === undefined || !this.#canRestore) {
      if (this.#toldInTerm !== message.term) {
        this.#toldInTerm = message.term
        this.#host.observe({ type: 'snapshotFailed', error: unable() })
      }
      return
    }
    this.#offer = { message, incarnation }
    const { newest } = this.#shelf
    if (newest !== undefined && newest.mark.index >= mark.index) {
      this.stop()
      this.#deliver(newest)
      return
    }
    const { clock, config } = this.#host
    if (this.#fetch !== undefined) {
      const isStuck = clock.now() - this.#fetch.progressAt > 2 * config.snapshotTimeoutMs
      // One that comes to its end is worth more than a newer one that has to begin.
      const isOther = mark.index > this.#fetch.index || message.from !== this.#leader
      if (!isStuck || !isOther) return
      this.stop()
    }
    // The one before may still be busy with the very same snapshot; the leader offers it again.
    if (this.#stopped?.isEnded !== false) this.#start(message, this.#shelf)
  }

  arrived(chunk: SnapshotChunk): void {
    this.#fetch?.take(chunk)
  }

  tick(now: number): void {
    const fetch = this.#fetch
    if (fetch === undefined) return
    // The log came another way.
    if (this.#host.core.status().commitIndex >= fetch.index) this.stop()
    else fetch.tick(now)
  }

  /** Where the snapshot of this mark came from; asked once. */
  takeSource(index: number): NodeId {
    const fetched = this.#fetched
    this.#fetched = undefined
    return fetched?.info.mark.index === index ? fetched.from : (this.#offer?.message.from ?? '')
  }

  stop(): void {
    if (this.#fetch === undefined) return
    this.#stopped = this.#fetch
    this.#fetch = undefined
    this.#stopped.stop()
  }

  #start(message: InstallSnapshot, shelf: SnapshotShelf): void {
    const sources = this.#sources(message)
    const { mark } = message
    this.#leader = message.from
    this.#host.heardOf(memberIds(mark.membership))
    this.#fetch = new SnapshotFetch(
      this.#host,
      shelf.store,
      this.#operations,
      mark.index,
      sources,
      {
        finished: (info, from) => {
          this.#fetch = undefined
          if (!this.#host.isRunning) return
          shelf.add(info)
          this.#fetched = { info, from }
          this.#deliver(info)
        },
        gaveUp: (error) => {
          this.#stopped = this.#fetch
          this.#fetch = undefined
          this.#rotation++
          this.#host.observe({ type: 'snapshotFailed', error })
        },
      },
    )
  }

  /** The leader has one, it said so. Any other member may; then the leader is spared, and asked last. */
  #sources(message: InstallSnapshot): readonly NodeId[] {
    const leader = message.from
    if (this.#host.config.snapshotSource === 'leader') return [leader]
    const others = memberIds(message.mark.membership).filter(
      (id) => id !== leader && id !== this.#host.id,
    )
    const at = others.length === 0 ? 0 : this.#rotation % others.length
    return [...others.slice(at), ...others.slice(0, at), leader]
  }

  /** With the mark of what was fetched, which may be newer than what was offered. */
  #deliver(info: SnapshotInfo): void {
    const offer = this.#offer
    if (offer === undefined) return
    const message: InstallSnapshot = { ...offer.message, mark: info.mark }
    this.#host.enqueue({ type: 'message', message, ...known(offer.incarnation) })
  }
}

function known(incarnation: Incarnation | undefined): { incarnation?: Incarnation } {
  return incarnation === undefined ? {} : { incarnation }
}

function unable(): RejectedError {
  return new RejectedError(
    'noSnapshots',
    'the leader offers a snapshot; taking it needs the option snapshots and a state machine with restore()',
  )
}
