import type { Lane, Random, Transport } from '../ports.ts'
import { randomStream } from '../testing/random.ts'
import type { NodeId } from '../types.ts'
import { textHash } from './digest.ts'
import type { Choice, FaultStream, Faults } from './faults.ts'
import type { Profile } from './profile.ts'
import type { Scheduler } from './scheduler.ts'

/** Sees every batch before it is sent: the place to check what a node promises. */
export type OnSend = (from: NodeId, to: NodeId, bytes: Uint8Array) => void

/** One direction between two nodes. */
interface Link {
  readonly to: NodeId
  readonly label: number
  readonly random: Random
  readonly faults: FaultStream
  readonly extraMs: number
  /** Nothing gets through before this moment. */
  cutUntil: number
}

/** A node in one of its lives, as the network sees it. */
interface Attachment {
  readonly transport: Transport
  /** Runs something of the node: later, when it stands still; never, when it is dead. */
  readonly enter: (label: number, run: () => void) => void
}

/** Directed links that lose, repeat, delay and reorder, and can be cut one by one. */
export class SimulatedNetwork {
  /** Messages that arrived. */
  delivered = 0
  readonly #scheduler: Scheduler
  readonly #profile: Profile
  readonly #seed: number
  readonly #faults: Faults
  readonly #onSend: OnSend
  readonly #attached = new Map<NodeId, Attachment>()
  readonly #links = new Map<NodeId, Map<NodeId, Link>>()
  #isCalm = false

  constructor(
    scheduler: Scheduler,
    profile: Profile,
    seed: number,
    faults: Faults,
    onSend: OnSend,
  ) {
    this.#scheduler = scheduler
    this.#profile = profile
    this.#seed = seed
    this.#faults = faults
    this.#onSend = onSend
  }

  /** Links a node's new life; messages under way to the life before are lost with it. */
  attach(id: NodeId, enter: Attachment['enter']): Transport {
    const transport: Transport = {
      send: (to, bytes, lane) => {
        if (this.#attached.get(id)?.transport === transport) this.#send(id, to, bytes, lane)
      },
      onReceive: undefined,
      onPeerLost: undefined,
    }
    this.#attached.set(id, { transport, enter })
    return transport
  }

  /** The node is gone. Its peers may notice that the stream closed. */
  detach(id: NodeId, peersNotice: boolean): void {
    this.#attached.delete(id)
    if (peersNotice) this.closeStreams(id)
  }

  /** The peers of a node learn that its stream closed, whether it lives on or not. */
  closeStreams(id: NodeId): void {
    for (const [other, attachment] of this.#attached) {
      if (other === id) continue
      const { label } = this.#link(id, other)
      this.#scheduler.after(1, label, () => {
        if (this.#attached.get(other) !== attachment) return
        attachment.enter(label, () => attachment.transport.onPeerLost?.(id))
      })
    }
  }

  /** Nothing gets from one to the other for so long. */
  cut(from: NodeId, to: NodeId, ms: number): void {
    const link = this.#link(from, to)
    link.cutUntil = Math.max(link.cutUntil, this.#scheduler.now + ms)
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.#link(from, to).cutUntil > this.#scheduler.now
  }

  /** From now on every message arrives, soon and in order. */
  calmDown(): void {
    this.#isCalm = true
    for (const links of this.#links.values()) for (const link of links.values()) link.cutUntil = 0
  }

  #send(from: NodeId, to: NodeId, bytes: Uint8Array, lane: Lane | undefined): void {
    this.#onSend(from, to, bytes)
    this.#scheduler.digest.bytes(bytes)
    const link = this.#link(from, to)
    // Drawn always, so that a fault more or less does not shift the delays of others.
    const delay = link.random()
    if (this.#isCalm) {
      this.#deliver(from, link, bytes, 0.5)
      return
    }
    const isSlow = lane === 'bulk'
    const usual = 0.2 + delay * delay * (isSlow ? 20 : 2) + link.extraMs
    const fault = link.faults.next((random) => this.#misfortune(random))
    if (fault?.kind === 'lose' || link.cutUntil > this.#scheduler.now) return
    const extra = fault?.kind === 'delay' ? (fault.ms ?? 0) : 0
    this.#deliver(from, link, bytes, usual + extra)
    if (fault?.kind === 'repeat') this.#deliver(from, link, bytes, usual + (fault.ms ?? 0))
  }

  #misfortune(random: Random): Choice | undefined {
    const { lossShare, repeatShare, lateShare, lateMs } = this.#profile
    const drawn = random()
    if (drawn < lossShare) return { kind: 'lose' }
    if (drawn < lossShare + repeatShare) return { kind: 'repeat', ms: 1 + random() * lateMs }
    if (drawn < lossShare + repeatShare + lateShare) return { kind: 'delay', ms: random() * lateMs }
    return undefined
  }

  #deliver(from: NodeId, { to, label }: Link, bytes: Uint8Array, delayMs: number): void {
    const receiver = this.#attached.get(to)
    if (receiver === undefined) return
    // A copy: whoever changes or keeps bytes must not reach across the network.
    const copy = bytes.slice()
    const arrive = (): void => {
      if (this.#attached.get(to) !== receiver) return
      this.delivered++
      receiver.transport.onReceive?.(from, copy)
    }
    this.#scheduler.after(delayMs, label, () => {
      if (this.#attached.get(to) === receiver) receiver.enter(label, arrive)
    })
  }

  #link(from: NodeId, to: NodeId): Link {
    let links = this.#links.get(from)
    if (links === undefined) {
      links = new Map()
      this.#links.set(from, links)
    }
    let link = links.get(to)
    if (link === undefined) {
      const name = `${from}→${to}`
      const random = randomStream(this.#seed, `net ${name}`)
      const { slowLinkShare, slowLinkMs } = this.#profile
      const extraMs = random() < slowLinkShare ? random() * slowLinkMs : 0
      const faults = this.#faults.stream(`net ${name}`)
      link = { to, label: textHash(`deliver ${name}`), random, faults, extraMs, cutUntil: 0 }
      links.set(to, link)
    }
    return link
  }
}
