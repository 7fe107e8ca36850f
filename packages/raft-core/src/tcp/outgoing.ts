/**
 * This node's way to one peer, for one lane. To a peer it is kept: made anew for as long as the
 * transport is open. To a guest, and for bulk, it is made on demand: when there is something to send,
 * until it has been idle for a while.
 */
import type { Lane, Timer } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { Dialled, type Refusal, type Shared } from './dialled.ts'
import { encodeFrame, FRAME_HEADER_BYTES } from './frame.ts'
import type { Answer } from './handshake.ts'
import type { LaneCounts, PeerCounts } from './observe.ts'

export class Outgoing {
  readonly #peer: NodeId
  readonly #lane: Lane
  readonly #shared: Shared
  readonly #counts: PeerCounts
  readonly #laneCounts: LaneCounts
  readonly #maxWaitingBytes: number
  #isKept: boolean
  #connection: Dialled | undefined
  /** Runs between a connection that failed and the next try. */
  #pause: Timer | undefined
  #backoffMs: number
  /** Frames that wait for a connection that is made on demand. */
  #held: Uint8Array[] = []
  #heldBytes = 0
  /** Undefined while no connection stands. */
  #openedAt: number | undefined
  #usedAt = 0
  #toldUnreachable = false
  /** Told once until something else is wrong, or nothing: it is tried again every second. */
  #toldRefusal: string | undefined
  #isClosed = false

  constructor(peer: NodeId, lane: Lane, isKept: boolean, shared: Shared, counts: PeerCounts) {
    const { limits } = shared
    this.#peer = peer
    this.#lane = lane
    this.#shared = shared
    this.#counts = counts
    this.#laneCounts = counts.lanes[lane]
    this.#maxWaitingBytes = lane === 'bulk' ? limits.maxBulkWaitingBytes : limits.maxWaitingBytes
    this.#backoffMs = limits.firstBackoffMs
    this.#isKept = isKept
    if (isKept) this.#dial()
  }

  get isOpen(): boolean {
    return this.#connection?.isOpen === true
  }

  /** The peer is connected to, and can be spoken with in lanes. */
  get hasLanes(): boolean {
    return this.#connection?.isOpen === true && this.#connection.hasLanes
  }

  get waitingBytes(): number {
    return this.#heldBytes + (this.#connection?.waitingBytes ?? 0)
  }

  /**
   * For a kept connection nothing waits until it stands: Raft repeats, and what is old by then nobody
   * wants. One made on demand would never send its first batch if it did not wait for that.
   */
  send(bytes: Uint8Array, maxWaitingBytes = this.#maxWaitingBytes): void {
    const counts = this.#counts
    if (bytes.length > this.#shared.limits.maxBatchBytes) {
      counts.drop('tooLarge', bytes.length)
    } else if (!this.isOpen && (this.#isKept || this.#pause !== undefined || this.#isClosed)) {
      counts.drop('notConnected', bytes.length)
    } else if (this.waitingBytes > 0 && this.waitingBytes + bytes.length > maxWaitingBytes) {
      counts.drop('waitingFull', bytes.length)
    } else this.#write(encodeFrame('batch', bytes), bytes.length)
  }

  /** From now on it is a peer's. */
  keep(): void {
    this.#isKept = true
    if (this.#connection === undefined && this.#pause === undefined) this.#dial()
  }

  /** The peer has just connected to this node: it is there, so there is nothing to wait for. */
  nudge(): void {
    if (this.#pause === undefined) return
    this.#pause.cancel()
    this.#goOn()
  }

  /** What was sent goes out if that is quick. `bye`: this node lives on, the peer has not lost it. */
  close(bye: boolean): void {
    this.#isClosed = true
    this.#pause?.cancel()
    this.#pause = undefined
    this.#dropHeld()
    this.#connection?.close(bye)
    this.#connection = undefined
  }

  #write(frame: Uint8Array, batchBytes: number): void {
    this.#usedAt = this.#shared.clock.now()
    if (this.isOpen) {
      this.#connection?.write(frame)
      this.#counts.sentBatches += 1
      this.#counts.sentBytes += batchBytes
      this.#laneCounts.sentBatches += 1
      return
    }
    this.#held.push(frame)
    this.#heldBytes += batchBytes
    if (this.#connection === undefined) this.#dial()
  }

  #dial(): void {
    const address = this.#shared.addressOf(this.#peer)
    if (address === undefined) {
      this.#ended('no address of it is known', undefined)
      return
    }
    this.#connection = new Dialled(this.#peer, this.#lane, address, this.#shared, {
      onOpened: (answer) => this.#opened(answer),
      onBeat: () => this.#restIfIdle(),
      onEnded: (detail, refusal) => this.#ended(detail, refusal),
    })
  }

