/** This node's connection to one peer: made, kept, and made anew for as long as the transport is open. */
import type { Clock, Random, Timer } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { encodeFrame, FrameReader } from './frame.ts'
import {
  type Answer,
  encodeHello,
  type Identity,
  type RefusalReason,
  readAnswer,
} from './handshake.ts'
import { KeepAlive } from './keep-alive.ts'
import type { PeerCounts, TcpEvent } from './observe.ts'
import type { TcpLimits } from './options.ts'
import type { Address, ByteStream, Dial } from './stream.ts'

/** What the connections of one transport share. */
export interface Shared {
  readonly self: Identity
  readonly limits: TcpLimits
  readonly clock: Clock
  readonly random: Random
  readonly dial: Dial
  observe(event: TcpEvent): void
}

const EMPTY = new Uint8Array(0)

export class Outgoing {
  readonly #peer: NodeId
  readonly #address: Address
  readonly #shared: Shared
  readonly #counts: PeerCounts
  #state: 'pausing' | 'dialing' | 'greeting' | 'open' | 'closed' = 'pausing'
  #stream: ByteStream | undefined
  /** Ends the pause, or the wait for a connection. */
  #timer: Timer | undefined
  #keepAlive: KeepAlive | undefined
  #backoffMs: number
  #openedAt = 0
  #toldUnreachable = false
  /** Told once until something else is wrong, or nothing: it is tried again every second. */
  #toldRefusal: string | undefined
  #answer: Uint8Array = EMPTY
  #reader: FrameReader

