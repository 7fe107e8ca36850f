/** One connection that was made to this node: a stranger's until its hello is accepted. */
import type { Lane, Timer } from '../ports.ts'
import type { Incarnation, NodeId } from '../types.ts'
import type { Shared } from './dialled.ts'
import { encodeFrame, FrameReader } from './frame.ts'
import {
  encodeAnswer,
  type Hello,
  LANES_VERSION,
  NEWEST_VERSION,
  type RefusalReason,
  readHello,
} from './handshake.ts'
import { KeepAlive } from './keep-alive.ts'
import type { ByteStream, StreamEnd, StreamHandlers } from './stream.ts'

/** What the transport does for its incoming connections. */
export interface Host {
  /** A peer, or one guest more or less. */
  mayEnter(id: NodeId): boolean
  /** It has said who it is. Once. */
  onAccepted(connection: Incoming, peer: NodeId): void
  onBatch(connection: Incoming, bytes: Uint8Array): void
  /** Once, also when it was never accepted. */
  onEnded(connection: Incoming, how: StreamEnd): void
}

const EMPTY = new Uint8Array(0)

export class Incoming implements StreamHandlers {
  readonly #shared: Shared
  readonly #host: Host
  readonly #stream: ByteStream
  readonly #reader: FrameReader
  readonly #timer: Timer
  #certifiedNames: readonly string[] | undefined
  #accepted: Hello | undefined
  #version = 0
  #hello: Uint8Array = EMPTY
  #keepAlive: KeepAlive | undefined
  #pongAt = 0
  #ended = false

  constructor(shared: Shared, host: Host, stream: ByteStream) {
    const { clock, limits } = shared
    this.#shared = shared
    this.#host = host
    this.#stream = stream
    this.#reader = new FrameReader(limits.maxBatchBytes)
    this.#timer = clock.setTimer(limits.connectTimeoutMs, () => {
      this.#end({ by: 'failure', detail: 'it did not say who it is' })
    })
  }

  /** Undefined until it was accepted. */
  get peer(): NodeId | undefined {
    return this.#accepted?.id
  }

  get lane(): Lane {
    return this.#accepted?.lane ?? 'normal'
  }

  /** It can be spoken with in lanes. */
  get hasLanes(): boolean {
    return this.#version >= LANES_VERSION
  }

  get incarnation(): Incarnation | undefined {
    return this.#accepted?.incarnation
  }

  onOpen(certifiedNames: readonly string[] | undefined): void {
    this.#certifiedNames = certifiedNames
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#ended) return
    this.#keepAlive?.heard()
    if (this.#accepted === undefined) this.#readHello(bytes)
    else this.#readFrames(bytes)
  }

  onClosed(how: StreamEnd): void {
    this.#end(how)
  }

  /** Another connection of the same peer has taken its place, or this node has done with it. */
  close(): void {
    this.#end({ by: 'failure', detail: 'closed here' })
  }

  #readHello(bytes: Uint8Array): void {
    this.#hello = Uint8Array.from([...this.#hello, ...bytes])
    const read = readHello(this.#hello)
    if (read.type === 'more') return
    if (read.type === 'refused') {
      this.#refuse(undefined, read.reason, read.detail)
      return
    }
    const { message: hello, version, rest } = read
    const wrong = this.#judge(hello)
    if (wrong !== undefined) {
      this.#refuse(hello.id, ...wrong)
      return
    }
    const { clock, limits, self } = this.#shared
    this.#timer.cancel()
    this.#hello = EMPTY
    this.#accepted = hello
    this.#version = version
    this.#stream.write(encodeAnswer(self, 'accepted', version))
    this.#keepAlive = new KeepAlive(
      clock,
      limits,
      () => {},
      () => this.#end({ by: 'failure', detail: `silent for ${limits.silentAfterMs} ms` }),
    )
    this.#host.onAccepted(this, hello.id)
    if (rest.length > 0) this.#readFrames(rest)
  }

  #judge(hello: Hello): [RefusalReason, string] | undefined {
    const { id, clusterId } = this.#shared.self
    if (hello.clusterId !== clusterId) {
      return ['otherCluster', `it is of cluster ${hello.clusterId}`]
    }
    if (hello.to !== id) return ['otherNode', `it looks for ${hello.to}`]
    const names = this.#certifiedNames
    if (names !== undefined && !names.includes(hello.id)) {
      return ['wrongCertificate', `its certificate names ${names.join(', ') || 'nobody'}`]
    }
    if (this.#host.mayEnter(hello.id)) return undefined
    return ['unknownPeer', `${hello.id} is not a peer, and there are guests enough`]
  }

  #refuse(peer: NodeId | undefined, reason: RefusalReason, detail: string): void {
    this.#shared.observe({ type: 'refused', by: 'us', peer, reason, detail })
    this.#stream.write(encodeAnswer(this.#shared.self, reason, NEWEST_VERSION))
    this.#stream.end()
    this.#end({ by: 'failure', detail: reason }, false)
  }

  #readFrames(bytes: Uint8Array): void {
    if (this.#ended) return
    const { clock, limits } = this.#shared
    let mustAnswer = clock.now() - this.#pongAt >= limits.keepAliveMs
    let unexpected: string | undefined
    const wrong = this.#reader.read(bytes, (kind, payload) => {
      if (kind === 'batch') this.#host.onBatch(this, payload)
      else if (kind === 'ping') mustAnswer = true
      else if (kind === 'bye') unexpected = 'closed by the peer, which lives on'
      else unexpected = `a ${kind} where none comes`
      return unexpected === undefined && !this.#ended
    })
    const detail = wrong ?? unexpected
    if (detail !== undefined) this.#end({ by: 'failure', detail })
    else if (mustAnswer && !this.#ended) this.#pong()
  }

  /** Also while a large batch is coming in: its sender shall see that it gets on. */
  #pong(): void {
    this.#pongAt = this.#shared.clock.now()
    if (this.#stream.waitingBytes === 0) this.#stream.write(encodeFrame('pong'))
  }

  #end(how: StreamEnd, destroy = true): void {
    if (this.#ended) return
    this.#ended = true
    this.#timer.cancel()
    this.#keepAlive?.stop()
    if (destroy) this.#stream.destroy()
    this.#host.onEnded(this, how)
  }
}