  #opened({ incarnation }: Answer): void {
    const now = this.#shared.clock.now()
    this.#openedAt = now
    this.#usedAt = now
    this.#toldUnreachable = false
    this.#toldRefusal = undefined
    this.#counts.incarnation = incarnation
    this.#laneCounts.connections += 1
    const [peer, lane] = [this.#peer, this.#lane]
    this.#shared.observe({ type: 'connected', peer, direction: 'outgoing', lane, incarnation })
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const frame of held) this.#write(frame, batchBytesOf(frame))
  }

  #restIfIdle(): void {
    const { clock, limits, observe } = this.#shared
    if (this.#isKept || this.waitingBytes > 0) return
    if (clock.now() - this.#usedAt < limits.idleAfterMs) return
    this.#connection?.close(true)
    this.#connection = undefined
    this.#openedAt = undefined
    const [peer, lane, detail] = [this.#peer, this.#lane, 'idle']
    observe({ type: 'disconnected', peer, direction: 'outgoing', lane, detail })
  }

  /** The connection is gone, or could not be made; another one is tried after a pause. */
  #ended(detail: string, refusal: Refusal | undefined): void {
    if (this.#isClosed) return
    const { clock, limits, random } = this.#shared
    const openedAt = this.#openedAt
    if (refusal !== undefined) this.#tellRefusal(refusal)
    // One that lasted was good; those that fail at once are tried less and less often.
    if (openedAt !== undefined && clock.now() - openedAt >= limits.silentAfterMs) {
      this.#backoffMs = limits.firstBackoffMs
    }
    this.#connection = undefined
    this.#openedAt = undefined
    this.#dropHeld()
    const pauseMs = this.#backoffMs * (0.5 + random() / 2)
    this.#backoffMs = Math.min(2 * this.#backoffMs, limits.longestBackoffMs)
    this.#pause = clock.setTimer(pauseMs, () => this.#goOn())
    this.#tellEnd(openedAt !== undefined, detail)
  }

  #goOn(): void {
    this.#pause = undefined
    if (this.#isKept) this.#dial()
  }

  #tellRefusal({ by, reason, detail }: Refusal): void {
    const told = `${by} ${reason} ${detail}`
    if (told !== this.#toldRefusal) {
      this.#toldRefusal = told
      this.#shared.observe({ type: 'refused', by, peer: this.#peer, reason, detail })
    }
    // Somebody has to change a configuration first: that takes longer than any pause.
    this.#backoffMs = this.#shared.limits.longestBackoffMs
    this.#toldUnreachable = true
  }

  #tellEnd(wasOpen: boolean, detail: string): void {
    const { observe } = this.#shared
    const [peer, lane] = [this.#peer, this.#lane]
    if (wasOpen) observe({ type: 'disconnected', peer, direction: 'outgoing', lane, detail })
    else if (!this.#toldUnreachable) {
      this.#toldUnreachable = true
      observe({ type: 'unreachable', peer, detail })
    }
  }

  #dropHeld(): void {
    for (const frame of this.#held) this.#counts.drop('notConnected', batchBytesOf(frame))
    this.#held = []
    this.#heldBytes = 0
  }
}

function batchBytesOf(frame: Uint8Array): number {
  return frame.length - FRAME_HEADER_BYTES
}