  constructor(peer: NodeId, address: Address, shared: Shared, counts: PeerCounts) {
    this.#peer = peer
    this.#address = address
    this.#shared = shared
    this.#counts = counts
    this.#backoffMs = shared.limits.firstBackoffMs
    this.#reader = new FrameReader(0)
    this.#dial()
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get waitingBytes(): number {
    return this.#state === 'open' ? (this.#stream?.waitingBytes ?? 0) : 0
  }

  /** Nothing waits for a connection: Raft repeats, and what is old by then nobody wants. */
  send(bytes: Uint8Array): void {
    const { maxBatchBytes, maxWaitingBytes } = this.#shared.limits
    const stream = this.#stream
    if (this.#state !== 'open' || stream === undefined) {
      this.#counts.drop('notConnected', bytes.length)
    } else if (bytes.length > maxBatchBytes) {
      this.#counts.drop('tooLarge', bytes.length)
    } else if (stream.waitingBytes > 0 && stream.waitingBytes + bytes.length > maxWaitingBytes) {
      this.#counts.drop('waitingFull', bytes.length)
    } else {
      stream.write(encodeFrame('batch', bytes))
      this.#counts.sentBatches += 1
      this.#counts.sentBytes += bytes.length
    }
  }

  /** The peer has just connected to this node: it is there, so there is nothing to wait for. */
  nudge(): void {
    if (this.#state !== 'pausing') return
    this.#timer?.cancel()
    this.#dial()
  }

  /** What was sent goes out if that is quick. */
  close(): void {
    const wasOpen = this.#state === 'open'
    const stream = this.#letGo()
    this.#state = 'closed'
    if (wasOpen) stream?.end()
    else stream?.destroy()
  }

  #dial(): void {
    const { clock, limits, dial } = this.#shared
    this.#state = 'dialing'
    this.#answer = EMPTY
    this.#timer = clock.setTimer(limits.connectTimeoutMs, () => {
      this.#fail(`no connection within ${limits.connectTimeoutMs} ms`)
    })
    this.#stream = dial(this.#address, {
      onOpen: (names) => this.#greet(names),
      onBytes: (bytes) => this.#receive(bytes),
      onClosed: ({ detail }) => this.#fail(detail),
    })
  }

  #greet(names: readonly string[] | undefined): void {
    if (names !== undefined && !names.includes(this.#peer)) {
      const detail = `its certificate names ${names.join(', ') || 'nobody'}`
      this.#refused('us', 'wrongCertificate', detail)
      return
    }
    this.#state = 'greeting'
    this.#stream?.write(encodeHello(this.#shared.self, this.#peer))
  }

  #receive(bytes: Uint8Array): void {
    this.#keepAlive?.heard()
    if (this.#state === 'open') this.#readFrames(bytes)
    else if (this.#state === 'greeting') this.#readAnswer(bytes)
    else this.#fail('it spoke before it was greeted')
  }

  #readAnswer(bytes: Uint8Array): void {
    this.#answer = Uint8Array.from([...this.#answer, ...bytes])
    const read = readAnswer(this.#answer)
    if (read.type === 'more') return
    if (read.type === 'refused') {
      this.#refused('us', read.reason, read.detail)
      return
    }
    const { verdict, clusterId, id } = read.message
    if (verdict !== 'accepted') {
      this.#refused('peer', verdict, `${id} of cluster ${clusterId} refused this node`)
    } else if (clusterId !== this.#shared.self.clusterId) {
      this.#refused('us', 'otherCluster', `it is of cluster ${clusterId}`)
    } else if (id !== this.#peer) this.#refused('us', 'otherNode', `it is ${id}`)
    else {
      this.#opened(read.message)
      if (read.rest.length > 0) this.#readFrames(read.rest)
    }
  }

  #opened({ incarnation }: Answer): void {
    const { clock, limits } = this.#shared
    this.#timer?.cancel()
    this.#state = 'open'
    this.#openedAt = clock.now()
    this.#toldUnreachable = false
    this.#toldRefusal = undefined
    this.#answer = EMPTY
    this.#reader = new FrameReader(0)
    this.#counts.connections += 1
    this.#counts.incarnation = incarnation
    const beat = () => {
      // Behind waiting batches it would tell nothing that their answer does not.
      if (this.#stream?.waitingBytes === 0) this.#stream.write(encodeFrame('ping'))
    }
    this.#keepAlive = new KeepAlive(clock, limits, beat, () => {
      this.#fail(`silent for ${limits.silentAfterMs} ms`)
    })
    const peer = this.#peer
    this.#shared.observe({ type: 'connected', peer, direction: 'outgoing', incarnation })
  }

  #readFrames(bytes: Uint8Array): void {
    let unexpected: string | undefined
    const wrong = this.#reader.read(bytes, (kind) => {
      if (kind !== 'pong') unexpected = `a ${kind} where only answers come`
      return unexpected === undefined
    })
    const detail = wrong ?? unexpected
    if (detail !== undefined) this.#fail(detail)
  }

  #refused(by: 'us' | 'peer', reason: RefusalReason, detail: string): void {
    const told = `${by} ${reason} ${detail}`
    if (told !== this.#toldRefusal) {
      this.#toldRefusal = told
      this.#shared.observe({ type: 'refused', by, peer: this.#peer, reason, detail })
    }
    // Somebody has to change a configuration first: that takes longer than any pause.
    this.#backoffMs = this.#shared.limits.longestBackoffMs
    this.#toldUnreachable = true
    this.#fail(reason)
  }

  /** Gives the connection up; another one is tried after a pause. */
  #fail(detail: string): void {
    if (this.#state === 'closed') return
    const { clock, limits, random, observe } = this.#shared
    const wasOpen = this.#state === 'open'
    this.#letGo()?.destroy()
    this.#state = 'pausing'
    // One that lasted was good; those that fail at once are tried less and less often.
    if (wasOpen && clock.now() - this.#openedAt >= limits.silentAfterMs) {
      this.#backoffMs = limits.firstBackoffMs
    }
    const pauseMs = this.#backoffMs * (0.5 + random() / 2)
    this.#backoffMs = Math.min(2 * this.#backoffMs, limits.longestBackoffMs)
    this.#timer = clock.setTimer(pauseMs, () => this.#dial())
    const peer = this.#peer
    if (wasOpen) observe({ type: 'disconnected', peer, direction: 'outgoing', detail })
    else if (!this.#toldUnreachable) {
      this.#toldUnreachable = true
      observe({ type: 'unreachable', peer, detail })
    }
  }

  #letGo(): ByteStream | undefined {
    const stream = this.#stream
    this.#timer?.cancel()
    this.#keepAlive?.stop()
    this.#stream = undefined
    this.#keepAlive = undefined
    return stream
  }
}
