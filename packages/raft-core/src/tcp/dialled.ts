/** One connection that this node makes, from dialling to its end. */
import type { Clock, Lane, Random, Timer } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { encodeFrame, FrameReader } from './frame.ts'
import {
  type Answer,
  encodeHello,
  type Identity,
  LANES_VERSION,
  type RefusalReason,
  readAnswer,
} from './handshake.ts'
import { KeepAlive } from './keep-alive.ts'
import type { TcpEvent } from './observe.ts'
import type { TcpLimits } from './options.ts'
import type { Address, ByteStream, Dial } from './stream.ts'

/** What the connections of one transport share. */
export interface Shared {
  readonly self: Identity
  readonly limits: TcpLimits
  readonly clock: Clock
  readonly random: Random
  readonly dial: Dial
  /** Where a node listens, if that is known. Asked anew for each try. */
  addressOf(id: NodeId): Address | undefined
  observe(event: TcpEvent): void
}

export interface Refusal {
  /** `us`: this node would not speak to the other. */
  readonly by: 'us' | 'peer'
  readonly reason: RefusalReason
  readonly detail: string
}

/** What becomes of the connection. Nothing is told after `close`, nor after `onEnded`. */
export interface DialledHandlers {
  /** Batches may be sent from now on. */
  onOpened(answer: Answer): void
  /** It lives: told about every `keepAliveMs` while it is open. */
  onBeat(): void
  /** Once. With `refusal`: it was never opened, and somebody has to change something first. */
  onEnded(detail: string, refusal: Refusal | undefined): void
}

const EMPTY = new Uint8Array(0)

export class Dialled {
  readonly #peer: NodeId
  readonly #lane: Lane
  readonly #shared: Shared
  readonly #handlers: DialledHandlers
  #state: 'dialing' | 'greeting' | 'open' | 'ended' = 'dialing'
  readonly #stream: ByteStream
  readonly #timer: Timer
  readonly #reader = new FrameReader(0)
  #keepAlive: KeepAlive | undefined
  #answer: Uint8Array = EMPTY
  #version = 0

  constructor(
    peer: NodeId,
    lane: Lane,
    address: Address,
    shared: Shared,
    handlers: DialledHandlers,
  ) {
    this.#peer = peer
    this.#lane = lane
    this.#shared = shared
    this.#handlers = handlers
    const { clock, limits, dial } = shared
    this.#timer = clock.setTimer(limits.connectTimeoutMs, () => {
      this.#end(`no connection within ${limits.connectTimeoutMs} ms`)
    })
    this.#stream = dial(address, {
      onOpen: (names) => this.#greet(names),
      onBytes: (bytes) => this.#receive(bytes),
      onClosed: ({ detail }) => this.#end(detail),
    })
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Known once it is open. */
  get hasLanes(): boolean {
    return this.#version >= LANES_VERSION
  }

  get waitingBytes(): number {
    return this.#state === 'open' ? this.#stream.waitingBytes : 0
  }

  /** Only while it is open. */
  write(frame: Uint8Array): void {
    this.#stream.write(frame)
  }

  /** What was written goes out if that is quick. `bye`: tells the other that this node lives on. */
  close(bye: boolean): void {
    const wasOpen = this.#state === 'open'
    if (!this.#letGo()) return
    if (wasOpen && bye && this.hasLanes) this.#stream.write(encodeFrame('bye'))
    if (wasOpen) this.#stream.end()
    else this.#stream.destroy()
  }

  #greet(names: readonly string[] | undefined): void {
    if (names !== undefined && !names.includes(this.#peer)) {
      const detail = `its certificate names ${names.join(', ') || 'nobody'}`
      this.#refuse('us', 'wrongCertificate', detail)
      return
    }
    this.#state = 'greeting'
    this.#stream.write(encodeHello(this.#shared.self, this.#peer, this.#lane))
  }

  #receive(bytes: Uint8Array): void {
    this.#keepAlive?.heard()
    if (this.#state === 'open') this.#readFrames(bytes)
    else if (this.#state === 'greeting') this.#readAnswer(bytes)
    else this.#end('it spoke before it was greeted')
  }

  #readAnswer(bytes: Uint8Array): void {
    this.#answer = Uint8Array.from([...this.#answer, ...bytes])
    const read = readAnswer(this.#answer)
    if (read.type === 'more') return
    if (read.type === 'refused') {
      this.#refuse('us', read.reason, read.detail)
      return
    }
    const { verdict, clusterId, id } = read.message
    if (verdict !== 'accepted') {
      this.#refuse('peer', verdict, `${id} of cluster ${clusterId} refused this node`)
    } else if (clusterId !== this.#shared.self.clusterId) {
      this.#refuse('us', 'otherCluster', `it is of cluster ${clusterId}`)
    } else if (id !== this.#peer) this.#refuse('us', 'otherNode', `it is ${id}`)
    else {
      this.#open(read.message)
      if (read.rest.length > 0) this.#readFrames(read.rest)
    }
  }

  #open(answer: Answer): void {
    const { clock, limits } = this.#shared
    this.#timer.cancel()
    this.#state = 'open'
    this.#version = answer.version
    this.#answer = EMPTY
    const beat = () => {
      // Behind waiting batches it would tell nothing that their answer does not.
      if (this.#stream.waitingBytes === 0) this.#stream.write(encodeFrame('ping'))
      this.#handlers.onBeat()
    }
    this.#keepAlive = new KeepAlive(clock, limits, beat, () => {
      this.#end(`silent for ${limits.silentAfterMs} ms`)
    })
    this.#handlers.onOpened(answer)
  }

  #readFrames(bytes: Uint8Array): void {
    let unexpected: string | undefined
    const wrong = this.#reader.read(bytes, (kind) => {
      if (kind !== 'pong') unexpected = `a ${kind} where only answers come`
      return unexpected === undefined
    })
    const detail = wrong ?? unexpected
    if (detail !== undefined) this.#end(detail)
  }

  #refuse(by: 'us' | 'peer', reason: RefusalReason, detail: string): void {
    this.#end(reason, { by, reason, detail })
  }

  #end(detail: string, refusal?: Refusal): void {
    if (!this.#letGo()) return
    this.#stream.destroy()
    this.#handlers.onEnded(detail, refusal)
  }

  /** False if it has ended already. */
  #letGo(): boolean {
    if (this.#state === 'ended') return false
    this.#state = 'ended'
    this.#timer.cancel()
    this.#keepAlive?.stop()
    return true
  }
}
