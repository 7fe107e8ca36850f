import type http2 from 'node:http2'
import { Code, ConnectError, createContextKey } from '@connectrpc/connect'
import { EnvelopeReader, TooLargeError } from '../peers/envelope.ts'
import type { HttpRequest } from './handler.ts'

/** What its reader wants to hear of a call's messages. */
export interface WireListener {
  message(bytes: Buffer): void
  /** There are no more; with an error: what came is none. */
  end(error?: unknown): void
  /** The stream is closed; nobody hears anything more. */
  gone(): void
  /** After `write` has said that there is no room: there is some again. */
  room(): void
}

/**
 * The messages of a call as bytes, past Connect's chains of iterables, which cost more than a small message. Connect begins
 * the call and ends it: its service takes the wire instead of the messages, and returns or throws when it is done.
 */
export interface CallWire {
  /** Once, when the answer's first message has gone out by Connect. */
  listen(listener: WireListener): void
  pause(): void
  resume(): void
  /** Of a frame of bytes that begins with `headBytes` for the wire's own use. False: wait for `room`. */
  write(frame: Uint8Array): boolean
}

/** What the wire puts before a message: flags and its length, in the protocols of Connect and gRPC alike. */
export const headBytes = 5

/** Undefined where a call is not carried by messages of binary protobuf, as they are, in a stream of HTTP/2. */
export const callWireKey = createContextKey<() => CallWire | undefined>(() => undefined, {
  description: "the messages of a call as bytes, past Connect's iterables",
})

const types: ReadonlySet<string> = new Set([
  'application/connect+proto',
  ...['application/grpc', 'application/grpc+proto'],
  ...['application/grpc-web', 'application/grpc-web+proto'],
])

/** Connect sees to what they say. */
const notWith = [
  ...['content-encoding', 'connect-content-encoding', 'grpc-encoding'],
  ...['connect-timeout-ms', 'grpc-timeout'],
]

/** @param maxBytes of one message */
export function callWireOf(request: HttpRequest, maxBytes: number): CallWire | undefined {
  if (!('stream' in request) || !types.has(request.headers['content-type'] ?? '')) return undefined
  if (notWith.some((name) => request.headers[name] !== undefined)) return undefined
  return new Http2Wire(request.stream, maxBytes)
}

class Http2Wire implements CallWire {
  readonly #stream: http2.ServerHttp2Stream
  readonly #reader: EnvelopeReader

  constructor(stream: http2.ServerHttp2Stream, maxBytes: number) {
    this.#stream = stream
    this.#reader = new EnvelopeReader(maxBytes)
  }

  listen(listener: WireListener): void {
    let isOver = false
    const end = (error?: unknown): void => {
      if (isOver) return
      isOver = true
      listener.end(error)
    }
    const stream = this.#stream
    if (stream.destroyed) process.nextTick(() => listener.gone())
    else stream.once('close', () => listener.gone())
    stream.on('drain', () => listener.room())
    stream.on('end', () => {
      end(this.#reader.isBetween ? undefined : unreadable('the last message is cut off'))
    })
    stream.on('data', (piece: Buffer) => {
      if (isOver) return
      try {
        for (const { flags, message } of this.#reader.take(piece)) {
          if (flags !== 0) throw unreadable(`a message has the flags ${flags}`)
          listener.message(message)
        }
      } catch (error) {
        end(connectError(error))
      }
    })
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  write(frame: Uint8Array): boolean {
    const stream = this.#stream
    // Nobody is there any more: the call's signal says so.
    if (stream.destroyed || stream.writableEnded) return true
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length)
    bytes[0] = 0
    bytes.writeUInt32BE(frame.length - headBytes, 1)
    return stream.write(bytes)
  }
}

function connectError(error: unknown): unknown {
  return error instanceof TooLargeError
    ? new ConnectError(error.message, Code.ResourceExhausted)
    : error
}

const unreadable = (message: string): ConnectError =>
  new ConnectError(message, Code.InvalidArgument)
