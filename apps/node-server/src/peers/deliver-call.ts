import net from 'node:net'
import tls from 'node:tls'
import type { Lane } from '@quorail/raft-core'
import type { PeerSelf } from '../host/types.ts'
import {
  contentOf,
  type Frame,
  FrameReader,
  frameFlag,
  frameHead,
  frameOf,
  frameType,
  headerBlock,
  preface,
  setting,
  settingsIn,
  statusOf,
  usualFrameBytes,
  usualWindowBytes,
} from './client-frames.ts'
import { deliverEnvelope, EnvelopeReader, errorIn } from './envelope.ts'
import { helloHeaders } from './hello.ts'
import type { PeerOutbox } from './outbox.ts'
import { refusedByPeer } from './peer-refusals.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

export interface DeliverCallOptions {
  readonly url: string
  readonly from: string
  readonly outbox: PeerOutbox
  readonly lane: Lane
  /** What this node says of itself; looked at when the stream is opened. */
  readonly self?: (() => PeerSelf | undefined) | undefined
  readonly secure?: tls.ConnectionOptions | undefined
}

export interface DeliverCall {
  /** Why it ended in good order; rejects with what broke it. */
  readonly ended: Promise<string>
  /** What it goes over, with TLS; undefined when that is gone. */
  socket(): tls.TLSSocket | undefined
  /** Batches of it wait, or one is on its way. */
  isSending(): boolean
  /** What the connection has taken so far. */
  sentBytes(): number
  /** There is nothing to send any more: it is over, in good order. */
  rest(): void
  /** Ends it at once, with the connection. */
  end(reason: Error): void
}

/** The answer is empty, or an error in words. */
const maxAnswerBytes = 64 * 1_024
/** What is copied to go out in one piece. */
const smallBytes = 16 * 1_024
const callStream = 1
/** How a stream of HTTP/2 ends when nothing is wrong: it is over, or is not wanted any more. */
const harmless = new Set([0, 8])

/**
 * `PeerService.Deliver` on a connection of its own, as Connect's protocol has it, in frames of HTTP/2 that are written to the
 * socket by hand: a message of Raft's is on its way before the turn that made it goes on, and
 * goes through no chain of iterables and no queue of a session. The other end is Node's HTTP/2.
 */
export function openDeliverCall(options: DeliverCallOptions): DeliverCall {
  const call = new Call(options)
  return {
    ended: call.ended,
    end: (reason) => call.end(reason),
    rest: () => call.rest(),
    socket: () => call.socket,
    isSending: () => call.isSending,
    sentBytes: () => call.sentBytes,
  }
}

class Call {
  readonly ended: Promise<string>
  sentBytes = 0
  readonly #options: DeliverCallOptions
  readonly #socket: net.Socket
  readonly #frames = new FrameReader()
  readonly #answer = new EnvelopeReader(maxAnswerBytes)
  /** Of an envelope that is being sent: what has not gone out. */
  #pieces: Uint8Array[] = []
  #isOpen = false
  #mustDrain = false
  #hasAnswer = false
  #connectionWindow = usualWindowBytes
  #streamWindow = usualWindowBytes
  #firstWindow = usualWindowBytes
  #frameBytes = usualFrameBytes
  #resolve: (reason: string) => void = () => undefined
  #reject: (reason: Error) => void = () => undefined

  constructor(options: DeliverCallOptions) {
    this.#options = options
    const { url, secure, outbox } = options
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const { hostname, port, protocol } = new URL(url)
    // An address of IPv6 stands in brackets.
    const host = hostname.replace(/^\[|\]$/g, '')
    const to = { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) }
    this.#socket =
      secure === undefined
        ? net.connect({ ...to, noDelay: true })
        : tls.connect({
            ...secure,
            ...to,
            ALPNProtocols: ['h2'],
            ...(net.isIP(host) === 0 && { servername: host }),
          })
    const socket = this.#socket
    // With TLS not before it is known who answers.
    socket.once(secure === undefined ? 'connect' : 'secureConnect', () => this.#begin())
    socket.on('data', (piece: Buffer) => this.#read(piece))
    socket.on('drain', () => {
      this.#mustDrain = false
      this.#send()
    })
    socket.on('error', (error) => this.end(error))
    socket.on('close', () => this.end(new Error('the connection is closed')))
    outbox.onPush = () => this.#send()
  }

  get socket(): tls.TLSSocket | undefined {
    const socket = this.#socket
    return socket.destroyed || !(socket instanceof tls.TLSSocket) ? undefined : socket
  }

  get isSending(): boolean {
    return this.#pieces.length > 0 || this.#options.outbox.size > 0 || this.#mustDrain
  }

  rest(): void {
    this.#stop()
    this.#resolve('idle')
  }

  end(reason: Error): void {
    this.#stop()
    this.#reject(reason)
  }

  #stop(): void {
    this.#isOpen = false
    this.#options.outbox.onPush = undefined
    this.#socket.destroy()
  }

