import type { Random, Transport } from '../ports.ts'
import { randomStream } from '../testing/random.ts'
import type { NodeId } from '../types.ts'
import type { Profile } from './profile.ts'
import type { Scheduler } from './scheduler.ts'

/** Sees every batch before it is sent: the place to check what a node promises. */
export type OnSend = (from: NodeId, to: NodeId, bytes: Uint8Array) => void

/** Directed links that lose, repeat, delay and reorder, and can be cut one by one. */
export class SimulatedNetwork {
  readonly #scheduler: Scheduler
  readonly #profile: Profile
  readonly #seed: number
  readonly #onSend: OnSend
  readonly #receivers = new Map<NodeId, Transport>()
  readonly #cut = new Set<string>()
  readonly #streams = new Map<string, Random>()
  #isCalm = false

  constructor(scheduler: Scheduler, profile: Profile, seed: number, onSend: OnSend) {
    this.#scheduler = scheduler
    this.#profile = profile
    this.#seed = seed
    this.#onSend = onSend
  }

  /** Links a node's new life; messages under way to the life before are lost with it. */
  attach(id: NodeId): Transport {
    const transport: Transport = {
      send: (to, bytes) => {
        if (this.#receivers.get(id) === transport) this.#send(id, to, bytes)
      },
      onReceive: undefined,
      onPeerLost: undefined,
    }
    this.#receivers.set(id, transport)
    return transport
  }

  /** The node is gone. Its peers may notice that the stream closed. */
  detach(id: NodeId, peersNotice: boolean): void {
    this.#receivers.delete(id)
    if (peersNotice) this.closeStreams(id)
  }

  /** The peers of a node learn that its stream closed, whether it lives on or not. */
  closeStreams(id: NodeId): void {
    for (const [other, transport] of this.#receivers) {
      if (other === id) continue
      this.#scheduler.after(1, `peerLost ${other}`, () => {
        if (this.#receivers.get(other) === transport) transport.onPeerLost?.(id)
      })
    }
  }

  cut(from: NodeId, to: NodeId): void {
    this.#cut.add(link(from, to))
  }

  reconnect(): void {
    this.#cut.clear()
  }

  /** From now on every message arrives, soon and in order. */
  calmDown(): void {
    this.#isCalm = true
    this.reconnect()
  }

  #send(from: NodeId, to: NodeId, bytes: Uint8Array): void {
    this.#onSend(from, to, bytes)
    this.#scheduler.digest.bytes(bytes)
    const random = this.#stream(link(from, to))
    // Always the same number of draws, so that one fault does not shift the next.
    const [loss, duplicate, late, delay, lateness] = [1, 2, 3, 4, 5].map(() => random()) as [
      number,
      number,
      number,
      number,
      number,
    ]
    if (this.#isCalm) {
      this.#deliver(from, to, bytes, 0.5)
      return
    }
    const { lossShare, duplicateShare, lateShare, lateMs } = this.#profile
    if (loss < lossShare || this.#cut.has(link(from, to))) return
    const extra = late < lateShare ? lateness * lateMs : 0
    this.#deliver(from, to, bytes, 0.2 + delay * delay * 2 + extra)
    if (duplicate < duplicateShare) this.#deliver(from, to, bytes, 1 + lateness * lateMs)
  }

  #deliver(from: NodeId, to: NodeId, bytes: Uint8Array, delayMs: number): void {
    const receiver = this.#receivers.get(to)
    // A copy: whoever changes or keeps bytes must not reach across the network.
    const copy = bytes.slice()
    this.#scheduler.after(delayMs, `deliver ${from} ${to}`, () => {
      if (receiver !== undefined && this.#receivers.get(to) === receiver) {
        receiver.onReceive?.(from, copy)
      }
    })
  }

  #stream(name: string): Random {
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = randomStream(this.#seed, `net ${name}`)
      this.#streams.set(name, stream)
    }
    return stream
  }
}

function link(from: NodeId, to: NodeId): string {
  return `${from}→${to}`
}