  #begin(): void {
    const { url, from, lane, self } = this.#options
    const { host, protocol } = new URL(url)
    const headers = headerBlock({
      ':method': 'POST',
      ':scheme': protocol.slice(0, -1),
      ':authority': host,
      ':path': deliverPath,
      'content-type': deliverType,
      'connect-protocol-version': '1',
      [nodeHeader]: from,
      ...helloHeaders(lane, self?.()),
    })
    this.#socket.setNoDelay(true)
    this.#socket.write(
      Buffer.concat([
        preface,
        frameOf(frameType.settings, 0, 0),
        frameOf(frameType.headers, frameFlag.endHeaders, callStream, headers),
      ]),
    )
    this.#isOpen = true
    this.#send()
  }

  /** As much as the connection and the other end take. */
  #send(): void {
    while (this.#isOpen && !this.#mustDrain) {
      if (this.#pieces.length === 0) {
        const batch = this.#options.outbox.take()
        if (batch === undefined) return
        this.#pieces = [...deliverEnvelope(batch)]
      }
      const [piece = new Uint8Array(), ...more] = this.#pieces
      const room = Math.min(this.#frameBytes, this.#connectionWindow, this.#streamWindow)
      if (room <= 0) return
      const part = piece.subarray(0, room)
      this.#pieces = part.length === piece.length ? more : [piece.subarray(room), ...more]
      this.#connectionWindow -= part.length
      this.#streamWindow -= part.length
      this.sentBytes += part.length
      this.#mustDrain = !this.#write(part)
    }
  }

  #write(part: Uint8Array): boolean {
    const socket = this.#socket
    if (part.length <= smallBytes) return socket.write(frameOf(frameType.data, 0, callStream, part))
    socket.cork()
    socket.write(frameHead(part.length, frameType.data, 0, callStream))
    const hasRoom = socket.write(part)
    socket.uncork()
    return hasRoom
  }

  #read(piece: Buffer): void {
    try {
      for (const frame of this.#frames.take(piece)) this.#take(frame)
    } catch (error) {
      this.end(new Error('the peer answers with what is no answer', { cause: error }))
    }
  }

  #take(frame: Frame): void {
    const { type, flags, payload, stream } = frame
    const isAck = (flags & frameFlag.ack) !== 0
    if (type === frameType.settings && !isAck) this.#settle(payload)
    else if (type === frameType.ping && !isAck)
      this.#socket.write(frameOf(frameType.ping, frameFlag.ack, 0, payload))
    else if (type === frameType.windowUpdate) this.#widen(stream, payload.readUInt32BE(0))
    else if (type === frameType.goAway) this.end(new Error('the peer closes the connection'))
    else if (stream === callStream) this.#takeAnswer(frame)
  }

  #settle(payload: Buffer): void {
    const settings = settingsIn(payload)
    const firstWindow = settings.get(setting.initialWindow) ?? this.#firstWindow
    this.#streamWindow += firstWindow - this.#firstWindow
    this.#firstWindow = firstWindow
    this.#frameBytes = settings.get(setting.frameBytes) ?? this.#frameBytes
    this.#socket.write(frameOf(frameType.settings, frameFlag.ack, 0))
    this.#send()
  }

  #widen(stream: number, by: number): void {
    if (stream === 0) this.#connectionWindow += by
    else this.#streamWindow += by
    this.#send()
  }

  /** Whoever refuses the call says why; who only ends it has said nothing. */
  #takeAnswer(frame: Frame): void {
    const { type, flags, payload } = frame
    if (type === frameType.reset) {
      const code = payload.readUInt32BE(0)
      if (harmless.has(code)) this.#over()
      else this.end(new Error(`the peer has ended the stream with the code ${code} of HTTP/2`))
      return
    }
    if (type === frameType.headers && !this.#hasAnswer) {
      this.#hasAnswer = true
      const status = statusOf(contentOf(frame))
      if (status !== 200)
        this.end(new Error(`the peer answers with the status ${status ?? 'of an error'} of HTTP`))
    }
    if (type === frameType.data) {
      for (const envelope of this.#answer.take(contentOf(frame))) {
        const error = errorIn(envelope)
        if (error !== undefined) this.end(refusedByPeer(error) ?? new Error(error))
      }
    }
    const ends = type === frameType.data || type === frameType.headers
    if (ends && (flags & frameFlag.endStream) !== 0) this.#over()
  }

  #over(): void {
    this.#stop()
    this.#resolve('the peer ended the stream')
  }
}
